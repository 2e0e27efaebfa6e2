package dev.lair.server.issuer;

import java.time.Duration;

/** Every number that bounds what comes from issuers, and why it is what it is. */
public final class Limits {

    /** GitHub's have 2 kB; a header of HTTP, in which most tokens travel, rarely may be longer. */
    public static final int TOKEN_BYTES = 16 << 10;

    /** Members of a token nest two deep at GitHub's and GitLab's; nobody needs more than this. */
    static final int JSON_DEPTH = 16;

    /** Of a header's {@code kid}. */
    public static final int KEY_ID_CHARACTERS = 255;

    /** From the name's look-up to the last byte of one document. */
    public static final Duration FETCH_WITHIN = Duration.ofSeconds(5);

    /** How long one of several addresses is tried. */
    static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    /** Largest document of an issuer; GitHub's keys are 6 kB. */
    public static final int DOCUMENT_BYTES = 256 << 10;

    /** Status line and headers of an issuer's answer. */
    static final int HEAD_BYTES = 16 << 10;

    /** An issuer publishes the present keys, the next and the last. */
    public static final int KEYS = 100;

    /** Shorter moduli are within reach of who wants to be an issuer. */
    static final int RSA_BITS = 2048;

    /** Longer ones make a verification slow, and nobody uses them. */
    static final int RSA_BITS_MOST = 8192;

    /** Between two attempts to fetch the keys of one issuer, whatever tokens name. */
    static final Duration FETCH_EVERY = Duration.ofSeconds(60);

    /** Keys of this age are fetched again when the next token comes, so that a key that was taken back goes. */
    static final Duration REFRESH_AFTER = Duration.ofHours(1);

    /** Keys of this age are used no more: the issuer may have taken them back long ago. */
    static final Duration KEYS_LAST = Duration.ofHours(24);

    /** Requests that wait together for the keys of one issuer; more are told to come again. */
    public static final int WAITING = 32;

    /** How long such a request waits: for both documents, and a little. */
    static final Duration WAIT_FOR_FLIGHT = FETCH_WITHIN.multipliedBy(2).plusSeconds(1);

    /** A URL of an issuer, in a log line. */
    static final int URL_CHARACTERS = 1024;

    private Limits() {}
}
