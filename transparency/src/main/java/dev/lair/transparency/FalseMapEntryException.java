package dev.lair.transparency;

/**
 * An entry that a {@link MapSnapshot} brought in is none of the map whose root it has: its path and head do not lead to
 * its hash. The digest of a snapshot cannot tell, and the root does not either, since it is made of the entries' hashes.
 * Whoever meets this must not use the map: what follows from it has a root that is not true.
 */
public final class FalseMapEntryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FalseMapEntryException(byte[] path, RecordId head, int depth) {
        super("the map's entry at path " + Digest.ofBytes(path) + " names head " + head
                + ", which does not lead to its hash at depth " + depth
                + ": the snapshot that it came from was not made of the log's records");
    }
}
