package dev.lair.storage.s3;

import java.time.Duration;

/** Every number that bounds this backend, and why it is what it is. */
final class Limits {

    /**
     * Requests at once, each with a connection. The HTTP client has no bound of its own; a publish needs one at a time,
     * and more than this only queue at a server of the size that a registry has.
     */
    static final int REQUESTS = 32;

    /**
     * Streams that are read at once, each with a connection. Counted apart from {@link #REQUESTS}: slow downloads must
     * not keep anybody from publishing.
     */
    static final int STREAMS = 256;

    /** How long a request waits for its turn. Longer than a stall of the server, shorter than a client's patience. */
    static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(30);

    /** Tries per request: a server that restarts a process or moves a shard is back before the fourth. */
    static final int ATTEMPTS = 4;

    /** Pause before the second try; it doubles with each, at random below that. */
    static final Duration BACKOFF_BASE = Duration.ofMillis(100);

    /** Longest pause between two tries, also when the server asks to slow down. */
    static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

    /** Slowest upload that is waited for: a connection that carries less is taken for dead. */
    static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;

    /** Time for a server to join the parts of an upload; AWS speaks of minutes and keeps the connection warm. */
    static final Duration COMPLETE_TIMEOUT = Duration.ofMinutes(10);

    /** How long a close waits for requests that run. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** Up to here an upload or a whole content is held in the heap instead of a scratch file. */
    static final int HEAP_BYTES = 1024 * 1024;

    /** Up to here an opened range is read at once, so that it needs no connection while it is read. */
    static final int EAGER_BYTES = 64 * 1024;

    /** Up to here skipped bytes are read and dropped; beyond, a new request is cheaper. */
    static final int SKIP_BYTES = 256 * 1024;

    /** How often one stream is taken up again where its connection broke. */
    static final int RESUMES = 8;

    /** Buffer between an upload and its scratch file. */
    static final int COPY_BUFFER_BYTES = 64 * 1024;

    /** Objects that are read whole into the heap: tiles, checkpoints, verdicts. A bundle has up to 16.8 MB. */
    static final long OBJECT_BYTES = 32L * 1024 * 1024;

    /** S3's own bounds. */
    static final long MIN_PART_BYTES = 5L * 1024 * 1024;

    static final long MAX_PART_BYTES = 5L * 1024 * 1024 * 1024;
    static final int MAX_PARTS = 10_000;
    static final Duration MAX_PRESIGN = Duration.ofDays(7);

    /**
     * How long the mark of an ended life is kept, and with it the certainty that a request which was sent before its
     * end and is carried out late does no harm. Requests that take minutes were seen, days were not.
     */
    static final Duration LATE_REQUEST = Duration.ofDays(7);

    /** How often a put starts over because the content was deleted in the moment that it was there. */
    static final int LOST_RACES = 8;

    /** Writers of the check whether two can win: with fewer, servers that fail it were seen to pass. */
    static final int PROBE_WRITERS = 8;

    private Limits() {}
}
