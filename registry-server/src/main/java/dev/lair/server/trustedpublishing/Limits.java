package dev.lair.server.trustedpublishing;

import java.time.Duration;

/** Every number that bounds trusted publishing, and why it is what it is. */
final class Limits {

    // --- identity tokens ---

    /**
     * How far the issuer's clock may be from ours, both ways. How long a token's id is remembered is derived from this: a
     * leeway that were longer than that memory would be a time in which a token works twice.
     */
    static final Duration LEEWAY = Duration.ofSeconds(30);

    /** How long a used token's id is kept beyond the last moment at which the token is accepted. */
    static final Duration REMEMBERED_BEYOND = Duration.ofSeconds(60);

    /** A token for longer than a job is a stored secret. GitHub's live 5 minutes, GitLab's as long as the job may run. */
    static final Duration LIFETIME = Duration.ofHours(1);

    /** Seconds since 1970 up to the year 9999: every sum of such a time and a duration above is a time. */
    static final long LAST_SECOND = 253_402_300_799L;

    /** Ids of tokens are kept in an index; GitHub's have 36 characters. */
    static final int TOKEN_ID_CHARACTERS = 255;

    /** A claim is shown, compared and kept. Refs are the longest ones: git bounds them by file names. */
    static final int CLAIM_CHARACTERS = 1024;

    // --- publishers ---

    /** Of each field of a publisher (section 1, "Field rules"). */
    static final int FIELD_CHARACTERS = 255;

    /** Claims that a generic publisher demands. */
    static final int DEMANDED_CLAIMS = 16;

    /** Publishers that name one package, or that are for all of a namespace. */
    static final int PUBLISHERS_PER_PACKAGE = 10;

    /** Packages that one publisher, or one token, names. */
    static final int PACKAGES = 50;

    /** Digests that one token is bound to. */
    static final int CONTENTS = 100;

    /** How long a publisher waits for the first release of its package. */
    static final Duration PENDING_LASTS = Duration.ofDays(30);

    // --- what is given for an identity token ---

    /** From the exchange to the upload's begin; what has begun by then may end later. */
    static final Duration MINTED_LASTS = Duration.ofMinutes(15);

    /** How long the row of a token that is over is kept, for whoever looks into what was released with it. */
    static final Duration MINTED_KEPT = Duration.ofDays(30);

    private Limits() {}
}
