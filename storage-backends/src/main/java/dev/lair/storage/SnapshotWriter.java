package dev.lair.storage;

import java.io.IOException;
import java.io.OutputStream;

/** Produces the bytes of a snapshot; see {@link SnapshotStore#save}. */
@FunctionalInterface
public interface SnapshotWriter {

    /** Writes all bytes to {@code out}, which is buffered, and leaves it open. */
    void write(OutputStream out) throws IOException;
}
