package dev.lair.transparency;

/**
 * Reads the perfect subtrees of a log, of which every proof and every tile is made. Implementations may do I/O and may
 * throw their own unchecked exception for it.
 */
public interface NodeReader {

    /**
     * Root of the perfect subtree over the leaves {@code [index << level, (index + 1) << level)}; level 0 is the leaf
     * hash itself.
     *
     * @throws IndexOutOfBoundsException when the log does not have all those leaves
     */
    NodeHash node(int level, long index);
}
