package dev.lair.storage;

import dev.lair.transparency.RootHash;
import java.util.Optional;

/**
 * Keeps what a witness has cosigned: one head per log. The whole value of a witness is that it never accepts two
 * futures, so check and store are one durable step.
 */
public interface WitnessStore extends AutoCloseable {

    /**
     * The last head of a log that was cosigned.
     *
     * @param treeSize leaves
     * @param root of the tree of that size
     * @param note the checkpoint as it was cosigned, with the cosignature
     */
    record Head(long treeSize, RootHash root, String note) {

        /** Whether both are absent, or have size and root in common. */
        public static boolean sameTree(Optional<Head> one, Optional<Head> other) {
            return one.map(Head::tree).equals(other.map(Head::tree));
        }

        private String tree() {
            return treeSize + " " + root;
        }
    }

    /** The head of the log of this origin; empty before the first. */
    Optional<Head> head(String origin);

    /**
     * Stores {@code next} if size and root of the stored head are those of {@code expected} (both may be absent); false
     * when they are not, and nothing was written. Durable when it returns.
     */
    boolean replace(String origin, Optional<Head> expected, Head next);

    /** Releases what the store holds. */
    @Override
    void close();
}
