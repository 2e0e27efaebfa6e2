package dev.lair.storage;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import org.jspecify.annotations.Nullable;

/** What a {@link LedgerStore} publishes. Every backend asks here, inside the transaction that writes. */
public final class CheckpointRule {

    private CheckpointRule() {}

    /**
     * Admits {@code candidate} beside what is stored.
     *
     * @param committed state of the ledger
     * @param committedEvidence leaves of the evidence log
     * @param latest the kept checkpoint of the largest size
     * @param publishedEvidence leaves of the evidence log that the served note covers, 0 when none is served
     * @throws CheckpointRefusedException when a rule is broken; the message says which
     */
    public static void require(
            Publication candidate,
            LedgerState committed,
            long committedEvidence,
            @Nullable SignedCheckpoint latest,
            long publishedEvidence) {
        requireCheckpoint(candidate.checkpoint(), committed, latest);
        requireEvidence(candidate.notes().evidenceSize(), committedEvidence, publishedEvidence);
    }

    private static void requireCheckpoint(
            SignedCheckpoint candidate, LedgerState committed, @Nullable SignedCheckpoint latest) {
        Checkpoint checkpoint = candidate.contents().checkpoint();
        long size = checkpoint.logLength();
        // 1. Only what is committed is signed.
        if (size > committed.treeSize()) {
            throw new CheckpointRefusedException("a checkpoint of " + size + " leaves covers more than the "
                    + committed.treeSize() + " that are committed");
        }
        // 2. At the committed size there is one truth.
        if (size == committed.treeSize()
                && !(checkpoint.logRoot().equals(committed.logRoot())
                        && checkpoint.mapRoot().equals(committed.mapRoot()))) {
            throw new CheckpointRefusedException("a checkpoint of " + size + " leaves has log root "
                    + checkpoint.logRoot() + " and map root " + checkpoint.mapRoot() + ", the ledger has "
                    + committed.logRoot() + " and " + committed.mapRoot());
        }
        if (latest == null) {
            return;
        }
        Checkpoint newest = latest.contents().checkpoint();
        // 3. Neither size nor time runs backwards.
        if (size < newest.logLength()) {
            throw new CheckpointRefusedException(
                    "a checkpoint of " + size + " leaves comes after one of " + newest.logLength());
        }
        if (candidate.contents().epochSeconds() < latest.contents().epochSeconds()) {
            throw new CheckpointRefusedException("a checkpoint of time "
                    + candidate.contents().epochSeconds() + " s comes after one of "
                    + latest.contents().epochSeconds() + " s: does the clock run backwards?");
        }
        // 4. The same size is stated again only with the same roots.
        if (size == newest.logLength() && !checkpoint.equals(newest)) {
            throw new CheckpointRefusedException("a second checkpoint of " + size
                    + " leaves has other roots than the first: " + checkpoint + ", " + newest);
        }
    }

    private static void requireEvidence(long size, long committed, long published) {
        // 5. Evidence that a note covers is there for whoever asks.
        if (size > committed) {
            throw new CheckpointRefusedException("an evidence note of " + size + " leaves covers more than the "
                    + committed + " that are committed");
        }
        // 6. The evidence log never runs backwards in front of readers.
        if (size < published) {
            throw new CheckpointRefusedException(
                    "an evidence note of " + size + " leaves comes after one of " + published);
        }
    }
}
