package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.registry.tree.IndexLine;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair export}, and reads of the exported tree behind nginx as docs/OPERATIONS.md sets it up, with the server stopped. */
class ExportIT {

    private static final Pattern CONFIGURATION = Pattern.compile("(?s)```nginx\n(.*?)```");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final PackageAuthor author = new PackageAuthor(Keys.BOB, "test:exported");

    @AfterEach
    void stop() {
        processes.close();
    }

    private void release(Registry registry, String version) throws Exception {
        byte[] content = Wasm.module("exported " + version);
        registry.publish(author.name(), author.release(version, content), content);
    }

    private static final List<String> PATHS = List.of(
            "index/test/exported",
            "package/test/exported/1.0.0.json",
            "package/test/exported/2.0.0.json",
            "package/test/exported/1.0.0.attestations.json",
            "changes/0.ndjson",
            "config.json");

    private static Map<String, byte[]> answers(Registry registry) throws Exception {
        Map<String, byte[]> answers = new TreeMap<>();
        for (String path : PATHS) {
            HttpReply reply = registry.get(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
            answers.put(path, reply.body());
        }
        return answers;
    }

    private Command.Result export(Path data, URI url, Path tree) throws Exception {
        return Fsck.command("export", work, data, Map.of("lair.public-url", url.toString()), List.of(tree.toString()));
    }

    private static Map<String, byte[]> filesIn(Path tree) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(tree.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    @Test
    void stoppedRegistryIsReadFromItsExportedTree() throws Exception {
        Path data = work.resolve("data");
        Path tree = work.resolve("tree");
        ServerProcess.Options options = ServerProcess.in(work).namespace("test");
        ServerProcess server = options.start(processes);
        release(server.registry(), "1.0.0");
        release(server.registry(), "2.0.0");
        Map<String, byte[]> answers = answers(server.registry());
        URI url = server.url();

        Command.Result busy = export(data, url, tree);
        assertThat(busy.exitCode()).as(busy.toString()).isEqualTo(1);
        assertThat(busy.err()).startsWith("error: ").contains("is in use").hasLineCount(1);
        server.stop();
        Command.Result nameless = Fsck.command("export", work, data, Map.of(), List.of(tree.toString()));
        assertThat(nameless.exitCode()).isEqualTo(1);
        assertThat(nameless.err()).contains("lair.public-url");

        assertThat(export(data, url, tree).succeeded().out()).contains("files written, 0 unchanged");

        Map<String, byte[]> files = filesIn(tree);
        answers.forEach((path, bytes) -> assertThat(files.get(path)).as(path).isEqualTo(bytes));
        for (IndexLine line : IndexLine.parse(Objects.requireNonNull(answers.get("index/test/exported")))) {
            Digest digest = Digest.parse(line.digest());
            assertThat(Digest.of(Objects.requireNonNull(files.get("blob/sha256/" + digest.hex()))))
                    .isEqualTo(digest);
            assertThat(files).containsKey("package/test/exported/" + line.version() + ".tlog-proof");
        }
        assertThat(export(data, url, tree).succeeded().out()).contains("exported into");
        assertThat(filesIn(tree).keySet()).containsAll(files.keySet());

        String skipped = "SKIPPED: no nginx on this machine, so nobody reads the exported tree (apt-get install nginx)";
        Optional<Path> nginx = Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
        if (nginx.isEmpty()) {
            System.err.println(skipped);
        }
        assumeTrue(nginx.isPresent(), skipped);
        URI served = serve(nginx.get(), tree);
        for (Map.Entry<String, byte[]> file : filesIn(tree).entrySet()) {
            HttpResponse<byte[]> reply = get(served, file.getKey());
            assertThat(reply.statusCode()).as(file.getKey()).isEqualTo(200);
            assertThat(reply.body()).as(file.getKey()).isEqualTo(file.getValue());
            assertThat(reply.headers().allValues("access-control-allow-origin"))
                    .as(file.getKey())
                    .containsExactly("*");
            assertThat(reply.headers().allValues("x-content-type-options"))
                    .as(file.getKey())
                    .containsExactly("nosniff");
        }
        assertThat(get(served, ".lair-drafts/tmp").statusCode()).isEqualTo(404);
        assertThat(get(served, "index/test/none").statusCode()).isEqualTo(404);
    }

    @Test
    void serverKeepsAFolderCurrentAndGoesOnBehindAKill() throws Exception {
        Path data = work.resolve("data");
        Path kept = work.resolve("kept");
        int port = freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        Map<String, String> settings = Map.of("lair.tree.folder", kept.toString(), "lair.public-url", url.toString());
        ServerProcess.Options options =
                ServerProcess.in(work).port(port).namespace("test").set(settings);
        ServerProcess server = options.start(processes);
        release(server.registry(), "1.0.0");
        awaitVersions(kept, "1.0.0");
        release(server.registry(), "2.0.0");
        server.kill();

        server = options.start(processes);
        awaitVersions(kept, "1.0.0", "2.0.0");
        release(server.registry(), "3.0.0");
        awaitVersions(kept, "1.0.0", "2.0.0", "3.0.0");
        server.stop();

        Path exported = work.resolve("exported");
        export(data, url, exported).succeeded();
        Map<String, byte[]> files = filesIn(kept);
        filesIn(exported).forEach((path, bytes) -> {
            // Proofs and edges of the logs move with each checkpoint.
            if (!path.endsWith(".tlog-proof") && !path.contains(".p/") && !path.endsWith("/checkpoint")) {
                assertThat(files.get(path)).as(path).isEqualTo(bytes);
            }
        });
    }

    private static void awaitVersions(Path tree, String... versions) throws Exception {
        Path config = tree.resolve("config.json");
        Path index = tree.resolve("index/test/exported");
        Await.isTrue(
                "the kept tree has " + List.of(versions),
                Duration.ofSeconds(60),
                () -> Files.exists(index)
                        && Files.exists(config)
                        && IndexLine.parse(Files.readAllBytes(index)).stream()
                                .map(IndexLine::version)
                                .toList()
                                .equals(List.of(versions)));
    }

    private static HttpResponse<byte[]> get(URI base, String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** nginx with the configuration of the docs, on a port of its own, over plain HTTP. */
    private URI serve(Path nginx, Path tree) throws Exception {
        Matcher documented =
                CONFIGURATION.matcher(Files.readString(Checkout.root().resolve("docs/OPERATIONS.md")));
        assertThat(documented.find())
                .as("the configuration in docs/OPERATIONS.md")
                .isTrue();
        int port = freePort();
        Path folder = Files.createDirectory(work.resolve("nginx"));
        String text = "daemon off;\nworker_processes 1;\npid " + folder.resolve("pid") + ";\n"
                + "error_log stderr warn;\nuser root;\nevents {}\nhttp {\naccess_log off;\n"
                + Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                        .map(each -> each + "_temp_path " + folder.resolve(each) + ";\n")
                        .reduce("", String::concat)
                + documented
                        .group(1)
                        .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";")
                        .replace("root /srv/lair-tree;", "root " + tree + ";")
                + "}\n";
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), text);
        processes.started(new ProcessBuilder(nginx.toString(), "-c", configuration.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start());
        URI served = URI.create("http://127.0.0.1:" + port + "/");
        Await.isTrue("nginx answers", Duration.ofSeconds(30), () -> {
            try {
                return get(served, "config.json").statusCode() == 200;
            } catch (ConnectException notYet) {
                return false;
            }
        });
        return served;
    }
}
