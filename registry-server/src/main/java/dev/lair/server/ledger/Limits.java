package dev.lair.server.ledger;

import java.time.Duration;

/** Every number that bounds the ledger, and why it is what it is. */
final class Limits {

    // --- reading in pages ---

    /** Leaves that are read at a time for replay, 64 bytes each: large enough that a statement costs nothing. */
    static final int LEAF_PAGE = 4096;

    /** Whole entries that are read at a time, 48 KiB each at most: some 50 MB in the worst case, 1 MB as records are. */
    static final int ENTRY_PAGE = 1024;

    /** Evidence entries that are read at a time: 200 bytes each, and the one looked for is nearly always the last. */
    static final int EVIDENCE_PAGE = 256;

    // --- sequencer and publisher ---

    /** How long a thread sleeps at most: then it looks what other nodes wrote, and whether the clock was set. */
    static final Duration IDLE = Duration.ofSeconds(1);

    /** First pause between two looks at a storage that does not answer: a restarted database is back in a second. */
    static final Duration FIRST_STORAGE_PAUSE = Duration.ofMillis(50);

    /** The longest: who waits for the storage notices it within a client's patience. */
    static final Duration LONGEST_STORAGE_PAUSE = Duration.ofSeconds(2);

    /** Pause after a round that could not publish: witnesses and databases that are away are not asked in a loop. */
    static final Duration PUBLISH_AGAIN = Duration.ofMillis(500);

    /** Full queues that may wait for a checkpoint before the next is hurried. */
    static final int HURRY_QUEUES = 8;

    /** Full queues of records that may wait for a checkpoint: more would only fill the heap while witnesses are away. */
    static final int UNPUBLISHED_QUEUES = 16;

    /** How long a stop waits for a checkpoint that is under way: witnesses and a database have their own time-outs. */
    static final Duration PUBLISHER_CLOSES_WITHIN = Duration.ofSeconds(30);

    // --- attestations ---

    /** Attestations that may wait to be stated, some 500 bytes each: more would only fill the heap while witnesses are away. */
    static final int WAITING_ATTESTATIONS = 65_536;

    /** Attestations that one round states: 300 kB in one transaction, which a checkpoint waits for. */
    static final int ATTESTATIONS_A_ROUND = 1024;

    // --- map ---

    /** Most logs that wait to be put into the map: some 10 MB. */
    static final int REPLAY_WAITING = 65_536;

    /** Records from the version before up to which a map is built at once: a tenth of a second. */
    static final long NEAR_MAP = 4096;

    /** Maps are given for checkpoints up to so many snapshot intervals back, and the snapshot below the oldest is kept. */
    static final int REBUILT_INTERVALS = 2;

    // --- tiles ---

    /** 32 MiB of tiles. */
    static final int CACHED_TILES = 4096;

    /** The right edge of a log of 2^31 leaves has at most 4 × 255 of these; older sizes want others. */
    static final int CACHED_ROOTS = 65_536;

    /** 16 MiB; a log of 10 million leaves has 154 tiles above level 0. */
    static final int CACHED_UPPER_TILES = 2048;

    /** Unfinished rows of leaves: the newest tree's, and whose writers just moved on. */
    static final int CACHED_EDGES = 4;

    // --- archive of tiles ---

    /** First pause after an archive failed: a bucket that is busy is ready again. */
    static final Duration FIRST_ARCHIVE_PAUSE = Duration.ofSeconds(1);

    /** The longest: what is copied late costs nobody anything. */
    static final Duration LONGEST_ARCHIVE_PAUSE = Duration.ofMinutes(1);

    /** A failing archive is told of once in so long. */
    static final Duration ARCHIVE_TOLD_EVERY = Duration.ofMinutes(1);

    /** How long a stop waits for copies under way: the next start makes up for them. */
    static final Duration ARCHIVE_CLOSES_WITHIN = Duration.ofSeconds(10);

    // --- witnesses ---

    /** A cosignature line of ML-DSA-44 has 3.3 kB; a witness may send a few. */
    static final int WITNESS_REPLY_BYTES = 64 * 1024;

    /** Size unknown, then its 409, then once more if it moved between. */
    static final int WITNESS_ATTEMPTS = 3;

    // --- copies of checkpoints ---

    /** Names that are listed at a time: as many as an object store answers for one request. */
    static final int LISTED_COPIES = 1000;

    /** The newest copies that a start compares, a request and some 24 nodes each: a third of a second with a bucket. */
    static final int COMPARED_COPIES = 32;

    private Limits() {}
}
