package dev.lair.server.search;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.Feature;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitSource;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A registry with all of WASI, each package in each release, and the real components of the shared corpus. Those have no names
 * of their own: {@code env-allow.composed.wasm} is {@code corpus:env-allow}, version 1.0.0.
 */
final class SharedRegistry {

    private static final Path SHARED =
            Path.of("..", "..", "shared").toAbsolutePath().normalize();

    private SharedRegistry() {}

    static OpenSearch open() throws Exception {
        require(SHARED.resolve("wit"));
        require(SHARED.resolve("corpus").resolve("real"));
        String gated = Arrays.stream(Feature.values())
                .filter(feature -> !feature.isStable())
                .map(Feature::label)
                .collect(Collectors.joining(","));
        OpenSearch search = new OpenSearch("publish.features", gated);
        wasi(search);
        components(search);
        search.follow();
        return search;
    }

    private static void require(Path folder) {
        String skipped = "SKIPPED: nothing to search at " + folder;
        if (!Files.isDirectory(folder)) {
            System.err.println(skipped);
        }
        assumeTrue(Files.isDirectory(folder), skipped);
    }

    private static void wasi(OpenSearch search) throws Exception {
        List<Path> releases = entries(SHARED.resolve("wit")).stream()
                .filter(each -> SemanticVersion.tryParse(name(each)).isPresent())
                .sorted(Comparator.comparing(each -> SemanticVersion.parse(name(each))))
                .toList();
        for (Path release : releases) {
            // In 0.2.4 http is the one of 0.2.3 once more.
            List<Path> packages = entries(release).stream()
                    .filter(each ->
                            !name(release).equals("0.2.4") || !name(each).equals("http"))
                    .toList();
            for (Path folder : packages) {
                search.release("wasi:" + name(folder), name(release), encoded(folder, packages));
            }
        }
        Path extra = SHARED.resolve("wit").resolve("extra");
        search.release(
                "wasi:config",
                "0.2.0-rc.1",
                encoded(extra.resolve("config-0.2.0-rc.1"), entries(SHARED.resolve("wit/0.2.12"))));
        search.release(
                "wasi:tls",
                "0.2.0-draft",
                encoded(extra.resolve("tls-0.2.0-draft"), entries(SHARED.resolve("wit/0.2.12"))));
    }

    private static byte[] encoded(Path main, List<Path> others) throws IOException {
        WitResolver resolver = new WitResolver(Features.ALL);
        for (Path other : others) {
            if (!other.equals(main)) {
                resolver = resolver.with(group(other));
            }
        }
        try {
            return WitEncoder.encode(resolver.resolve(group(main)), new EncodeOptions(true, "test", "1"));
        } catch (WitException e) {
            throw new IllegalArgumentException(e.rendered(), e);
        }
    }

    private static SourceGroup group(Path folder) throws IOException {
        List<WitSource> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> name(each).endsWith(".wit")).sorted().toList()) {
                sources.add(new WitSource(name(file), Files.readString(file)));
            }
        }
        return new SourceGroup(name(folder), sources);
    }

    private static void components(OpenSearch search) throws Exception {
        try (Stream<Path> all = Files.list(SHARED.resolve("corpus").resolve("real"))) {
            for (Path file :
                    all.filter(each -> name(each).endsWith(".wasm")).sorted().toList()) {
                String name = name(file)
                        .replaceFirst("\\.wasm$", "")
                        .replaceFirst("\\.(component|composed)$", "")
                        .replace('_', '-');
                search.release("corpus:" + name, "1.0.0", Files.readAllBytes(file));
            }
        }
    }

    private static List<Path> entries(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
