package dev.lair.storage.embedded;

import java.time.Duration;

/** Every number that bounds this backend, and why it is what it is. */
final class Limits {

    /** Read connections, each with its platform thread: more only queue inside SQLite on a small machine. */
    static final int READERS = 8;

    /** How long a statement waits for a database lock. There is one writer, so only an operator's shell can hold it. */
    static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Writes that share one transaction and its sync, at most. Behind that many the sync costs little per write, and one
     * that waits does not wait for longer than it must.
     */
    static final int GROUPED_WRITES = 256;

    /** How long a close waits for running statements. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** Buffer between an upload and its file. */
    static final int COPY_BUFFER_BYTES = 64 * 1024;

    /** Folders and locks of the content store: one per first byte of a digest (ledger storage, "Contents"). */
    static final int CONTENT_FOLDERS = 256;

    private Limits() {}
}
