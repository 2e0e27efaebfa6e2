package dev.lair.registry.attestation;

/** Every size that this package refuses to go beyond, and why. */
final class Limits {

    /** An envelope's payload of 256 KiB is 350 KB of base64; type, key id and signature are below 4 kB. */
    static final int ENVELOPE_BYTES = 360 * 1024;

    /** A statement is an envelope's payload. */
    static final int STATEMENT_BYTES = 256 * 1024;

    /** Provenance has some five levels; each costs stack. */
    static final int DEPTH = 32;

    /** A build may make many artifacts; a release is one of them. */
    static final int SUBJECTS = 1024;

    /** Names of subjects are file names and URIs. */
    static final int SUBJECT_NAME_CHARS = 1024;

    /** SHA-512 has 128 hex digits; `gitCommit` and others are shorter. */
    static final int DIGEST_CHARS = 256;

    /** Types of predicates are URIs. */
    static final int PREDICATE_TYPE_CHARS = 255;

    /** Issuers and registries are URLs. */
    static final int URL_CHARS = 255;

    /** GitHub's tokens have some thirty claims; what is used of them is a dozen. */
    static final int CLAIMS = 64;

    static final int CLAIM_NAME_CHARS = 64;

    /** The longest that are used are references of workflows: owner, repository, file and ref. */
    static final int CLAIM_CHARS = 1024;

    /** Ids of tokens are a prefix and 16 characters. */
    static final int TOKEN_ID_CHARS = 64;

    private Limits() {}
}
