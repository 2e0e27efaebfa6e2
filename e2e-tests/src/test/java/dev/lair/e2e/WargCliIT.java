package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageLog;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The reference's own client, {@code warg}, against the built jar over plain http; skipped where it is not on PATH. */
class WargCliIT {

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    @Test
    void referenceClientPublishesDownloadsLocksUpdatesAndYanks() throws Exception {
        Path program = Checkout.program("warg");
        Path script = Checkout.program("script");
        Path greeter = Checkout.greeter();
        byte[] greeterBytes = Files.readAllBytes(greeter);
        ServerProcess server = ServerProcess.in(work).namespace("test").start(processes);
        Client author = new Client(program, work.resolve("author"), server.url(), Keys.BOB);
        Client visitor = new Client(program, work.resolve("visitor"), server.url(), Keys.ALICE);

        assertThat(author.run("key", "info").succeeded().out())
                .contains(Keys.BOB.keyId().toString());
        assertThat(author.run("publish", "init", "test:greeter").succeeded().out())
                .contains("published initialization of package `test:greeter`");
        assertThat(author.run("publish", "release", "--name", "test:greeter", "--version", "0.1.0", greeter.toString())
                        .succeeded()
                        .out())
                .contains("published version 0.1.0 of package `test:greeter`");
        assertThat(server.registry().length()).isEqualTo(3);
        assertThat(author.download("test:greeter", "own.wasm")).isEqualTo(greeterBytes);

        // A component that depends on the first.
        Path user = work.resolve("user.wasm");
        Files.write(user, Wasm.componentThatImports("unlocked-dep=<test:greeter>"));
        author.run("publish", "init", "test:user").succeeded();
        author.run("publish", "release", "--name", "test:user", "--version", "1.0.0", user.toString())
                .succeeded();

        // Another person, who has seen nothing yet.
        assertThat(visitor.download("test:greeter", "theirs.wasm")).isEqualTo(greeterBytes);
        assertThat(visitor.download("test:user", "user.wasm")).isEqualTo(Files.readAllBytes(user));
        visitor.run("lock", "test:user").succeeded();
        assertThat(new String(Files.readAllBytes(visitor.folder.resolve("locked.wasm")), StandardCharsets.ISO_8859_1))
                .contains("locked-dep=<test:greeter@0.1.0>");

        // A new release, seen by an update from where the visitor stood.
        Path again = Checkout.greeterAgain();
        byte[] next = Files.readAllBytes(again);
        author.run("publish", "release", "--name", "test:greeter", "--version", "0.2.0", again.toString())
                .succeeded();
        visitor.run("update").succeeded();
        assertThat(visitor.run("info").succeeded().out()).contains("0.1.0").contains("0.2.0");
        assertThat(visitor.download("test:greeter", "next.wasm")).isEqualTo(next);

        author.yank(script, "test:greeter", "0.2.0");
        visitor.run("update").succeeded();
        assertThat(visitor.download("test:greeter", "after-yank.wasm")).isEqualTo(greeterBytes);

        Client late = new Client(program, work.resolve("late"), server.url(), Keys.fresh());
        assertThat(late.download("test:greeter", "late.wasm")).isEqualTo(greeterBytes);
        Audit audit = Audit.of(server.registry());
        PackageLog.State log = audit.packageLog(PackageName.parse("test:greeter"));
        assertThat(log.release(SemVer.parse("0.2.0")).orElseThrow().yanked()).isTrue();
        assertThat(log.latest().orElseThrow().content()).isEqualTo(Digest.of(greeterBytes));
    }

    /** The client with a folder, a key and a memory of its own. */
    private static final class Client {

        private final Path program;
        private final Path folder;
        private final URI registry;

        Client(Path program, Path folder, URI registry, PrivateKey key) throws IOException {
            this.program = program;
            this.folder = folder;
            this.registry = registry;
            Path keyring = Files.createDirectories(folder.resolve("config/warg/keyring"));
            Files.writeString(keyring.resolve("service=warg-signing-key&user=default"), key.text());
            configure(true);
        }

        private void configure(boolean disableInteractive) throws IOException {
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("homeUrl", registry.toString());
            config.put("registriesDir", folder.resolve("registries").toString());
            config.put("contentDir", folder.resolve("content").toString());
            config.put("namespaceMapPath", folder.resolve("namespaces.json").toString());
            config.put("keys", List.of("default"));
            config.put("keyringAuth", true);
            config.put("keyringBackend", "flat-file");
            config.put("disableInteractive", disableInteractive);
            Files.writeString(
                    folder.resolve("warg-config.json"),
                    JsonMapper.builder().build().writeValueAsString(config));
        }

        Command.Result run(String... arguments) throws Exception {
            List<String> line = new ArrayList<>(List.of(program.toString()));
            line.addAll(List.of(arguments));
            return inFolder(line).run();
        }

        private Command inFolder(List<String> line) {
            return Command.of(folder, line)
                    .with("XDG_CONFIG_HOME", folder.resolve("config").toString())
                    .with("HOME", folder.toString());
        }

        byte[] download(String name, String file) throws Exception {
            run("download", name, "-o", file).succeeded();
            return Files.readAllBytes(folder.resolve(file));
        }

        /** Asks a terminal for confirmation, so it gets one. */
        void yank(Path script, String name, String version) throws Exception {
            configure(false);
            String command = program + " publish yank --name " + name + " --version " + version;
            Command.Result result = inFolder(List.of(script.toString(), "-qec", command, "/dev/null"))
                    .input("y\n")
                    .run();
            configure(true);
            assertThat(result.succeeded().out()).contains("yanked version " + version + " of package `" + name + "`");
        }
    }
}
