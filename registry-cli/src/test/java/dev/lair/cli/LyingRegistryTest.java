package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyResponse;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.ProofRejected;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A registry that lies is found out: exit code 3 and plain words. Each client first sees five honest records, so it
 * remembers a checkpoint; then the registry has all seven, and lies.
 */
class LyingRegistryTest {

    private static final LogId COMPONENT = PackageName.parse("test:component").logId();
    private static final LogId YANKEE = PackageName.parse("test:yankee").logId();
    private static final Instant LATER = Instant.ofEpochSecond(1_700_000_900L);

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

    @SuppressWarnings("ImmutableEnumChecker")
    enum Lie {
        REWIND(
                "rewind: .* had 5 records when it was last seen and now has 4",
                registry -> registry.ledger = Ledger.worked().first(4)),
        FORK_AT_SAME_SIZE(
                "fork: .* shows two different histories of 5 records \\(log root",
                registry -> registry.ledger = forkedAt(4)),
        FORK_THAT_GREW(
                "fork: .* does not prove that its log of 7 records starts with the 5 seen before",
                registry -> registry.ledger = forkedAt(4)
                        .plus(
                                PackageName.parse("test:fork"),
                                LATER,
                                Vectors.BOB,
                                new PackageEntry.Init(Vectors.BOB.publicKey()))
                        .plus(
                                PackageName.parse("test:tine"),
                                LATER,
                                Vectors.BOB,
                                new PackageEntry.Init(Vectors.BOB.publicKey()))),
        ANOTHER_OPERATOR_LOG(
                "fork: the operator log of .* starts with another record than before",
                registry -> registry.ledger = Ledger.founded(Vectors.ALICE, LATER)),
        CONSISTENCY_PROOF_OF_OTHER_SIZES(
                "fork: .* does not prove",
                registry -> registry.lie(
                        WargPaths.PROVE_CONSISTENCY,
                        ConsistencyResponse.class,
                        proof -> new ConsistencyResponse(LogProofBundle.consistency(registry.ledger::node, 1, 7)
                                .encode()))),
        EMPTY_CONSISTENCY_PROOF(
                "fork: .* does not prove",
                registry -> registry.lie(
                        WargPaths.PROVE_CONSISTENCY,
                        ConsistencyResponse.class,
                        proof -> new ConsistencyResponse(new byte[0]))),
        NO_CONSISTENCY_PROOF(
                "does not prove that it only grew since 5 records",
                registry -> registry.lie(
                        WargPaths.PROVE_CONSISTENCY,
                        answer -> FakeRegistry.Answer.error(WargError.bundleFailure("no")))),
        INCLUSION_PROOF_WITH_A_WRONG_HASH(
                "does not prove that its newest records are in its log",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(flippedAtEnd(proof.log()), proof.map()))),
        INCLUSION_PROOF_OF_ANOTHER_LEAF(
                "does not prove that its newest records are in its log",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(
                                LogProofBundle.inclusion(registry.ledger::node, 7, List.of(6L, 4L))
                                        .encode(),
                                proof.map()))),
        MAP_PROOF_WITH_A_WRONG_HASH(
                "does not prove that the records it sent are the newest",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(proof.log(), flippedAtEnd(proof.map())))),
        TRUNCATED_MAP_BUNDLE(
                "has 1 map proofs for 2 logs",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(proof.log(), withoutLast(proof.map())))),
        EMPTY_MAP_BUNDLE(
                "has 0 map proofs for 2 logs",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(proof.log(), new byte[0]))),
        EMPTY_BUNDLES(
                "does not prove",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION,
                        InclusionResponse.class,
                        proof -> new InclusionResponse(new byte[0], new byte[0]))),
        NO_INCLUSION_PROOF(
                "does not prove that its newest records are in its log",
                registry -> registry.lie(
                        WargPaths.PROVE_INCLUSION, answer -> FakeRegistry.Answer.error(WargError.leafNotFound(6)))),
        CHECKPOINT_BY_AN_UNKNOWN_KEY(
                "signed by key sha256:\\w+, which its operator log does not know",
                registry -> registry.checkpointSigner = PrivateKey.generate(new SecureRandom())),
        CHECKPOINT_BY_A_KEY_WITHOUT_COMMIT("which its operator log does not permit to commit", registry -> {
            registry.ledger = Ledger.worked()
                    .plus(
                            LATER,
                            Vectors.ALICE,
                            new OperatorEntry.Grant(
                                    Vectors.BOB.publicKey(), List.of(OperatorPermission.DEFINE_NAMESPACE)));
            // The state machine asks that the signer holds what it grants; alice does.
            registry.checkpointSigner = Vectors.BOB;
        }),
        CHECKPOINT_WITH_ANOTHERS_SIGNATURE(
                "the signature of its checkpoint is not by key",
                registry -> registry.lie(
                        WargPaths.FETCH_CHECKPOINT,
                        CheckpointBody.class,
                        body -> new CheckpointBody(
                                body.contents(),
                                body.keyId(),
                                registry.ledger
                                        .first(6)
                                        .signed(Vectors.ALICE, FakeRegistry.EPOCH_SECONDS)
                                        .signature()))),
        CHECKPOINT_OF_NOTHING(
                "its checkpoint covers 0 records",
                registry -> registry.lie(
                        WargPaths.FETCH_CHECKPOINT,
                        CheckpointBody.class,
                        body -> new CheckpointBody(
                                new CheckpointBody.Contents(
                                        body.contents().logRoot(),
                                        0L,
                                        body.contents().mapRoot(),
                                        1L),
                                body.keyId(),
                                body.signature()))),
        CHECKPOINT_OF_NEGATIVE_LENGTH(
                "its checkpoint is none",
                registry -> registry.lie(
                        WargPaths.FETCH_CHECKPOINT,
                        CheckpointBody.class,
                        body -> new CheckpointBody(
                                new CheckpointBody.Contents(
                                        body.contents().logRoot(),
                                        -1L,
                                        body.contents().mapRoot(),
                                        1L),
                                body.keyId(),
                                body.signature()))),
        UNKNOWN_CHECKPOINT_LENGTH(
                "it has no checkpoint of 7 records",
                registry -> registry.lie(
                        WargPaths.FETCH_LOGS, answer -> FakeRegistry.Answer.error(WargError.checkpointNotFound(7)))),
        TAMPERED_RECORD_BYTES(
                "record 2 of 2 in the log of `test:component` \\(leaf 5\\) may not stand there",
                registry -> lieAboutComponent(
                        registry,
                        records -> List.of(
                                records.getFirst(),
                                new PublishedRecord(
                                        flippedAtEnd(records.get(1).contentBytes()),
                                        records.get(1).keyId(),
                                        records.get(1).signature(),
                                        records.get(1).registryIndex(),
                                        records.get(1).fetchToken())))),
        TAMPERED_FIRST_RECORD(
                "may not stand there",
                registry -> lieAboutComponent(
                        registry,
                        records -> List.of(
                                new PublishedRecord(
                                        flippedAtEnd(records.getFirst().contentBytes()),
                                        records.getFirst().keyId(),
                                        records.getFirst().signature(),
                                        records.getFirst().registryIndex(),
                                        records.getFirst().fetchToken()),
                                records.get(1)))),
        RECORD_SIGNED_BY_ANOTHER_KEY(
                "unable to verify signature",
                registry -> lieAboutComponent(
                        registry,
                        records -> List.of(
                                records.getFirst(),
                                new PublishedRecord(
                                        records.get(1).contentBytes(),
                                        records.get(1).keyId(),
                                        records.getFirst().signature(),
                                        records.get(1).registryIndex(),
                                        records.get(1).fetchToken())))),
        SWAPPED_RECORDS(
                "do not follow each other: leaf 1 comes after leaf 5",
                registry -> lieAboutComponent(registry, List::reversed)),
        SWAPPED_RECORDS_WITH_STRAIGHT_INDEXES(
                "the first record contained a previous hash value",
                registry -> lieAboutComponent(
                        registry,
                        records -> List.of(
                                at(records.get(1), records.getFirst().registryIndex()),
                                at(records.getFirst(), records.get(1).registryIndex())))),
        RECORD_TWICE(
                "do not follow each other: leaf 1 comes after leaf 1",
                registry -> lieAboutComponent(registry, records -> List.of(records.getFirst(), records.getFirst()))),
        LEAF_BEYOND_THE_CHECKPOINT(
                "at leaf 7, but the checkpoint ends before leaf 7",
                registry -> lieAboutComponent(registry, records -> List.of(records.getFirst(), at(records.get(1), 7)))),
        NEWEST_RECORD_AT_ANOTHER_LEAF(
                "does not prove that its newest records are in its log",
                registry -> lieAboutComponent(registry, records -> List.of(records.getFirst(), at(records.get(1), 4)))),
        NEGATIVE_LEAF(
                "do not follow each other: leaf -1 comes after leaf -1",
                registry ->
                        lieAboutComponent(registry, records -> List.of(at(records.getFirst(), -1), records.get(1)))),
        TWO_LOGS_AT_ONE_LEAF(
                "two logs claim leaf 6",
                registry -> lieAboutComponent(registry, records -> List.of(records.getFirst(), at(records.get(1), 6)))),
        MISSING_NEWEST_RECORD(
                "does not prove that its newest records are in its log",
                registry -> lieAboutComponent(registry, records -> List.of(records.getFirst()))),
        MISSING_FIRST_RECORD(
                "the first record contained a previous hash value",
                registry -> lieAboutComponent(registry, records -> List.of(records.get(1)))),
        EMPTY_LIST_FOR_A_LOG(
                "says neither that it does not have `test:component` nor what its log is",
                registry -> lieAboutComponent(registry, records -> List.of())),
        LOG_LEFT_OUT(
                "says neither that it does not have `test:component` nor what its log is",
                registry -> lieAboutLogs(registry, logs -> {
                    logs.remove(COMPONENT);
                    return logs;
                })),
        LOG_THAT_NOBODY_ASKED_FOR(
                "it sends log sha256:\\w+, which was not asked for",
                registry -> lieAboutLogs(registry, logs -> {
                    logs.put(YANKEE, List.of());
                    return logs;
                })),
        RECORDS_OF_ANOTHER_PACKAGE("does not prove", registry -> {
            FakeRegistry other = registry;
            lieAboutComponent(
                    registry,
                    records -> other.ledger.entries().stream()
                            .filter(entry -> entry.log().equals(YANKEE))
                            .map(entry -> new PublishedRecord(
                                    entry.signed().contentBytes(),
                                    entry.signed().keyId(),
                                    entry.signed().signature(),
                                    other.ledger.entries().indexOf(entry),
                                    entry.id().toString()))
                            .toList());
        }),
        NO_OPERATOR_LOG(
                "sends no operator log",
                registry -> registry.lie(
                        WargPaths.FETCH_LOGS,
                        FetchLogsResponse.class,
                        reply -> new FetchLogsResponse(reply.more(), null, reply.packages(), null))),
        MORE_FOR_EVER(
                "announces more records and sends none",
                registry -> registry.lie(
                        WargPaths.FETCH_LOGS,
                        FetchLogsResponse.class,
                        reply -> new FetchLogsResponse(true, List.of(), Map.of(), null))),
        A_WEB_PAGE(
                "is not what the warg protocol says",
                registry -> registry.lie(WargPaths.FETCH_CHECKPOINT, answer -> FakeRegistry.html()));

        private final String words;
        private final Consumer<FakeRegistry> tell;

        Lie(String words, Consumer<FakeRegistry> tell) {
            this.words = words;
            this.tell = tell;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundOutByVerify(Lie lie) {
        registry.ledger = Ledger.worked().first(5);
        assertThat(lair.run("verify").exitCode()).isZero();
        byte[] remembered = memory();
        registry.ledger = Ledger.worked();

        lie.tell.accept(registry);
        LairRun.Outcome outcome = lair.run("verify", "test:component");

        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err().lines()).as(outcome.all()).hasSize(1);
        assertThat(outcome.err()).startsWith("error: ").containsPattern(lie.words);
        assertThat(outcome.out()).doesNotContain("verified ");
        assertThat(memory()).as("a lie is not remembered").isEqualTo(remembered);
    }

    @ParameterizedTest
    @EnumSource(names = {"REWIND", "FORK_AT_SAME_SIZE", "FORK_THAT_GREW", "ANOTHER_OPERATOR_LOG"})
    void theWayOutOfAContradictionIsNamedAndWorks(Lie lie) {
        registry.ledger = Ledger.worked().first(5);
        lair.run("verify");
        lie.tell.accept(registry);
        assertThat(lair.run("verify").err()).contains("`lair registry forget " + registry.url() + "`");
        LairRun.Outcome forgotten = lair.run("registry", "forget", registry.url() + "/");
        assertThat(forgotten.exitCode()).as(forgotten.all()).isZero();
        assertThat(forgotten.err()).contains("warning: the next contact with " + registry.url());
        assertThat(lair.run("verify").out()).contains("trusted  first use");
    }

    @ParameterizedTest
    @EnumSource(names = {"REWIND", "TAMPERED_RECORD_BYTES", "EMPTY_BUNDLES", "MISSING_NEWEST_RECORD"})
    void nothingIsPulledFromALiar(Lie lie) throws Exception {
        registry.ledger = Ledger.worked().first(5);
        lair.run("verify");
        registry.ledger = Ledger.worked();
        lie.tell.accept(registry);
        assertThat(lair.run("pull", "test:component@0.1.0").exitCode()).isEqualTo(3);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(lair.home());
        }
        assertThat(registry.requests).noneMatch(request -> request.contains("content"));
    }

    @Test
    void aLedgerThatDoesNotMakeTheRootsFailsTheAudit() {
        registry.lie(
                WargPaths.ledgerRecords(0),
                answer -> new FakeRegistry.Answer(200, flippedAtEnd(answer.body()), Map.of()));
        LairRun.Outcome outcome = lair.run("verify", "--all");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("its ledger makes log root");
    }

    @Test
    void aLedgerThatIsTooShortFailsTheAudit() {
        registry.lie(
                WargPaths.ledgerRecords(0),
                answer -> new FakeRegistry.Answer(200, java.util.Arrays.copyOf(answer.body(), 6 * 64), Map.of()));
        assertThat(lair.run("verify", "--all").err()).contains("its ledger has 6 records, its checkpoint covers 7");
    }

    @Test
    void aWrongNameFailsTheAudit() {
        registry.lie(
                WargPaths.FETCH_NAMES,
                answer -> new FakeRegistry.Answer(
                        200,
                        new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8)
                                .replace("test:yankee", "test:other")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Map.of()));
        LairRun.Outcome outcome = lair.run("verify", "--all");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("`test:other`, which is another log");
    }

    private byte[] memory() {
        try (var files = Files.walk(lair.home())) {
            Path file = files.filter(path -> path.endsWith("checkpoint.json"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The worked registry with another record at this leaf. */
    private static Ledger forkedAt(int leaf) {
        return Ledger.worked()
                .first(leaf)
                .plus(
                        PackageName.parse("test:component"),
                        LATER,
                        Vectors.BOB,
                        new PackageEntry.Release(SemVer.parse("9.9.9"), Digest.of(Vectors.CONTENT)));
    }

    private static void lieAboutComponent(FakeRegistry registry, UnaryOperator<List<PublishedRecord>> lie) {
        lieAboutLogs(registry, logs -> {
            logs.computeIfPresent(COMPONENT, (log, records) -> lie.apply(records));
            return logs;
        });
    }

    private static void lieAboutLogs(FakeRegistry registry, UnaryOperator<Map<LogId, List<PublishedRecord>>> lie) {
        registry.lie(
                WargPaths.FETCH_LOGS,
                FetchLogsResponse.class,
                reply -> new FetchLogsResponse(
                        reply.more(),
                        reply.operator(),
                        lie.apply(new LinkedHashMap<>(reply.packages() == null ? Map.of() : reply.packages())),
                        null));
    }

    private static PublishedRecord at(PublishedRecord record, long leafIndex) {
        return new PublishedRecord(
                record.contentBytes(), record.keyId(), record.signature(), leafIndex, record.fetchToken());
    }

    private static byte[] flippedAtEnd(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[flipped.length - 1] ^= 1;
        return flipped;
    }

    private static byte[] withoutLast(byte[] mapBundle) {
        try {
            var proofs = new ArrayList<>(MapProofBundle.parse(mapBundle).proofs());
            proofs.removeLast();
            return MapProofBundle.of(Collections.unmodifiableList(proofs)).encode();
        } catch (ProofRejected e) {
            throw new IllegalStateException(e);
        }
    }
}
