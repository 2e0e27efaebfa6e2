package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.KeyFile;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a release into the log, and everything that can stand in it. */
class PublishTest {

    private static final PackageName NAME = PackageName.parse("test:hello");
    private static final byte[] CONTENT = "not really WebAssembly".getBytes(StandardCharsets.UTF_8);
    private static final Instant FOUNDED = Instant.ofEpochSecond(1_700_000_000L);

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry(Ledger.founded(Vectors.ALICE, FOUNDED, new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        Files.write(folder.resolve("hello.wasm"), CONTENT);
        Files.createDirectories(lair.home().resolve("keys"));
        KeyFile.create(lair.home().resolve("keys/default.key"), Vectors.BOB);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private LairRun.Outcome publish(String version, String... more) {
        String[] arguments = {"publish", "hello.wasm", "--package", NAME.toString(), "--version", version};
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return lair.run(all);
    }

    @Test
    void theFirstReleaseStartsTheLogUploadsContentAndIsVerifiedAfterwards() throws Exception {
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();

        Ledger.Entry entry = registry.ledger.entries().getLast();
        PackageRecord record = SignedPackageRecord.decode(entry.signed()).contents();
        assertThat(record.entries())
                .containsExactly(
                        new PackageEntry.Init(Vectors.BOB.publicKey()),
                        new PackageEntry.Release(SemVer.parse("1.0.0"), Digest.of(CONTENT)));
        assertThat(record.prev()).isNull();
        assertThat(record.time()).isEqualTo(lair.clock.instant());
        assertThat(outcome.out().lines())
                .containsExactly(
                        "published  test:hello 1.0.0 (first record of a new package log)",
                        "record     " + entry.id(),
                        "leaf       1",
                        "checkpoint 2 records, verified");
        String upload = WargPaths.uploadContent(NAME.logId(), entry.id(), Digest.of(CONTENT));
        assertThat(registry.requests)
                .containsSubsequence(
                        "POST " + WargPaths.FETCH_LOGS,
                        "POST " + WargPaths.publishRecord(NAME.logId()),
                        "POST " + upload,
                        "GET " + WargPaths.packageRecord(NAME.logId(), entry.id()),
                        "GET " + WargPaths.FETCH_CHECKPOINT,
                        "POST " + WargPaths.PROVE_CONSISTENCY);
    }

    @Test
    void theNextReleaseStandsOnTheHeadAndAsksForNoInit() throws Exception {
        publish("1.0.0");
        LairRun.Outcome outcome = publish("1.1.0", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        Ledger.Entry entry = registry.ledger.entries().getLast();
        assertThat(SignedPackageRecord.decode(entry.signed()).contents().prev())
                .isEqualTo(registry.ledger.entries().get(1).id());
        assertThat(outcome.json().propertyNames())
                .containsExactly(
                        "package",
                        "version",
                        "digest",
                        "sizeBytes",
                        "initialized",
                        "recordId",
                        "leafIndex",
                        "checkpointSize",
                        "registry");
        assertThat(outcome.json().get("recordId").asString())
                .isEqualTo(entry.id().toString());
        assertThat(outcome.json().get("leafIndex").asInt()).isEqualTo(2);
        assertThat(outcome.json().get("initialized").asBoolean()).isFalse();
        assertThat(registry.requests)
                .filteredOn(request -> request.contains("/content/sha256:"))
                .hasSize(1);
    }

    @Test
    void aLogWhoseTimeIsAheadOfThisClockGetsARecordOfTheSameTime() throws Exception {
        Instant ahead = lair.clock.instant().plusSeconds(100);
        registry.ledger =
                registry.ledger.plus(NAME, ahead, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
        assertThat(publish("1.0.0").exitCode()).isZero();
        Ledger.Entry entry = registry.ledger.entries().getLast();
        assertThat(SignedPackageRecord.decode(entry.signed()).contents().time()).isEqualTo(ahead);
    }

    @Test
    void waitingBecomesSlowerAndEndsWithTheTimeout() {
        registry.pollsUntilDecided = Integer.MAX_VALUE;
        LairRun.Outcome outcome = publish("1.0.0", "--timeout", "10");
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("is still being processed after 10 s; it may yet be published");
        assertThat(lair.pauses.getFirst().toMillis()).isEqualTo(50);
        assertThat(lair.pauses).allMatch(pause -> pause.toMillis() <= 1000).hasSizeBetween(10, 20);
        assertThat(lair.pauses.stream().mapToLong(java.time.Duration::toMillis).sum())
                .isEqualTo(10_000);
    }

    @Test
    void aRecordThatIsPublishedAtOnceNeedsNoWaiting() {
        registry.pollsUntilDecided = 0;
        assertThat(publish("1.0.0").exitCode()).isZero();
        assertThat(lair.pauses).isEmpty();
    }

    @Test
    void aRejectionEndsWithTheRegistrysReason() {
        registry.rejection = "content is not valid WebAssembly: unexpected end (at offset 0x0)\u001b[2J";
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .contains("the registry rejected record sha256:")
                .contains("content is not valid WebAssembly: unexpected end (at offset 0x0)\uFFFD[2J");
    }

    @Test
    void contentThatIsRefusedAtTheDoorEndsWithTheReasonOfTheRecord() {
        String record = "v1/package/" + NAME.logId() + "/record";
        registry.pollsUntilDecided = 0;
        registry.rejection = "content is not valid WebAssembly";
        registry.lie(
                record,
                answer -> answer.status() == 201 ? FakeRegistry.Answer.error(WargError.message(422, "no")) : answer);
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("rejected record").contains("content is not valid WebAssembly");
    }

    @Test
    void anUnauthorizedKeyIsRefusedWithTheRegistrysWords() {
        registry.lie(
                WargPaths.publishRecord(NAME.logId()),
                answer -> FakeRegistry.Answer.error(WargError.message(401, "unknown key id")));
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).endsWith("error: the registry refused to publish (401): unknown key id\n");
    }

    @Test
    void anUndefinedNamespaceIsNotFound() {
        registry.lie(
                WargPaths.publishRecord(NAME.logId()),
                answer -> FakeRegistry.Answer.error(WargError.namespaceNotDefined(NAME.namespace())));
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err()).contains("namespace `test` is not defined there");
    }

    /** 409: another record of this package is on its way. The client waits for it and builds on top of it, once. */
    @Test
    void aConflictWaitsForTheOtherRecordAndTriesAgain() {
        publish("1.0.0");
        Ledger before = registry.ledger;
        SignedPackageRecord other = SignedPackageRecord.sign(
                new PackageRecord(
                        before.entries().getLast().id(),
                        0,
                        lair.clock.instant(),
                        List.of(new PackageEntry.Release(SemVer.parse("1.0.1"), Digest.of(CONTENT)))),
                Vectors.BOB);
        registry.pending(NAME, other);
        AtomicInteger posts = new AtomicInteger();
        registry.lie(
                WargPaths.publishRecord(NAME.logId()),
                answer -> answer.status() == 202 && posts.getAndIncrement() == 0
                        ? FakeRegistry.Answer.error(WargError.conflict(other.id()))
                        : answer);
        LairRun.Outcome outcome = publish("2.0.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("warning: record " + other.id() + " of `test:hello` is on its way");
        assertThat(registry.ledger.entries().get(2).id()).isEqualTo(other.id());
        assertThat(registry.ledger.size()).isEqualTo(4);
    }

    @Test
    void aSecondConflictIsARefusal() {
        publish("1.0.0");
        Ledger.Entry published = registry.ledger.entries().getLast();
        registry.lie(
                WargPaths.publishRecord(NAME.logId()),
                answer -> answer.status() == 202
                        ? FakeRegistry.Answer.error(WargError.conflict(published.id()))
                        : answer);
        LairRun.Outcome outcome = publish("2.0.0");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("of this package is still on its way");
    }

    @Test
    void aReleasedVersionIsRefusedBeforeAnythingIsSent() {
        publish("1.0.0");
        registry.requests.clear();
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("`test:hello` 1.0.0 is released already, and a release never changes");
        assertThat(registry.requests).noneMatch(request -> request.contains("/record"));
    }

    @Test
    void aKeyThatTheLogDoesNotAllowIsALocalProblem() {
        publish("1.0.0");
        lair.run("key", "new", "other");
        LairRun.Outcome outcome = publish("2.0.0", "--key", "other");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("may not release for `test:hello`; use a key that its log allows");
    }

    @Test
    void aRegistryThatOnlySaysPublishedIsFoundOut() {
        registry.pollsUntilDecided = Integer.MAX_VALUE;
        registry.lie("v1/package/", RecordStatus.class, status -> RecordStatus.published(status.recordId(), 1));
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("is published at leaf 1, but its log of 1 records does not have it there");
    }

    @Test
    void aWrongLeafIndexIsFoundOut() {
        registry.lie("v1/package/", answer -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return new FakeRegistry.Answer(
                    answer.status(),
                    text.replace("\"registryIndex\":1", "\"registryIndex\":0").getBytes(StandardCharsets.UTF_8),
                    answer.headers());
        });
        assertThat(publish("1.0.0").exitCode()).isEqualTo(3);
    }

    @Test
    void anAnswerAboutAnotherRecordIsFoundOut() {
        registry.lie(
                WargPaths.publishRecord(NAME.logId()),
                RecordStatus.class,
                status -> RecordStatus.processing(
                        Ledger.worked().entries().getFirst().id()));
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("the registry answers about record");
    }

    @Test
    void aRegistryThatRewritesTheLogWhilePublishingIsFoundOut() {
        AtomicInteger checkpoints = new AtomicInteger();
        Ledger rewritten = Ledger.founded(Vectors.ALICE, FOUNDED.plusSeconds(1))
                .plus(FOUNDED.plusSeconds(2), Vectors.ALICE, new OperatorEntry.DefineNamespace("test"));
        registry.lie(WargPaths.FETCH_CHECKPOINT, CheckpointBody.class, body -> {
            if (checkpoints.getAndIncrement() == 0) {
                return body;
            }
            registry.ledger = rewritten;
            return CheckpointBody.of(rewritten.signed(Vectors.ALICE, FakeRegistry.EPOCH_SECONDS));
        });
        LairRun.Outcome outcome = publish("1.0.0");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("fork:");
    }

    @Test
    void aSealedKeySignsWithItsPassphraseOnly() throws Exception {
        Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
        LairRun.Outcome made = lair.run("key", "new", "ci", "--passphrase-file", "passphrase");
        assertThat(made.exitCode()).as(made.all()).isZero();
        LairRun.Outcome without = publish("1.0.0", "--key", "ci");
        assertThat(without.exitCode()).isEqualTo(7);
        assertThat(without.err()).contains("key `ci` is sealed by a passphrase; give it with --passphrase-file");
        LairRun.Outcome wrong = publishWith("correct horse battery stable");
        assertThat(wrong.exitCode()).isEqualTo(7);
        assertThat(wrong.err()).contains("this passphrase does not open the key store");
        assertThat(publishWith("correct horse battery staple").exitCode()).isZero();
    }

    private LairRun.Outcome publishWith(String passphrase) {
        lair.variables.put("LAIR_KEY_PASSPHRASE", passphrase);
        return publish("1.0.0", "--key", "ci");
    }

    @Test
    void aYankIsConfirmedOnTheTerminal() {
        publish("1.0.0");
        lair.terminal = true;
        lair.input = "n\n";
        LairRun.Outcome refused = lair.run("yank", "test:hello@1.0.0");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("Yank test:hello 1.0.0 for ever?")
                .contains("not confirmed; nothing was sent");
        assertThat(registry.ledger.size()).isEqualTo(2);
        lair.input = "y\n";
        LairRun.Outcome yanked = lair.run("yank", "test:hello@1.0.0");
        assertThat(yanked.exitCode()).as(yanked.all()).isZero();
        assertThat(yanked.out()).startsWith("yanked     test:hello 1.0.0\n");
        assertThat(registry.ledger.size()).isEqualTo(3);
    }

    @Test
    void aYankWithoutTerminalNeedsYes() {
        publish("1.0.0");
        LairRun.Outcome refused = lair.run("yank", "test:hello@1.0.0");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("nobody is there to confirm").contains("add --yes");
        assertThat(lair.run("yank", "test:hello@1.0.0", "--yes", "--json")
                        .json()
                        .get("yanked")
                        .asBoolean())
                .isTrue();
        assertThat(lair.run("yank", "test:hello@1.0.0", "--yes").err()).contains("is yanked already");
        assertThat(lair.run("yank", "test:hello@3.0.0", "--yes").exitCode()).isEqualTo(6);
        assertThat(lair.run("yank", "test:hello@^1.0.0", "--yes").exitCode()).isEqualTo(2);
    }
}
