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

    /**
     * Pages of the database that the writer keeps: with SQLite's own 2 MB each look at the index of a million entries reads
     * its page anew. Taken as pages are used.
     */
    static final int WRITER_CACHE_KIB = 64 * 1024;

    /** The same for each reader. */
    static final int READER_CACHE_KIB = 8 * 1024;

    /**
     * Keys that move into the index's table together: three for each of 32 thousand entries, or a hundred for each of a
     * thousand that release so much. The more, the more of them share a page of the table: of a million entries some six.
     * They take 8 MB of memory, and the next gather meanwhile. The last batch of a generation is whole, so it may be larger
     * by the keys of one batch.
     */
    static final int INDEX_GENERATION_KEYS = 96 * 1024;

    /** From so many keys that the table does not have, some 24 MB, commits wait for it; opening reads no more of them. */
    static final int INDEX_TAIL_KEYS = 3 * INDEX_GENERATION_KEYS;

    /**
     * Rows of the index in one transaction, which a commit of records may have to wait for: some 15 ms. A chunk goes with
     * each commit, the keys of 1,365 entries that release one content. Where batches stay larger than that the index falls
     * behind, until a commit waits for a whole generation: a third of a second, now and then.
     */
    static final int INDEX_CHUNK_KEYS = 4 * 1024;

    /** Keys that are indexed in one transaction, and lie in memory for it, while nobody waits for another. */
    static final int INDEX_FILL_KEYS = 384 * 1024;

    /** How long a close waits for running statements. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** Buffer between an upload and its file. */
    static final int COPY_BUFFER_BYTES = 64 * 1024;

    /** A content up to here is copied to be looked at: mapping it into memory and out again costs more than that. */
    static final int COPIED_CONTENT_BYTES = 128 * 1024;

    /** Folders and locks of the content store: one per first byte of a digest (ledger storage, "Contents"). */
    static final int CONTENT_FOLDERS = 256;

    private Limits() {}
}
