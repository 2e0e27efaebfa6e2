package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TimestampedCheckpoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lies for which the operator's own key is used, or that only the audit of the whole ledger can see. */
class ForgedHistoryTest {

    private static final LogId COMPONENT = PackageName.parse("test:component").logId();

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

    private void assertFoundOut(LairRun.Outcome outcome, String words) {
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err()).containsPattern(words);
        assertThat(outcome.out()).doesNotContain("verified ");
    }

    /** The log is the true one; the map also has a log that is nowhere in it, and the proofs of all {@code heads} hold. */
    private void forgeMap(LogId... heads) {
        LogId nowhere = PackageName.parse("test:nowhere").logId();
        SparseMap map = Ledger.worked().map().with(nowhere, RecordId.ofBytes(new byte[32]));
        Checkpoint honest = Ledger.worked().checkpoint();
        forgeCheckpoint(new Checkpoint(honest.logRoot(), honest.logLength(), map.root()));
        byte[] proofs =
                MapProofBundle.of(Stream.of(heads).map(map::prove).toList()).encode();
        registry.lie(
                WargPaths.PROVE_INCLUSION,
                InclusionResponse.class,
                proof -> new InclusionResponse(proof.log(), proofs));
    }

    private void forgeCheckpoint(Checkpoint forged) {
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                CheckpointBody.class,
                body -> CheckpointBody.of(SignedCheckpoint.sign(
                        new TimestampedCheckpoint(forged, FakeRegistry.EPOCH_SECONDS), Vectors.ALICE)));
    }

    @Test
    void anotherMapOverTheSameLogIsAFork() {
        assertThat(lair.run("verify", "test:component").exitCode()).isZero();
        forgeMap(OperatorLog.LOG_ID, COMPONENT);
        assertFoundOut(
                lair.run("verify", "test:component"), "fork: .* two different histories of 7 records \\(map root");
    }

    @Test
    void aMapThatTheLedgerDoesNotMakeFailsTheAudit() {
        forgeMap(OperatorLog.LOG_ID);
        assertFoundOut(lair.run("verify", "--all"), "its ledger makes map root");
    }

    @Test
    void aCheckpointLongerThanProofsCanNameIsRefused() {
        Checkpoint honest = registry.ledger.checkpoint();
        forgeCheckpoint(new Checkpoint(honest.logRoot(), (1L << 31) + 1, honest.mapRoot()));
        assertFoundOut(lair.run("verify"), "its checkpoint covers 2147483649 records");
    }

    @Test
    void aTamperedOperatorRecordIsFoundOut() {
        registry.lie(WargPaths.FETCH_LOGS, FetchLogsResponse.class, reply -> {
            List<PublishedRecord> records = new ArrayList<>(reply.operator() == null ? List.of() : reply.operator());
            PublishedRecord last = records.removeLast();
            byte[] bytes = last.contentBytes();
            bytes[bytes.length - 1] ^= 1;
            records.add(new PublishedRecord(
                    bytes, last.keyId(), last.signature(), last.registryIndex(), last.fetchToken()));
            return new FetchLogsResponse(reply.more(), records, reply.packages(), null);
        });
        assertFoundOut(lair.run("verify"), "in the operator log \\(leaf \\d\\) may not stand there");
    }

    @Test
    void aRecordThatTheLedgerHasAtAnotherLeafFailsTheAudit() {
        registry.lie(WargPaths.FETCH_LOGS, FetchLogsResponse.class, reply -> {
            Map<LogId, List<PublishedRecord>> logs =
                    new LinkedHashMap<>(reply.packages() == null ? Map.of() : reply.packages());
            logs.computeIfPresent(COMPONENT, (log, records) -> {
                PublishedRecord first = records.getFirst();
                List<PublishedRecord> moved = new ArrayList<>(records);
                moved.set(
                        0,
                        new PublishedRecord(
                                first.contentBytes(),
                                first.keyId(),
                                first.signature(),
                                first.registryIndex() + 1,
                                first.fetchToken()));
                return moved;
            });
            return new FetchLogsResponse(reply.more(), reply.operator(), logs, null);
        });
        assertFoundOut(lair.run("verify", "--all"), "the log of .* is not what the ledger says of it");
    }

    @Test
    void anOperatorRecordThatTheLedgerHasAtAnotherLeafFailsTheAudit() {
        lieAboutOperator(records -> {
            PublishedRecord first = records.getFirst();
            records.set(
                    0,
                    new PublishedRecord(
                            first.contentBytes(),
                            first.keyId(),
                            first.signature(),
                            first.registryIndex() + 1,
                            first.fetchToken()));
        });
        assertFoundOut(lair.run("verify", "--all"), "the operator log is not what the ledger says of it");
    }

    /** Roots, signature and proofs are of a ledger that really has the record; only nobody is shown it. */
    @Test
    void anOperatorRecordThatIsInTheLedgerButNeverShownFailsTheAudit() {
        Ledger worked = Ledger.worked();
        Ledger hiding = worked.first(6)
                .plus(
                        Instant.ofEpochSecond(FakeRegistry.EPOCH_SECONDS),
                        Vectors.ALICE,
                        new OperatorEntry.Grant(Vectors.BOB.publicKey(), List.of(OperatorPermission.COMMIT)))
                .plus(worked.entries().getLast());
        registry.ledger = hiding;
        lieAboutOperator(records -> records.removeIf(record -> record.registryIndex() == 6));
        assertFoundOut(lair.run("verify", "--all"), "the operator log is not what the ledger says of it");
    }

    @Test
    void theOperatorRecordsOfAnHonestLedgerAreFoundInIt() {
        LairRun.Outcome outcome = lair.run("verify", "--all");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("operator log: all of its 2 records found in the ledger");
    }

    @Test
    void aLedgerThatEndsWithinARecordFailsTheAudit() {
        registry.lie(
                WargPaths.ledgerRecords(0),
                answer -> new FakeRegistry.Answer(200, Arrays.copyOf(answer.body(), 7 * 64 + 1), Map.of()));
        assertFoundOut(
                lair.run("verify", "--all"),
                "its ledger from leaf 0 on is none: .* these 449 bytes end 1 bytes into record 8");
    }

    private void lieAboutOperator(Consumer<List<PublishedRecord>> lie) {
        registry.lie(WargPaths.FETCH_LOGS, FetchLogsResponse.class, reply -> {
            List<PublishedRecord> records = new ArrayList<>(reply.operator() == null ? List.of() : reply.operator());
            lie.accept(records);
            return new FetchLogsResponse(reply.more(), records, reply.packages(), null);
        });
    }
}
