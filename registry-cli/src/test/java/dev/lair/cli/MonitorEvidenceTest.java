package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.FetchLogsResponse;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TimestampedCheckpoint;
import dev.lair.transparency.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the registry states about its log and map must be what its records make: in the evidence log, and to warg clients. */
class MonitorEvidenceTest extends FollowedRegistry {

    // --- the map and the evidence log --------------------------------------------------------------------------------

    @Test
    void aLyingMapIsFoundAndProvenToBeStated() throws Exception {
        registry.tree.claim =
                honest -> new CheckpointEvidence(honest.origin(), honest.treeSize(), honest.logRoot(), OTHER_ROOT);
        Finding finding =
                found("wrong-map", "entry 1 of the evidence log states map root " + OTHER_ROOT + " for 7 records");
        TlogProof proof = TlogProof.parse(finding.text("evidence-1.tlog-proof"));
        CheckpointText checkpoint =
                CheckpointText.parse(SignedNote.parse(proof.checkpoint()).text());
        byte[] entry = proof.extra().orElseThrow();
        proof.inclusion(checkpoint.treeSize()).verify(MerkleHash.leaf(entry), checkpoint.root());
        assertThat(CheckpointEvidence.parse(entry).mapRoot()).isEqualTo(OTHER_ROOT);
    }

    @Test
    void aLyingLogRootInTheEvidenceIsFound() {
        registry.tree.claim =
                honest -> new CheckpointEvidence(honest.origin(), honest.treeSize(), OTHER_ROOT, honest.mapRoot());
        found("root-mismatch", "entry 1 of the evidence log states log root " + OTHER_ROOT + " for 7 records");
    }

    @Test
    void aClaimBetweenTwoCheckpointsIsComparedAtItsSize() {
        // Published at six records, with a wrong map; by now the registry has seven, and is right.
        registry.tree.claim =
                honest -> new CheckpointEvidence(honest.origin(), honest.treeSize(), honest.logRoot(), OTHER_ROOT);
        registry.tree.published(Ledger.worked().first(6));
        registry.tree.claim = honest -> honest;
        found("wrong-map", "for 6 records");
    }

    @Test
    void claimsOutOfOrderAreFound() {
        registry.tree.evidence.add(
                CheckpointEvidence.of(FakeTree.ORIGIN, Ledger.worked().first(5).checkpoint())
                        .entry());
        found("wrong-evidence", "entry 1 of the evidence log speaks of 5 records after one that spoke of 5");
    }

    @Test
    void claimsOfAnotherLogAreFound() {
        registry.tree.claim = honest ->
                new CheckpointEvidence("elsewhere.example/log", honest.treeSize(), honest.logRoot(), honest.mapRoot());
        found("wrong-evidence", "entry 1 of the evidence log speaks of the log `elsewhere.example/log`");
    }

    @Test
    void aClaimThatIsNoneIsFound() {
        registry.tree.evidence.add("lair.dev/checkpoint-evidence@v1\nx\n".getBytes(StandardCharsets.UTF_8));
        found("wrong-evidence", "entry 1 of the evidence log is none");
    }

    @Test
    void otherEntriesOfTheEvidenceLogAreCountedAndPassedOver() {
        registry.tree.evidence.add("an attestation".getBytes(StandardCharsets.UTF_8));
        LairRun.Outcome outcome = lair.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("2 new; 1 claim of its evidence log compared");
        registry.tree.evidence.add("another".getBytes(StandardCharsets.UTF_8));
        assertThat(lair.run("monitor").out()).contains("none new; 0 claims");
    }

    private static AttestationEvidence attested(String origin) {
        RecordId record = Ledger.worked().entries().get(5).leaf().recordId();
        return new AttestationEvidence(origin, record, Digest.of("an attestation".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void entriesAboutAttestationsAreReadBetweenClaims() {
        registry.tree.evidence.add(attested(FakeTree.ORIGIN).entry());
        registry.tree.published(Ledger.worked());
        registry.tree.evidence.add(attested(FakeTree.ORIGIN).entry());
        LairRun.Outcome outcome = lair.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("2 new; 1 claim of its evidence log compared");
        registry.tree.evidence.add(attested(FakeTree.ORIGIN).entry());
        assertThat(lair.run("monitor").out()).contains("none new; 0 claims");
    }

    @Test
    void anAttestationEntryThatIsNoneIsFound() {
        registry.tree.evidence.add("lair.dev/attestation-evidence@v1\nx\n".getBytes(StandardCharsets.UTF_8));
        found("wrong-evidence", "entry 1 of the evidence log is none: not a statement of an attestation");
    }

    @Test
    void anAttestationEntryOfAnotherLogIsFound() {
        registry.tree.evidence.add(attested("elsewhere.example/log").entry());
        found("wrong-evidence", "entry 1 of the evidence log speaks of the log `elsewhere.example/log`");
    }

    @Test
    void anAttestationThatIsStatedBeforeAnyCheckpointIsFound() {
        registry.tree.forgetEvidence();
        registry.tree.evidence.add(attested(FakeTree.ORIGIN).entry());
        registry.tree.published(Ledger.worked());
        LairRun.Outcome outcome =
                new LairRun(folder.resolve("stranger")).registry(registry).run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err())
                .containsPattern("entry 0 of the evidence log attests record sha256:\\w+ before a checkpoint");
    }

    @Test
    void anEvidenceLogThatWasRewrittenIsFound() {
        registry.tree.forgetEvidence();
        registry.tree.evidence.add("something else".getBytes(StandardCharsets.UTF_8));
        Finding finding = found("fork", "/evidence of 2 entries does not start with the 1 that were seen before");
        assertThat(finding.files()).contains("evidence-checkpoint-before", "evidence-checkpoint");
    }

    @Test
    void anEvidenceLogThatShrinksOrSplitsIsFound() {
        assertThat(lair.run("monitor").exitCode()).isZero();
        byte[] last = registry.tree.evidence.removeLast();
        found("rewind", "/evidence had 2 entries when it was last seen and now has 1");
        registry.tree.evidence.add("instead".getBytes(StandardCharsets.UTF_8));
        found("split-view", "/evidence signed two trees of 2 entries");
        assertThat(last).isNotEmpty();
    }

    @Test
    void anEvidenceLogThatDoesNotSpeakOfTheNewestCheckpointIsNotBelieved() {
        // It is signed afresh, with nothing in it about seven records.
        registry.tree.published(Ledger.worked());
        registry.tree.evidence.removeLast();
        notBelieved(3, "its evidence log ends with a checkpoint of 5 records, and 7 are published");
        assertThat(lair.pauses).hasSizeGreaterThan(10);
    }

    @Test
    void evidenceThatArrivesWhileWeWaitIsRead() {
        registry.tree.published(Ledger.worked());
        byte[] late = registry.tree.evidence.removeLast();
        int[] asked = {0};
        registry.lie(TreePaths.EVIDENCE_CHECKPOINT, answer -> {
            if (asked[0]++ == 3) {
                registry.tree.evidence.add(late);
            }
            return answer;
        });
        LairRun.Outcome outcome = lair.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("1 claim of its evidence log compared");
    }

    // --- warg's checkpoint -------------------------------------------------------------------------------------------

    private void lieAboutWarg(UnaryOperator<Checkpoint> lie) {
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                answer -> FakeRegistry.Answer.ok(CheckpointBody.of(SignedCheckpoint.sign(
                        new TimestampedCheckpoint(lie.apply(registry.ledger.checkpoint()), FakeRegistry.EPOCH_SECONDS),
                        Vectors.ALICE))));
    }

    @Test
    void anotherHistoryForWargClientsIsFound() {
        lieAboutWarg(honest -> new Checkpoint(OTHER_ROOT, honest.logLength(), honest.mapRoot()));
        Finding finding = found("split-view", "/v1/fetch/checkpoint gives states log root " + OTHER_ROOT);
        assertThat(finding.files()).contains("warg-checkpoint.json", "log-checkpoint", "evidence-checkpoint");
    }

    @Test
    void anotherMapForWargClientsIsFoundAlsoWhenNothingIsNew() {
        lieAboutWarg(honest -> new Checkpoint(honest.logRoot(), honest.logLength(), OTHER_ROOT));
        found("wrong-map", "/v1/fetch/checkpoint gives states map root " + OTHER_ROOT);
        registry.honest();
        assertThat(lair.run("monitor").exitCode()).isZero();
        lieAboutWarg(honest -> new Checkpoint(honest.logRoot(), honest.logLength(), OTHER_ROOT));
        found("wrong-map", "/v1/fetch/checkpoint gives states map root " + OTHER_ROOT);
    }

    @Test
    void aRewindForWargClientsIsFound() {
        lieAboutWarg(honest -> registry.ledger.first(4).checkpoint());
        found("rewind", "/v1/fetch/checkpoint covers 4 records, and 5 were there when it was last seen");
    }

    @Test
    void recordsForWargClientsOnlyAreNotBelieved() {
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(
                        registry.tree.logNote(Ledger.worked().first(6)).format()));
        notBelieved(3, "/log/checkpoint covers 6 records and /v1/fetch/checkpoint 7");
    }

    @Test
    void aWargCheckpointByAStrangerIsFound() {
        registry.checkpointSigner = Vectors.BOB;
        found("wrong-signer", "is signed by key " + Vectors.BOB.keyId() + ", which may not sign checkpoints");
        registry.ledger = registry.ledger.plus(
                LATER,
                Vectors.ALICE,
                new OperatorEntry.Grant(Vectors.BOB.publicKey(), List.of(OperatorPermission.DEFINE_NAMESPACE)));
        found("wrong-signer", "which may not sign checkpoints");
        registry.checkpointSigner = Vectors.ALICE;
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                CheckpointBody.class,
                body -> new CheckpointBody(
                        body.contents(),
                        body.keyId(),
                        Ledger.worked().first(6).signed(Vectors.ALICE, 1).signature()));
        found("wrong-signer", "is not signed by key " + Vectors.ALICE.keyId() + ", which it names");
    }

    @Test
    void aRetiredOperatorKeySignsNoCheckpointOfALaterSize() {
        registry.ledger = registry.ledger
                .plus(
                        LATER,
                        Vectors.ALICE,
                        new OperatorEntry.Grant(Vectors.BOB.publicKey(), List.of(OperatorPermission.COMMIT)))
                .plus(
                        LATER,
                        Vectors.ALICE,
                        new OperatorEntry.Revoke(Vectors.ALICE.keyId(), List.of(OperatorPermission.COMMIT)));
        found("wrong-signer", "is signed by key " + Vectors.ALICE.keyId());
        registry.checkpointSigner = Vectors.BOB;
        assertThat(lair.run("monitor").exitCode()).isZero();
    }

    // --- logs that are fetched again ---------------------------------------------------------------------------------

    private void lieAboutLogs(LogId log, UnaryOperator<List<PublishedRecord>> lie) {
        registry.lie(WargPaths.FETCH_LOGS, FetchLogsResponse.class, reply -> {
            Map<LogId, List<PublishedRecord>> logs =
                    new LinkedHashMap<>(reply.packages() == null ? Map.of() : reply.packages());
            logs.computeIfPresent(log, (id, records) -> lie.apply(records));
            return new FetchLogsResponse(reply.more(), reply.operator(), logs, null);
        });
    }

    @Test
    void aLogThatComesBackWithoutItsCheckedRecordIsFound() {
        lieAboutLogs(COMPONENT.logId(), records -> List.of());
        found("fork", "had record sha256:\\w+ when it was checked, and does not have it");
    }

    @Test
    void aLogThatComesBackInvalidIsFound() {
        lieAboutLogs(
                COMPONENT.logId(),
                records -> List.of(new PublishedRecord(
                        records.getFirst().contentBytes(),
                        records.getFirst().keyId(),
                        Ledger.worked().entries().get(5).signed().signature(),
                        records.getFirst().registryIndex(),
                        records.getFirst().fetchToken())));
        found("invalid-record", "was valid when it was checked, and is not as the registry gives it now");
    }
}
