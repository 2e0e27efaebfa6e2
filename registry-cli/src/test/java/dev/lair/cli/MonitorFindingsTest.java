package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.tree.TreePaths;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records and leaves that are not what they must be, and logs that do not follow from what they were. */
class MonitorFindingsTest extends FollowedRegistry {

    @Test
    void aRecordWithAWrongSignatureIsFoundAndProvenToBeInTheLog() throws Exception {
        Ledger.Entry good = Ledger.worked().entries().get(5);
        Ledger.Entry bad = new Ledger.Entry(
                good.log(),
                good.name(),
                new SignedRecord(
                        good.signed().contentBytes(),
                        good.signed().keyId(),
                        Ledger.worked().entries().get(1).signed().signature()),
                good.id());
        registry.ledger = Ledger.worked().first(5).plus(bad);
        Finding finding =
                found("invalid-record", "at leaf 5 may not stand in log sha256:\\w+: unable to verify signature");
        assertThat(finding.report().get("leafIndex").asLong()).isEqualTo(5);
        assertProves(finding, 5, bad.leaf(), bad.signed());
    }

    @Test
    void aRecordWithoutPermissionIsFound() throws Exception {
        registry.ledger = registry.ledger.plus(
                COMPONENT,
                LATER,
                PrivateKey.generate(new SecureRandom()),
                new PackageEntry.Release(SemVer.parse("5.0.0"), Digest.of(Vectors.CONTENT)));
        Finding finding = found("invalid-record", "at leaf 7 .* did not have required permission release");
        Ledger.Entry last = registry.ledger.entries().getLast();
        assertProves(finding, 7, last.leaf(), last.signed());
    }

    @Test
    void twoRecordsOnTopOfOneAreFound() {
        RecordId prev = registry.ledger.entries().get(1).id();
        registry.ledger = registry.ledger.plus(Ledger.Entry.of(
                COMPONENT,
                SignedPackageRecord.sign(
                        new PackageRecord(
                                prev,
                                0,
                                LATER,
                                List.of(new PackageEntry.Release(SemVer.parse("6.0.0"), Digest.of(Vectors.CONTENT)))),
                        Vectors.BOB)));
        found("invalid-record", "at leaf 7 .* previous record hash does not match");
    }

    @Test
    void anOperatorRecordAgainstTheRulesIsFound() {
        registry.ledger = registry.ledger.plus(LATER, Vectors.BOB, new OperatorEntry.DefineNamespace("mine"));
        found("invalid-record", "at leaf 7 may not stand in the operator log: ");
    }

    @Test
    void anotherRecordThanTheLeafNamesIsFound() throws Exception {
        List<SignedRecord> swapped = new ArrayList<>(
                Ledger.worked().entries().stream().map(Ledger.Entry::signed).toList());
        swapped.set(5, swapped.get(1));
        registry.lie("records/", answer -> new FakeRegistry.Answer(200, RecordBundle.encode(swapped), Map.of()));
        Finding finding = found("wrong-record", "leaf 5 names record sha256:\\w+, and the registry gives record");
        assertProves(finding, 5, Ledger.worked().entries().get(5).leaf(), swapped.get(1));
    }

    @Test
    void anEntryThatIsNoLeafIsFound() {
        byte[] foreign = "hello".getBytes(StandardCharsets.UTF_8);
        byte[] last = Ledger.worked().entries().getLast().leaf().encode();
        registry.tree.entry = entry -> java.util.Arrays.equals(entry, last) ? foreign : entry;
        assertThat(found("wrong-record", "entry 6 of the log is no leaf").files())
                .contains("log-6.entry");
    }

    @Test
    void bundlesThatAreNoneAreNotBelieved() {
        registry.lie(
                "records/",
                answer -> new FakeRegistry.Answer(
                        200, java.util.Arrays.copyOf(answer.body(), answer.body().length - 1), Map.of()));
        notBelieved(3, "its /records/000.p/7 is not a bundle of 7 records: the bundle ends within record 6");
        registry.honest();
        registry.lie("log/tile/entries/", answer -> FakeTree.text("x"));
        notBelieved(3, "its /log/tile/entries/000.p/5 is not a bundle of 5 entries");
    }

    /** The other registry's log is signed, the records are this one's. */
    @Test
    void recordsThatDoNotMakeTheRootAreFoundWithTheirPlace() {
        Ledger other =
                registry.ledger.first(6).plus(FORK, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
        lieAboutLog(other);
        Finding finding = found("root-mismatch", "entry 6 as the registry gives it is not the leaf that its tree has");
        assertThat(finding.report().get("leafIndex").asLong()).isEqualTo(6);
        assertThat(finding.files()).contains("log-tile-0-0", "log-entries-0", "log-checkpoint", "warg-checkpoint.json");
    }

    @Test
    void aRootThatNoTileMakesIsFound() {
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree
                        .cosigned(new CheckpointText(FakeTree.ORIGIN, 7, OTHER_ROOT).format(), registry.tree.logKeys)
                        .format()));
        found("fork", "/log of 7 entries does not start with the 5 that were seen before");
    }

    @Test
    void aRootMismatchOfAFirstRunIsFound() {
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree
                        .cosigned(new CheckpointText(FakeTree.ORIGIN, 7, OTHER_ROOT).format(), registry.tree.logKeys)
                        .format()));
        LairRun fresh = new LairRun(folder.resolve("fresh")).registry(registry);
        LairRun.Outcome outcome = fresh.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err())
                .containsPattern(
                        "root-mismatch: the 7 records that the registry gives make root sha256:\\w+, and its log's"
                                + " checkpoint of 7 states " + OTHER_ROOT);
    }

    @Test
    void twoCheckpointsOfOneSizeAreKeptBoth() {
        registry.ledger =
                registry.ledger.first(4).plus(FORK, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
        Finding finding = found("split-view", "/log signed two trees of 5 entries");
        assertThat(finding.files()).containsExactly("log-checkpoint-before", "log-checkpoint");
        SignedNote before = SignedNote.parse(finding.text("log-checkpoint-before"));
        SignedNote now = SignedNote.parse(finding.text("log-checkpoint"));
        assertThat(CheckpointText.parse(before.text()).treeSize())
                .isEqualTo(CheckpointText.parse(now.text()).treeSize());
        assertThat(before.text()).isNotEqualTo(now.text());
        // Both carry the log's signature: whoever has its key sees that it signed both.
        assertThat(List.of(before, now))
                .allSatisfy(note -> assertThat(note.verify(
                                List.of(registry.tree.logKeys.getFirst().key())))
                        .hasSize(1));
    }

    @Test
    void aForkThatGrewIsFound() {
        registry.ledger = registry.ledger
                .first(4)
                .plus(FORK, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()))
                .plus(
                        PackageName.parse("test:tine"),
                        LATER,
                        Vectors.BOB,
                        new PackageEntry.Init(Vectors.BOB.publicKey()));
        Finding finding = found("fork", "/log of 6 entries does not start with the 5 that were seen before");
        assertThat(finding.files()).containsExactly("log-checkpoint-before", "log-checkpoint", "log-consistency.txt");
    }

    @Test
    void aShrinkingLogIsFoundAfterCachesHadTime() {
        registry.ledger = Ledger.worked().first(4);
        lair.pauses.clear();
        Finding finding = found("rewind", "/log had 5 entries when it was last seen and now has 4");
        assertThat(finding.files()).containsExactly("log-checkpoint-before", "log-checkpoint");
        assertThat(lair.pauses).hasSizeGreaterThan(10);
    }

    @Test
    void anOlderCheckpointOutOfACacheIsAskedForAgain() {
        int[] asked = {0};
        Ledger old = Ledger.worked().first(4);
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> asked[0]++ < 3
                        ? FakeTree.text(registry.tree.logNote(old).format())
                        : answer);
        LairRun.Outcome outcome = lair.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(lair.pauses).hasSize(3);
    }

    @Test
    void anotherLogUnderTheSameAddressIsFound() throws IOException {
        Files.writeString(folder.resolve("policy"), registry.tree.policy(0).format());
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree
                        .cosigned(
                                new CheckpointText(FakeTree.EVIDENCE_ORIGIN, 7, OTHER_ROOT).format(),
                                registry.tree.evidenceKeys)
                        .format()));
        LairRun.Outcome outcome = lair.run("monitor", "--policy", "policy");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("fork: /log was the log `" + FakeTree.ORIGIN + "` and now is `");
    }

    @Test
    void keysOfFirstUseStay() {
        var keys = List.of(FakeTree.key(dev.lair.signing.note.NoteKeyType.ED25519, FakeTree.ORIGIN, 50));
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree
                        .cosigned(registry.tree.logNote(registry.ledger).text(), keys)
                        .format()));
        registry.lie(
                TreePaths.CONFIG,
                answer -> FakeTree.text(new String(answer.body(), StandardCharsets.UTF_8)
                        .replace(
                                registry.tree.logKeys.getFirst().key().text(),
                                keys.getFirst().key().text())));
        notBelieved(
                3, "checkpoint of /log does not satisfy the policy: none of the note's 4 signatures is by a known key");
    }

    @Test
    void leavesThatChangedBehindTheCursorAreFound() {
        // The tree is the true one; only who reads the old entries again gets others.
        byte[] second = Ledger.worked().entries().get(1).leaf().encode();
        byte[] other = Ledger.worked().entries().get(2).leaf().encode();
        registry.tree.entry = entry -> java.util.Arrays.equals(entry, second) ? other : entry;
        found("fork", "the registry now gives other leaves below 5 than when they were checked");
    }

    private void lieAboutLog(Ledger other) {
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree.logNote(other).format()));
        registry.lie(
                "log/tile/0/",
                answer -> new FakeRegistry.Answer(
                        200,
                        registry.tree
                                .log(other)
                                .tile(new dev.lair.transparency.TilePath.Hashes(
                                        new dev.lair.transparency.TileId(0, 0), other.size())),
                        Map.of()));
    }
}
