package dev.lair.storage.postgres;

import java.time.Duration;

/** Every number that bounds this backend, and why it is what it is. */
final class Limits {

    /** Questions in one statement: beyond some dozens a round trip shared by more saves nothing. */
    static final int GATHERED_QUESTIONS = 64;

    /** Statements of one kind at a time: with one, a slow answer would hold up all; with many, few questions share one. */
    static final int GATHERED_STATEMENTS = 2;

    /** Rows for each question about a log in a shared statement, so that its answer stays below some 25 MB. */
    static final int GATHERED_ROWS = 8;

    /** The oldest server that is supported and tested; its community support ends in November 2027. */
    static final int OLDEST_SERVER_MAJOR = 15;

    /** Read connections of a node: a small server allows 100 connections in all, so six nodes fit. */
    static final int READERS = 8;

    /** Write connections: sequencer, publisher and evidence must not wait for a snapshot that is being saved. */
    static final int WRITERS = 6;

    /** Most connections of one kind that settings may ask for: what a large server serves well. */
    static final int MAX_CONNECTIONS = 200;

    /** Runs of a transaction on accounts that others get in the way of: fifty racing for one row all end well before. */
    static final int SERIALIZATION_ATTEMPTS = 100;

    /** To open a TCP connection to one host: a dead host must not use up the time that the next in the list has. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(4);

    /** To try all hosts and log in. */
    static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

    /** How long a caller waits for a connection: rides out a quick restart of the server, and ends before a client does. */
    static final Duration POOL_WAIT = Duration.ofSeconds(10);

    /** How long the driver remembers which host was the primary: after a failover it asks anew. */
    static final Duration HOST_RECHECK = Duration.ofSeconds(1);

    /** Silence after which a server counts as gone, when no packet says so: longer than any statement may take. */
    static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    /** For one read. Writes have none: it would end a commit's wait for a standby as if the standby had answered. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** How long a write waits for another node's: several times the longest commit that was measured (1.5 s). */
    static final Duration LOCK_TIMEOUT = Duration.ofSeconds(6);

    /** After this a node that froze inside a transaction loses it, and with it the lock that all others wait for. */
    static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(15);

    /** The same for a stream out of the database, whose reader may pause to work. */
    static final Duration IDLE_STREAM = Duration.ofSeconds(60);

    /** How often idle connections are used, so that firewalls do not forget them. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    /** Age at which a connection is replaced, so that a changed address of the server is noticed. */
    static final Duration MAX_LIFETIME = Duration.ofMinutes(20);

    /** How long one node waits while another brings the tables to a new version. */
    static final Duration MIGRATION_WAIT = Duration.ofMinutes(10);

    /** How long a close waits for running statements. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** Piece of a snapshot in one row: large enough to need few rows, small beside the heap. */
    static final int CHUNK_BYTES = 1024 * 1024;

    /** Chunks that the driver fetches at a time. */
    static final int CHUNKS_FETCHED = 4;

    /** Longest file of a key store, by its port. */
    static final int SEALED_FILE_BYTES = 4 * 1024;

    private Limits() {}
}
