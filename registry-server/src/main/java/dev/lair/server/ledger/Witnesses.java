package dev.lair.server.ledger;

import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TileNodes;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Who cosigns checkpoints, and whether what came back is enough to show them. */
interface Witnesses {

    /**
     * A log as it is to be witnessed.
     *
     * @param nodes for consistency proofs from whatever size a witness saw last; a new reader each time
     */
    record Head(String origin, long treeSize, RootHash root, SignedNote note, Supplier<NodeReader> nodes) {

        static Head of(LogKeys keys, long treeSize, RootHash root, long epochSeconds, LogTiles tiles) {
            return new Head(
                    keys.origin(),
                    treeSize,
                    root,
                    keys.sign(treeSize, root, epochSeconds),
                    () -> new TileNodes(tiles, treeSize));
        }
    }

    /**
     * What a round brought.
     *
     * @param log note of the main log with the cosignatures that came in time
     * @param evidence the same of the evidence log
     * @param mayPublish whether the policy is met, or need not be
     */
    record Round(SignedNote log, SignedNote evidence, boolean mayPublish) {}

    /** Nobody is asked. */
    Witnesses NONE = new Witnesses() {
        @Override
        public Round cosign(Head log, Head evidence) {
            return new Round(log.note(), evidence.note(), true);
        }

        @Override
        public void requireNotBehind(Head log, LongSupplier storedNow) {
            // Nobody could tell.
        }
    };

    /** Asks all witnesses about both logs at once and waits no longer than configured. */
    Round cosign(Head log, Head evidence) throws InterruptedException;

    /**
     * Asks at start whether anybody saw more of this log than is stored, or something else. Who does not answer is not
     * waited for: that would make every witness a way to stop the registry.
     *
     * @param storedNow leaves that are stored now: other nodes go on while this one starts
     * @throws LedgerException.Corrupt when one did
     */
    void requireNotBehind(Head log, LongSupplier storedNow) throws InterruptedException;
}
