package dev.lair.storage;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import org.jspecify.annotations.Nullable;

/** Which signed checkpoints a {@link LedgerStore} keeps. Every backend asks here, inside its own transaction. */
public final class CheckpointRule {

    private CheckpointRule() {}

    /**
     * Admits {@code candidate} beside the committed state and the latest kept checkpoint.
     *
     * @throws CheckpointRefusedException when a rule is broken; the message says which
     */
    public static void require(SignedCheckpoint candidate, LedgerState committed, @Nullable SignedCheckpoint latest) {
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
}
