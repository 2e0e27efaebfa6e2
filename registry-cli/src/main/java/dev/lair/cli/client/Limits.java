package dev.lair.cli.client;

import java.time.Duration;

/** Every limit of talking to a registry, each with its reason. */
public final class Limits {

    /** A registry that does not take a connection in this time is down. */
    static final Duration CONNECT = Duration.ofSeconds(10);

    /** From the request to the reply's headers: a registry that needs longer is not worth waiting for. */
    static final Duration REPLY = Duration.ofSeconds(30);

    /** Between two pieces of a reply's body: a stalled connection would otherwise hang for ever. */
    static final Duration STALL = Duration.ofSeconds(30);

    /**
     * A whole reply that is read into memory: a body that comes byte by byte would otherwise never end. 128 MiB in this
     * time are 450 kB/s.
     */
    static final Duration WHOLE_REPLY = Duration.ofMinutes(5);

    /** An upload may be slow but not dead: this many bytes each second, on top of {@link #REPLY}. */
    static final long SLOWEST_UPLOAD_BYTES_PER_SECOND = 16 * 1024;

    /** Longest JSON reply that is read: 1,000 records of the reference's largest size would not fit, 1,000 of ours do. */
    static final long JSON_REPLY_BYTES = 128L << 20;

    /** Longest error body that is read. */
    static final long ERROR_REPLY_BYTES = 64 << 10;

    /** Longest checkpoint of a log: the longest note that is parsed. */
    static final long CHECKPOINT_BYTES = 1 << 20;

    /** Longest {@code config.json}: ours has some 8 KiB, most of them keys. */
    static final long CONFIG_BYTES = 1 << 20;

    /** Longest bundle of entries: 256 with their two bytes of length. */
    static final long ENTRY_BUNDLE_BYTES = 256L * (2 + 65_535);

    /** Longest bundle of records: 256 of the 48 KiB that a Lair registry admits have 12 MiB; others may admit more. */
    static final long RECORD_BUNDLE_BYTES = 64L << 20;

    /** Redirects on the way to content; object stores use one. */
    static final int REDIRECTS = 5;

    /** Characters of a registry's own words that are shown. */
    static final int SHOWN_CHARACTERS = 500;

    private Limits() {}
}
