package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.log.SignedPackageRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Somebody else's code reads our log: a program on top of Go's checksum database library, as Debian packages it, agrees on
 * roots and proofs, and notices what a proxy changed on the way. Skipped where Go or the library is absent.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoTilesIT {

    /** Where Debian puts the sources of packaged Go libraries. */
    private static final Path PACKAGED = Path.of("/usr/share/gocode");

    private static final int PROVEN_RECORDS = 1000;
    private static final int AUTHORS = 8;
    private static final int RELEASES_PER_AUTHOR = 130;
    private static final Duration BUILT_WITHIN = Duration.ofMinutes(5);
    private static final Duration CHECKED_WITHIN = Duration.ofMinutes(2);
    private static final Pattern AGREED =
            Pattern.compile("agreed size=(\\d+) root=\\S+ records=(\\d+) trees=(\\d+) earlier=(\\d+) proofs=(\\d+)\n");

    @TempDir
    static Path work;

    private final Processes processes = new Processes();
    private Path program;
    private ServerProcess server;
    private Path proofs;
    private Path earlier;
    private String logKey;
    private String evidenceKey;

    @BeforeAll
    void publish() throws Exception {
        program = build();
        server = ServerProcess.in(work)
                .namespace("test")
                // Each answer at once: the records wait for their checkpoint together.
                .set("lair.publish.answer-within", "0ms")
                .start(processes);
        Set<String> notes = new LinkedHashSet<>();
        List<String> paths = publishRecords(notes);
        proofs = Files.write(work.resolve("proofs"), paths);
        earlier = Files.writeString(work.resolve("earlier"), String.join("\n---\n", notes));
        JsonNode config = server.registry().get("config.json").json();
        logKey = config.get("log").get("keys").get(0).asString();
        evidenceKey = config.get("evidence").get("keys").get(0).asString();
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    private Path build() throws Exception {
        Path go = Checkout.program("go");
        if (!Files.isDirectory(PACKAGED.resolve("src/golang.org/x/mod/sumdb/tlog"))) {
            String skipped = "SKIPPED: no Go library golang.org/x/mod/sumdb below " + PACKAGED
                    + "; Debian has it in golang-golang-x-mod-dev";
            System.err.println(skipped);
            assumeTrue(false, skipped);
        }
        Path built = work.resolve("verifylog");
        Path source = Checkout.root().resolve("e2e-tests/src/test/go/verifylog");
        // The compiled standard library is kept between runs.
        Path cache = Checkout.root().resolve("e2e-tests/target/go-cache");
        Command.of(source, List.of(go.toString(), "build", "-o", built.toString(), "."))
                .with("GO111MODULE", "off")
                .with("GOPATH", PACKAGED.toString())
                .with("GOTOOLCHAIN", "local")
                .with("GOFLAGS", "")
                .with("GOCACHE", cache.toString())
                .within(BUILT_WITHIN)
                .run()
                .succeeded();
        return built;
    }

    /** More than a thousand records over HTTP, all of one content: only the first has to bring it. */
    private List<String> publishRecords(Set<String> notes) throws Exception {
        Registry registry = server.registry();
        byte[] content = Wasm.module("read by Go");
        PackageAuthor first = new PackageAuthor(Keys.BOB, "test:go");
        registry.publish(first.name(), first.release("0.0.1", content), content);
        List<String> paths = new ArrayList<>(List.of("package/test/go/0.0.1.tlog-proof"));
        ExecutorService threads = Executors.newFixedThreadPool(AUTHORS);
        try {
            List<Future<List<String>>> authors = new ArrayList<>();
            for (int i = 0; i < AUTHORS; i++) {
                String name = "go-" + "abcdefgh".charAt(i);
                authors.add(threads.submit(() -> releases(registry, name, content, notes)));
            }
            for (Future<List<String>> author : authors) {
                paths.addAll(author.get(5, TimeUnit.MINUTES));
            }
        } finally {
            threads.shutdownNow();
        }
        return paths;
    }

    private static List<String> releases(Registry registry, String name, byte[] content, Set<String> notes)
            throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.fresh(), "test:" + name);
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < RELEASES_PER_AUTHOR; i++) {
            String version = "1.0." + i;
            SignedPackageRecord record = author.release(version, content);
            PackageRecord reply = registry.submit(author.name(), record);
            if (reply.getState() == RecordState.SOURCING) {
                assertThat(registry.upload(reply, content).status()).isEqualTo(201);
            }
            paths.add("package/test/" + name + "/" + version + ".tlog-proof");
            // A package has at most 100 records that wait; a checkpoint now and then is what a client would have seen.
            if (i % 50 == 49 || i == RELEASES_PER_AUTHOR - 1) {
                registry.published(author.name(), record);
                synchronized (notes) {
                    notes.add(registry.get("log/checkpoint").text());
                }
            }
        }
        return paths;
    }

    private Command.Result check(String url, String log, String key, int records, List<String> more) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                program.toString(), "-url", url, "-log", log, "-vkey", key, "-records", Integer.toString(records)));
        line.addAll(more);
        return Command.of(work, line).within(CHECKED_WITHIN).run();
    }

    private Command.Result checkLog(String url) throws Exception {
        return check(
                url,
                "log",
                logKey,
                PROVEN_RECORDS,
                List.of("-proofs", proofs.toString(), "-earlier", earlier.toString()));
    }

    @Test
    void goAgreesOnTheRootAndAThousandProofs() throws Exception {
        Command.Result result = checkLog(server.url().toString()).succeeded();
        Matcher agreed = AGREED.matcher(result.out());
        assertThat(agreed.matches()).as(result.out()).isTrue();
        long size = server.registry().length();
        assertThat(Long.parseLong(agreed.group(1))).isEqualTo(size).isGreaterThan(1 + AUTHORS * RELEASES_PER_AUTHOR);
        assertThat(agreed.group(2)).isEqualTo(Integer.toString(PROVEN_RECORDS));
        assertThat(Integer.parseInt(agreed.group(3))).isGreaterThanOrEqualTo(15);
        assertThat(Integer.parseInt(agreed.group(4))).isGreaterThanOrEqualTo(2);
        assertThat(agreed.group(5)).isEqualTo(Integer.toString(1 + AUTHORS * RELEASES_PER_AUTHOR));
    }

    @Test
    void goAgreesOnTheEvidenceLog() throws Exception {
        Command.Result result = check(server.url().toString(), "evidence", evidenceKey, 2, List.of())
                .succeeded();
        assertThat(AGREED.matcher(result.out()).matches()).as(result.out()).isTrue();
    }

    @Test
    void goTrustsNoOtherLogsKey() throws Exception {
        Command.Result result = check(server.url().toString(), "log", evidenceKey, 1, List.of());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).startsWith("refused: checkpoint:");
    }

    /** What a proxy does, to which path, and the step at which a client has to notice. */
    record Change(String name, String path, TamperingProxy.Alteration alteration, String refusedAt) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> changes() {
        return List.of(
                new Change("a root changed", "/log/checkpoint", GoTilesIT::otherRoot, "checkpoint"),
                new Change("a size changed", "/log/checkpoint", GoTilesIT::otherSize, "checkpoint"),
                new Change("the signatures removed", "/log/checkpoint", GoTilesIT::unsigned, "checkpoint"),
                new Change("a full tile changed", "/log/tile/0/002", body -> flipped(body, 77), "tiles|record"),
                new Change("a full tile cut short", "/log/tile/0/001", body -> cut(body, 32), "tiles|record"),
                new Change("the right edge changed", "/log/tile/0/004.p/*", body -> flipped(body, 5), "tiles"),
                new Change("an upper tile changed", "/log/tile/1/000.p/*", body -> flipped(body, 40), "tiles"),
                new Change("an entry changed", "/log/tile/entries/003", body -> flipped(body, 1000), "entries"),
                new Change("an entry left out", "/log/tile/entries/003", body -> cut(body, 162), "entries"),
                new Change(
                        "a proof's hash changed",
                        "/package/test/go-c/1.0.77.tlog-proof",
                        body -> flipped(body, "\nindex ", 12),
                        "proof"),
                new Change(
                        "a proof of another record",
                        "/package/test/go-c/1.0.78.tlog-proof",
                        GoTilesIT::otherIndex,
                        "proof"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void goRefusesALogOfWhichAProxyChangedSomething(Change change) throws Exception {
        try (TamperingProxy proxy = TamperingProxy.before(server.registry(), change.path(), change.alteration())) {
            Command.Result result = checkLog(proxy.url());
            assertThat(proxy.altered()).as("replies that were changed").isPositive();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).matches("(?s)refused: (" + change.refusedAt() + "): .*");
        }
    }

    @Test
    void proxyThatChangesNothingIsTrusted() throws Exception {
        try (TamperingProxy proxy = TamperingProxy.before(server.registry(), "/log/tile/0/001", body -> body)) {
            checkLog(proxy.url()).succeeded();
            assertThat(proxy.altered()).isPositive();
        }
    }

    private static byte[] flipped(byte[] body, int at) {
        byte[] changed = body.clone();
        changed[at] ^= 1;
        return changed;
    }

    /** One bit of a letter, so that what was base64 mostly still is: at this distance behind the first mark. */
    private static byte[] flipped(byte[] body, String mark, int behind) {
        int at = new String(body, StandardCharsets.ISO_8859_1).indexOf(mark) + mark.length() + behind;
        byte[] changed = body.clone();
        changed[at] = changed[at] == 'A' ? (byte) 'B' : (byte) 'A';
        return changed;
    }

    private static byte[] cut(byte[] body, int bytes) {
        return Arrays.copyOf(body, body.length - bytes);
    }

    private static byte[] otherRoot(byte[] body) {
        return flipped(body, new String(body, StandardCharsets.UTF_8).split("\n", 4)[1] + "\n", 10);
    }

    private static byte[] otherSize(byte[] body) {
        String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", 3);
        return (lines[0] + "\n" + (Long.parseLong(lines[1]) - 1) + "\n" + lines[2]).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] unsigned(byte[] body) {
        String note = new String(body, StandardCharsets.UTF_8);
        int signatures = note.indexOf("\n\n") + 2;
        int second = note.indexOf('\n', signatures) + 1;
        // The Ed25519 line is the first; what is left is signed by a kind of key that Go does not know.
        return (note.substring(0, signatures) + note.substring(second)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] otherIndex(byte[] body) {
        Matcher index = Pattern.compile("\nindex (\\d+)\n").matcher(new String(body, StandardCharsets.UTF_8));
        assertThat(index.find()).isTrue();
        return index.replaceFirst("\nindex " + (Long.parseLong(index.group(1)) ^ 1) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
