package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageLog;
import dev.lair.transparency.Digest;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The client jar as a process against the server jar as a process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliIT {

    private static final int UNVERIFIED = 3;

    private final Processes processes = new Processes();
    private Path work;
    private ServerProcess server;
    private LairClient author;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        work = folder;
        server = ServerProcess.in(work).namespace("test").start(processes);
    }

    @BeforeEach
    void newPerson(TestInfo test) throws Exception {
        author = person(test.getTestMethod().orElseThrow().getName());
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    private LairClient person(String name) throws Exception {
        return new LairClient(work.resolve(name), server.url());
    }

    @Test
    void releasesArePublishedPulledVerifiedShownAndYanked() throws Exception {
        byte[] first = Files.readAllBytes(Checkout.greeter());
        Path again = Checkout.greeterAgain();
        byte[] second = Files.readAllBytes(again);
        author.exits(0, "key", "new");

        Command.Result published = author.exits(
                0, "publish", Checkout.greeter().toString(), "--package", "test:greeter", "--version", "0.1.0");
        assertThat(published.out()).contains("published  test:greeter 0.1.0").contains("verified");
        author.exits(0, "publish", again.toString(), "--package", "test:greeter", "--version", "0.2.0");

        LairClient visitor = person("visitor");
        Path file = visitor.folder().resolve("greeter.wasm");
        Command.Result pulled = visitor.exits(0, "pull", "test:greeter", "-o", file.toString());
        assertThat(pulled.out()).contains("pulled     test:greeter 0.2.0").contains("verified");
        assertThat(file).hasBinaryContent(second);
        visitor.exits(0, "pull", "test:greeter@0.1.0", "-o", file.toString());
        assertThat(file).hasBinaryContent(first);
        assertThat(visitor.exits(0, "verify", "test:greeter@0.1.0", "--file", file.toString())
                        .out())
                .contains("proven")
                .contains("consistency")
                .contains("0.1.0 is " + Digest.of(first));
        visitor.exits(0, "verify", "--all");

        assertThat(author.exits(0, "yank", "test:greeter@0.2.0", "--yes").out())
                .contains("yanked     test:greeter 0.2.0");
        visitor.exits(0, "pull", "test:greeter", "-o", file.toString());
        assertThat(file).hasBinaryContent(first);
        Command.Result yanked = visitor.exits(0, "pull", "test:greeter@0.2.0", "-o", file.toString());
        assertThat(yanked.err()).contains("yanked");
        assertThat(file).hasBinaryContent(second);
        assertThat(visitor.exits(0, "log", "test:greeter").out())
                .contains("releases 0.1.0")
                .contains("releases 0.2.0")
                .contains("yanks 0.2.0");
        PackageLog.State log = Audit.of(server.registry()).packageLog(PackageName.parse("test:greeter"));
        assertThat(log.release(SemVer.parse("0.2.0")).orElseThrow().yanked()).isTrue();
    }

    @Test
    void aPullReplacesTheFileAtOnceOrNotAtAll() throws Exception {
        author.exits(0, "key", "new");
        author.exits(0, "publish", Checkout.greeter().toString(), "--package", "test:replaced", "--version", "1.0.0");
        Path file = author.folder().resolve("replaced.wasm");
        Files.writeString(file, "what was there before");

        author.exits(6, "pull", "test:replaced@9.9.9", "-o", file.toString());
        assertThat(file).hasContent("what was there before");
        try (InputStream reader = Files.newInputStream(file)) {
            author.exits(0, "pull", "test:replaced", "-o", file.toString());
            assertThat(reader.readAllBytes())
                    .as("a reader that has the old file open goes on reading it")
                    .asString()
                    .isEqualTo("what was there before");
        }
        assertThat(file).hasBinaryContent(Files.readAllBytes(Checkout.greeter()));
        try (Stream<Path> left = Files.list(author.folder())) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains(".part"));
        }
    }

    @Test
    void exitCodesTellWhatWentWrong() throws Exception {
        author.exits(2, "pull");
        author.exits(2, "pull", "not a package");
        author.exits(2, "publish", Checkout.greeter().toString(), "--package", "test:codes");
        assertThat(author.exits(
                                7,
                                "publish",
                                Checkout.greeter().toString(),
                                "--package",
                                "test:codes",
                                "--version",
                                "1.0.0")
                        .err())
                .contains("lair key new");
        author.exits(0, "key", "new");
        author.exits(7, "key", "new");
        author.exits(7, "publish", "no-such-file.wasm", "--package", "test:codes", "--version", "1.0.0");
        assertThat(author.exits(
                                6,
                                "publish",
                                Checkout.greeter().toString(),
                                "--package",
                                "elsewhere:codes",
                                "--version",
                                "1.0.0")
                        .err())
                .contains("elsewhere");
        Path broken = author.folder().resolve("broken.wasm");
        Files.writeString(broken, "\0asm but not really");
        assertThat(author.exits(4, "publish", broken.toString(), "--package", "test:codes", "--version", "1.0.0")
                        .err())
                .contains("not valid WebAssembly");
        author.exits(6, "pull", "test:no-such-package");
        author.exits(6, "log", "test:no-such-package");
        author.exits(0, "publish", Checkout.greeter().toString(), "--package", "test:codes", "--version", "1.0.0");
        assertThat(author.exits(
                                4,
                                "publish",
                                Checkout.greeterAgain().toString(),
                                "--package",
                                "test:codes",
                                "--version",
                                "1.0.0")
                        .err())
                .contains("released already");
        author.exits(2, "yank", "test:codes@1.0.0");
        author.exits(6, "yank", "test:codes@1.0.1", "--yes");
        author.exits(
                UNVERIFIED,
                "verify",
                "test:codes@1.0.0",
                "--file",
                Checkout.greeterAgain().toString());
        try (ServerSocket nobody = new ServerSocket(0)) {
            int port = nobody.getLocalPort();
            nobody.close();
            LairClient lonely = new LairClient(work.resolve("lonely"), URI.create("http://127.0.0.1:" + port));
            lonely.exits(5, "verify");
        }
    }

    @Test
    void everyResultIsOneJsonObjectWhenAskedFor() throws Exception {
        JsonNode key = author.json(0, "key", "new");
        assertThat(key.path("keyId").asString()).startsWith("sha256:");
        assertThat(author.json(0, "key", "list").path("keys").size()).isEqualTo(1);
        byte[] bytes = Files.readAllBytes(Checkout.greeter());
        JsonNode published = author.json(
                0, "publish", Checkout.greeter().toString(), "--package", "test:json", "--version", "1.0.0");
        assertThat(published.path("digest").asString())
                .isEqualTo(Digest.of(bytes).toString());
        assertThat(published.path("leafIndex").asLong())
                .isLessThan(server.registry().length());
        JsonNode pulled = author.json(0, "pull", "test:json");
        assertThat(author.folder().resolve(pulled.path("file").asString())).hasBinaryContent(bytes);
        assertThat(author.json(0, "verify", "test:json").path("verified").asBoolean())
                .isTrue();
        assertThat(author.json(0, "log", "test:json").path("records").size()).isEqualTo(1);
        assertThat(author.json(0, "yank", "test:json@1.0.0", "--yes")
                        .path("yanked")
                        .asBoolean())
                .isTrue();
        JsonNode fault = author.json(6, "pull", "test:nothing-of-the-kind");
        assertThat(fault.path("exitCode").asInt()).isEqualTo(6);
        assertThat(fault.path("error").asString()).contains("test:nothing-of-the-kind");
        assertThat(author.json(2, "pull").path("exitCode").asInt()).isEqualTo(2);
    }

    @Test
    void restoredBackupIsCalledARewindAndALaterRewriteAFork(@TempDir Path own) throws Exception {
        try (Processes mine = new Processes()) {
            Path data = own.resolve("data");
            ServerProcess first = ServerProcess.in(own).namespace("test").start(mine);
            int port = first.port();
            LairClient person = new LairClient(own.resolve("person"), first.url());
            person.exits(0, "key", "new");
            String[] publish = {"publish", Checkout.greeter().toString(), "--package", "test:rewound", "--version"};
            person.exits(0, with(publish, "1.0.0"));
            first.stop();
            Path backup = own.resolve("backup");
            copy(data, backup);
            ServerProcess second = ServerProcess.in(own).port(port).start(mine);
            person.exits(0, with(publish, "2.0.0"));
            second.stop();

            // The operator restores the backup: what was published after it is gone.
            Files.move(data, own.resolve("lost"));
            copy(backup, data);
            ServerProcess rewound = ServerProcess.in(own).port(port).start(mine);
            for (String[] command : List.of(
                    new String[] {"verify"},
                    new String[] {"pull", "test:rewound"},
                    new String[] {"log", "test:rewound"},
                    with(publish, "3.0.0"))) {
                assertThat(person.exits(UNVERIFIED, command).err())
                        .contains("error: rewind:")
                        .contains("had 3 records")
                        .contains("now has 2");
            }
            assertThat(rewound.registry().length()).as("nothing was sent").isEqualTo(2);

            // Somebody who does not know goes on publishing: as long as before, but not the same.
            LairClient newcomer = new LairClient(own.resolve("newcomer"), first.url());
            newcomer.exits(0, "key", "new");
            newcomer.exits(
                    0, "publish", Checkout.greeterAgain().toString(), "--package", "test:other", "--version", "1.0.0");
            assertThat(person.exits(UNVERIFIED, "verify").err())
                    .contains("error: fork:")
                    .contains("two different histories of 3 records");
            newcomer.exits(
                    0, "publish", Checkout.greeterAgain().toString(), "--package", "test:other", "--version", "1.0.1");
            assertThat(person.exits(UNVERIFIED, "verify").err()).contains("error: fork:");
            rewound.stop();

            // Another registry altogether.
            ServerProcess stranger = ServerProcess.in(own)
                    .data(own.resolve("stranger"))
                    .port(port)
                    .namespace("test")
                    .start(mine);
            assertThat(person.exits(UNVERIFIED, "verify").err())
                    .contains("error: fork:")
                    .contains("another registry at the same address");
            person.exits(0, "registry", "forget", stranger.url().toString());
            person.exits(0, "verify");
        }
    }

    private static String[] with(String[] words, String last) {
        return Stream.concat(Stream.of(words), Stream.of(last)).toArray(String[]::new);
    }

    /** A cold copy, with modes: key files are refused when others may read them. */
    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
