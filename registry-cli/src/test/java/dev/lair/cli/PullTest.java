package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.warg.WargBodies.ContentSource;
import dev.lair.registry.warg.WargBodies.ContentSourcesResponse;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.transparency.Digest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content reaches its file verified, or not at all. */
class PullTest {

    private static final Digest DIGEST = Digest.of(Vectors.CONTENT);
    private static final PackageName NAME = PackageName.parse("test:component");

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void assertNothingWasKept() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsOnly(lair.home());
        }
    }

    @Test
    void theHighestReleaseIsPulledIntoItsDefaultFile() throws Exception {
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        Path file = folder.resolve("component-0.1.0.wasm");
        assertThat(file).hasBinaryContent(Vectors.CONTENT);
        assertThat(Files.getPosixFilePermissions(file)).contains(PosixFilePermission.OWNER_READ);
        assertThat(outcome.out().lines())
                .containsExactly(
                        "pulled     test:component 0.1.0 into " + file,
                        "digest     " + DIGEST + " (8 bytes)",
                        "checkpoint 7 records, verified");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsOnly(lair.home(), file);
        }
    }

    @Test
    void jsonTellsWhatWasPulled() {
        LairRun.Outcome outcome = lair.run("--json", "pull", "test:component@0.2.0-rc.1+build.7", "-o", "x.wasm");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("version").asString()).isEqualTo("0.2.0-rc.1+build.7");
        assertThat(outcome.json().get("digest").asString()).isEqualTo(DIGEST.toString());
        assertThat(outcome.json().get("file").asString())
                .isEqualTo(folder.resolve("x.wasm").toString());
        assertThat(outcome.json().get("checkpointSize").asInt()).isEqualTo(7);
        assertThat(folder.resolve("x.wasm")).exists();
    }

    @Test
    void aFolderGetsTheDefaultName() throws Exception {
        Files.createDirectory(folder.resolve("into"));
        lair.run("pull", "test:component", "-o", "into");
        assertThat(folder.resolve("into/component-0.1.0.wasm")).hasBinaryContent(Vectors.CONTENT);
    }

    @Test
    void standardOutputGetsTheContentAndNothingElse() throws Exception {
        LairRun.Outcome outcome = lair.run("pull", "test:component", "-o", "-");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.content()).isEqualTo(Vectors.CONTENT);
        assertNothingWasKept();
    }

    @Test
    void standardOutputAndJsonExcludeEachOther() {
        assertThat(lair.run("pull", "test:component", "-o", "-", "--json").exitCode())
                .isEqualTo(2);
    }

    @Test
    void wrongContentIsNeitherKeptNorWrittenOut() throws Exception {
        registry.lie(
                "content/",
                answer -> new FakeRegistry.Answer(200, new byte[] {0, 'a', 's', 'm', 2, 0, 0, 0}, Map.of()));
        Files.writeString(folder.resolve("mine.wasm"), "what was there");
        LairRun.Outcome toFile = lair.run("pull", "test:component", "-o", "mine.wasm");
        assertThat(toFile.exitCode()).isEqualTo(3);
        assertThat(toFile.err()).contains("error: wrong content: ").contains("nothing was kept");
        assertThat(folder.resolve("mine.wasm")).hasContent("what was there");
        LairRun.Outcome toStandardOutput = lair.run("pull", "test:component", "-o", "-");
        assertThat(toStandardOutput.exitCode()).isEqualTo(3);
        assertThat(toStandardOutput.content()).isEmpty();
        Files.delete(folder.resolve("mine.wasm"));
        assertNothingWasKept();
    }

    @Test
    void contentThatIsLongerThanAnnouncedIsCutOff() throws Exception {
        registry.lie("content/", answer -> new FakeRegistry.Answer(200, new byte[1 << 20], Map.of()));
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("more than the 8 bytes that the registry announced");
        assertNothingWasKept();
    }

    @ParameterizedTest
    @CsvSource({"7, 7 bytes", "1, 1 bytes"})
    void contentLargerThanAllowedIsRefusedByItsAnnouncement(String allowed, String words) throws Exception {
        LairRun.Outcome outcome = lair.run("pull", "test:component", "--max-size", allowed);
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(7);
        assertThat(outcome.err()).contains("is larger than --max-size allows (" + words + "); nothing was kept");
        assertThat(registry.requests).noneMatch(request -> request.startsWith("GET content/"));
        assertNothingWasKept();
        assertThat(lair.run("pull", "test:component", "--max-size", "8").exitCode())
                .isZero();
    }

    @Test
    void contentLargerThanAllowedIsCutOffWhenNobodyAnnouncedIt() throws Exception {
        registry.lie(
                WargPaths.contentSources(DIGEST),
                ContentSourcesResponse.class,
                reply -> new ContentSourcesResponse(Map.of(
                        DIGEST,
                        List.of(new ContentSource(
                                "httpGet", registry.url() + "/" + WargPaths.content(DIGEST), null, null)))));
        registry.lie("content/", answer -> new FakeRegistry.Answer(200, new byte[3 << 20], Map.of()));
        LairRun.Outcome outcome = lair.run("pull", "test:component", "--max-size", "1MiB");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(7);
        assertThat(outcome.err()).contains("is larger than --max-size allows (1 MiB)");
        assertNothingWasKept();
    }

    @Test
    void aSizeIsWrittenInBytesOrBinaryUnits() {
        for (String wrong : List.of("0", "-1", "1MB", "1.5MiB", "MiB", "999999999999999GiB")) {
            LairRun.Outcome outcome = lair.run("pull", "test:component", "--max-size", wrong);
            assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(2);
            assertThat(outcome.err()).contains("is no number of bytes: write it like");
        }
        assertThat(ByteSize.parse("2GiB").bytes()).isEqualTo(2L << 30);
        assertThat(ByteSize.parse("512KiB")).hasToString("512 KiB");
    }

    @Test
    void contentThatComesByteByByteEndsAtTheTimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer dripping = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        dripping.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 8);
            exchange.getResponseBody().write(0);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        dripping.start();
        try {
            String elsewhere = "http://127.0.0.1:" + dripping.getAddress().getPort() + "/c";
            registry.lie(
                    "content/", answer -> new FakeRegistry.Answer(302, new byte[0], Map.of("Location", elsewhere)));
            LairRun.Outcome outcome = lair.run("pull", "test:component", "--timeout", "1");
            assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(5);
            assertThat(outcome.err()).contains("1s").contains("--timeout");
            assertNothingWasKept();
        } finally {
            over.countDown();
            dripping.stop(0);
        }
    }

    @Test
    void aRedirectToAnotherHostIsFollowedBecauseTheDigestDecides() throws Exception {
        HttpServer mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, Vectors.CONTENT.length);
            exchange.getResponseBody().write(Vectors.CONTENT);
            exchange.close();
        });
        mirror.start();
        try {
            String elsewhere = "http://localhost:" + mirror.getAddress().getPort() + "/c";
            registry.lie(
                    "content/", answer -> new FakeRegistry.Answer(302, new byte[0], Map.of("Location", elsewhere)));
            LairRun.Outcome outcome = lair.run("pull", "test:component");
            assertThat(outcome.exitCode()).as(outcome.all()).isZero();
            assertThat(folder.resolve("component-0.1.0.wasm")).hasBinaryContent(Vectors.CONTENT);
        } finally {
            mirror.stop(0);
        }
    }

    @Test
    void aRedirectToPlainHttpOnAnotherMachineIsRefused() throws Exception {
        registry.lie(
                "content/",
                answer -> new FakeRegistry.Answer(302, new byte[0], Map.of("Location", "http://mirror.example/c")));
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("`http://mirror.example/c` is refused: plain http is for this machine only");
        assertNothingWasKept();
    }

    @Test
    void redirectsInACircleEnd() {
        registry.lie(
                "content/",
                answer -> new FakeRegistry.Answer(
                        302, new byte[0], Map.of("Location", registry.url() + "/" + WargPaths.content(DIGEST))));
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("redirects more than 5 times");
    }

    @Test
    void aRedirectOfTheApiIsNotFollowed() {
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                answer -> new FakeRegistry.Answer(301, new byte[0], Map.of("Location", "https://registry.example/")));
        LairRun.Outcome outcome = lair.run("verify");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .contains("redirects to `https://registry.example/`; name the registry by the address");
    }

    @Test
    void theNextSourceIsTriedWhenOneHasNothing() {
        registry.lie(
                WargPaths.contentSources(DIGEST),
                ContentSourcesResponse.class,
                reply -> new ContentSourcesResponse(Map.of(
                        DIGEST,
                        List.of(
                                new ContentSource("ipfs", "ipfs://x", null, null),
                                ContentSource.httpGet(registry.url() + "/nothing", 8),
                                reply.contentSources()
                                        .getOrDefault(DIGEST, List.of())
                                        .getFirst()))));
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    }

    @Test
    void contentThatTheRegistryDoesNotHaveIsNotFound() {
        registry.lie(
                WargPaths.contentSources(DIGEST),
                answer -> FakeRegistry.Answer.error(WargError.contentNotFound(DIGEST)));
        LairRun.Outcome outcome = lair.run("pull", "test:component");
        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err()).contains("it has no content " + DIGEST);
    }

    @Test
    void aYankedReleaseIsPulledByExactVersionOnlyAndWithAWarning() {
        LairRun.Outcome range = lair.run("pull", "test:yankee");
        assertThat(range.exitCode()).isEqualTo(6);
        assertThat(range.err()).contains("has no release that matches `*` and is not yanked; it has 0.1.0 (yanked)");
        LairRun.Outcome exact = lair.run("pull", "test:yankee@0.1.0");
        assertThat(exact.exitCode()).isZero();
        assertThat(exact.err()).contains("warning: `test:yankee` 0.1.0 is yanked");
        assertThat(folder.resolve("yankee-0.1.0.wasm")).exists();
    }

    @Test
    void rangesResolveToTheHighestMatch() {
        Instant time = Instant.ofEpochSecond(1_700_000_100L);
        for (String version : List.of("0.1.1", "0.1.5", "0.2.0", "1.0.0", "1.2.0", "2.0.0-alpha")) {
            registry.ledger = registry.ledger.plus(
                    NAME, time, Vectors.BOB, new PackageEntry.Release(SemVer.parse(version), DIGEST));
        }
        registry.ledger = registry.ledger.plus(NAME, time, Vectors.BOB, new PackageEntry.Yank(SemVer.parse("0.1.5")));
        Map<String, String> expected = Map.of(
                "test:component", "1.2.0",
                "test:component@*", "1.2.0",
                "test:component@^0.1.0", "0.1.1",
                "test:component@~1.0.0", "1.0.0",
                "test:component@>=0.2.0", "1.2.0",
                "test:component@=0.1.5", "0.1.5",
                "test:component@^2.0.0-alpha", "2.0.0-alpha");
        expected.forEach((reference, version) -> assertThat(lair.run("pull", reference, "--json")
                        .json()
                        .get("version")
                        .asString())
                .as(reference)
                .isEqualTo(version));
    }

    @Test
    void aMissingFolderIsALocalProblem() {
        LairRun.Outcome outcome = lair.run("pull", "test:component", "-o", "no/such/folder/x.wasm");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("is no folder; make it, or name another file with -o");
    }

    @Test
    void progressIsShownOnATerminalUnlessQuiet() {
        lair.terminal = true;
        assertThat(lair.run("pull", "test:component").err()).contains("\rdownload");
        assertThat(lair.run("pull", "test:component", "--quiet").err()).isEmpty();
        lair.terminal = false;
        assertThat(lair.run("pull", "test:component").err()).isEmpty();
    }
}
