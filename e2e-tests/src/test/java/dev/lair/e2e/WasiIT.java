package dev.lair.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * All packages of WASI 0.2.0 to 0.2.12 and 0.3.0 go into a registry, each after those that it needs, and come back as the
 * dependencies of an empty project. The exception is http in 0.2.4, which is that of 0.2.3 once more.
 */
class WasiIT {

    private static final Pattern RELEASE = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+)");
    private static final Pattern WORLD = Pattern.compile("(?m)^world ([a-z0-9-]+)");
    private static final String EXCEPTION = "0.2.4/http";

    @TempDir
    Path work;

    /** A package of a release: {@code 0.2.3/http}. */
    private record Source(String release, String name, Path folder) {

        String reference() {
            return "wasi:" + name + "@" + release;
        }

        /** The name of a file that `lair wit fetch` writes. */
        String file() {
            return "wasi." + name + "@" + release + ".wit";
        }
    }

    @Test
    void allOfWasiIsPublishedFetchedResolvedAndBuiltToTheSameBytes() throws Exception {
        Map<String, List<Source>> releases = releases();
        try (Processes processes = new Processes()) {
            ServerProcess server = ServerProcess.in(work)
                    .namespace("wasi")
                    // http 0.2.2 took a field away that 0.2.1 had (docs/CONFORMANCE.md): as published, it breaks its
                    // track.
                    .set("lair.publish.compatibility", "warn")
                    .start(processes);
            LairClient author = new LairClient(work.resolve("author"), server.url());
            author.exits(0, "key", "new");

            Map<String, String> digests = new TreeMap<>();
            for (List<Source> release : releases.values()) {
                for (JsonNode each : publish(author, release)) {
                    String reference = each.path("package").asString() + "@"
                            + each.path("version").asString();
                    digests.put(reference, each.path("digest").asString());
                }
            }
            List<Source> all = releases.values().stream().flatMap(List::stream).toList();
            assertThat(digests.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().map(Source::reference).toList());
            assertThat(server.registry().length())
                    .as("the operator's first record and one for each package")
                    .isEqualTo(1 + all.size());

            LairClient visitor = new LairClient(work.resolve("visitor"), server.url());
            Path project = project(visitor, releases);
            JsonNode fetched = visitor.json(0, "wit", "fetch", "wit");
            assertThat(fetched.path("packages").size()).isEqualTo(all.size());
            for (JsonNode each : fetched.path("packages")) {
                String reference = each.path("package").asString() + "@"
                        + each.path("version").asString();
                assertThat(each.path("digest").asString()).as(reference).isEqualTo(digests.get(reference));
            }
            JsonNode checked = visitor.json(0, "wit", "check", "wit", "--all-features");
            assertThat(checked.path("otherPackages").size()).isEqualTo(all.size());
            String lock = Files.readString(project.resolve("lair.lock"));
            visitor.exits(0, "wit", "fetch", "wit");
            assertThat(project.resolve("lair.lock")).hasContent(lock);

            for (String release : List.of("0.2.0", "0.2.12", "0.3.0")) {
                assertThat(rebuilt(visitor, requireNonNull(releases.get(release)), project.resolve("deps")))
                        .isEqualTo(digests.get("wasi:http@" + release));
            }

            Command.Result breaking = visitor.exits(9, "compat", "wasi:http@0.2.1", "wasi:http@0.2.2");
            assertThat(breaking.out())
                    .contains("BREAKS implementers: interface types, field-name")
                    .contains("under @since(version = 0.2.1), a version that was without it")
                    .contains("new     --> wasi:http@0.2.2:");
            visitor.exits(0, "compat", "wasi:cli@0.2.11", "wasi:cli@0.2.12");
            visitor.exits(0, "compat", "wasi:http@0.2.2", "wasi:http@0.2.12");
        }
    }

    /** All packages of a release with one command, which finds their order. */
    private static JsonNode publish(LairClient author, List<Source> release) throws Exception {
        List<String> command = new ArrayList<>(List.of("publish", "--all-features"));
        release.forEach(each -> command.add(each.folder().toString()));
        return author.json(0, command.toArray(String[]::new)).path("published");
    }

    /** A project whose worlds include one of each package. */
    private static Path project(LairClient visitor, Map<String, List<Source>> releases) throws IOException {
        StringBuilder text = new StringBuilder("package test:project;\n");
        for (Map.Entry<String, List<Source>> release : releases.entrySet()) {
            text.append("\nworld all-of-v")
                    .append(release.getKey().replace('.', 'x'))
                    .append(" {\n");
            for (Source each : release.getValue()) {
                text.append("  include wasi:")
                        .append(each.name())
                        .append('/')
                        .append(world(each))
                        .append('@')
                        .append(each.release())
                        .append(";\n");
            }
            text.append("}\n");
        }
        Path folder = Files.createDirectories(visitor.folder().resolve("wit"));
        Files.writeString(folder.resolve("project.wit"), text);
        return folder;
    }

    private static String world(Source source) throws IOException {
        for (Path file : entries(source.folder())) {
            Matcher world = WORLD.matcher(Files.readString(file));
            if (file.toString().endsWith(".wit") && world.find()) {
                return world.group(1);
            }
        }
        throw new AssertionError("no world in " + source.folder());
    }

    /** The digest of http, built from the texts that were fetched. */
    private static String rebuilt(LairClient visitor, List<Source> release, Path fetched) throws Exception {
        Path http = visitor.folder().resolve("http-" + release.getFirst().release());
        Files.createDirectories(http.resolve("deps"));
        for (Source each : release) {
            boolean main = each.name().equals("http");
            Files.copy(fetched.resolve(each.file()), (main ? http : http.resolve("deps")).resolve(each.file()));
        }
        String built = http.resolveSibling(http.getFileName() + ".wasm").toString();
        return visitor.json(0, "wit", "build", http.toString(), "--all-features", "-o", built)
                .path("digest")
                .asString();
    }

    private static Map<String, List<Source>> releases() throws IOException {
        Path wit = Checkout.root().resolve("../shared/wit").normalize();
        String skipped = "SKIPPED: no WASI packages at " + wit;
        if (!Files.isDirectory(wit)) {
            System.err.println(skipped);
        }
        assumeTrue(Files.isDirectory(wit), skipped);
        Map<String, List<Source>> releases = new TreeMap<>(WasiIT::compare);
        for (Path release : entries(wit)) {
            String version = String.valueOf(release.getFileName());
            if (RELEASE.matcher(version).matches()) {
                releases.put(
                        version,
                        entries(release).stream()
                                .map(each -> new Source(version, String.valueOf(each.getFileName()), each))
                                .filter(each -> !(version + "/" + each.name()).equals(EXCEPTION))
                                .toList());
            }
        }
        return releases;
    }

    private static int compare(String one, String two) {
        return Arrays.compare(
                Stream.of(one.split("\\.")).mapToInt(Integer::parseInt).toArray(),
                Stream.of(two.split("\\.")).mapToInt(Integer::parseInt).toArray());
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
