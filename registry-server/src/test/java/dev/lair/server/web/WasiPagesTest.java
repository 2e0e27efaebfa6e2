package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import dev.lair.registry.api.ApiPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Real packages: WASI as it was released, when its texts lie beside the checkout. */
class WasiPagesTest extends ReadingTest {

    /** Each after those that it refers to. */
    private static final List<String> ORDER = List.of("io", "random", "clocks", "filesystem", "sockets", "cli", "http");

    private static Path texts() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("component-model"))) {
            folder = folder.getParent();
        }
        Path wit = Objects.requireNonNull(folder).resolveSibling("shared").resolve("wit");
        String skipped = "SKIPPED: no WASI packages at " + wit;
        if (!Files.isDirectory(wit)) {
            System.err.println(skipped);
        }
        assumeTrue(Files.isDirectory(wit), skipped);
        return wit;
    }

    private static SourceGroup group(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<WitSource> sources = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".wit"))
                    .sorted()
                    .toList()) {
                sources.add(new WitSource(String.valueOf(file.getFileName()), Files.readString(file)));
            }
            return new SourceGroup(String.valueOf(folder.getFileName()), sources);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The packages of a version of WASI, in the order in which they can be published. */
    static List<Map.Entry<String, byte[]>> packages(Path release) {
        List<Map.Entry<String, byte[]>> built = new ArrayList<>();
        for (String name : ORDER) {
            if (Files.isDirectory(release.resolve(name))) {
                WitResolver resolver = new WitResolver(Features.ALL);
                for (String other : ORDER) {
                    if (!other.equals(name) && Files.isDirectory(release.resolve(other))) {
                        resolver = resolver.with(group(release.resolve(other)));
                    }
                }
                try {
                    Resolved resolved = resolver.resolve(group(release.resolve(name)));
                    built.add(Map.entry(
                            resolved.main().name().toString(),
                            WitEncoder.encode(resolved, new EncodeOptions(true, "test", "1"))));
                } catch (WitException e) {
                    throw new AssertionError(e.rendered(), e);
                }
            }
        }
        return built;
    }

    @Test
    void everyPageOfWasiIsWithinTheBudgetAndNoLinkLeadsNowhere() {
        Path texts = texts();
        String token = session(account(unique("wasi")));
        post(ApiPaths.NAMESPACES, token, Map.of("name", "wasi")).json(201);
        for (String release : List.of("0.2.0", "0.2.8", "0.3.0")) {
            for (Map.Entry<String, byte[]> each : packages(texts.resolve(release))) {
                int at = each.getKey().indexOf('@');
                release(token, each.getKey().substring(0, at), each.getKey().substring(at + 1), each.getValue());
            }
        }

        Deque<String> next =
                new ArrayDeque<>(List.of("/wasi:http@0.2.8", "/wasi:cli@0.3.0", "/wasi:http/diff/0.2.0...0.2.8"));
        Set<String> seen = new HashSet<>(next);
        List<String> missing = new ArrayList<>();
        int items = 0;
        while (!next.isEmpty()) {
            String path = next.poll();
            if (path.startsWith("/package/") || path.startsWith("/proof/") || path.startsWith("/api/")) {
                fetch(path);
                continue;
            }
            Document page = page(path);
            items += path.contains("/docs/") ? 1 : 0;
            // Another version may lack an item; its page says so, and is not found.
            page.select(".switch").remove();
            for (String href : page.select("main a").eachAttr("href")) {
                int fragment = href.indexOf('#');
                if (fragment == 0) {
                    if (page.getElementById(href.substring(1)) == null) {
                        missing.add(path + " to " + href);
                    }
                    continue;
                }
                String to = fragment < 0 ? href : href.substring(0, fragment);
                // Namespaces have a page of another room.
                if (to.startsWith("/") && !to.startsWith("/n/") && seen.add(to)) {
                    next.add(to);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(items).isGreaterThan(60);
    }
}
