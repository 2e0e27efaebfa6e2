package dev.lair.server.trustedpublishing;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An identity is not exchanged for a token (trusted publishing, section 4). Until the token's signature is verified the
 * message repeats nothing that the token says: it may be anybody's text. From then on a {@link Difference} tells what is
 * demanded and what the token has.
 */
final class ExchangeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    /** The problem codes of section 4; docs/API.md explains each. */
    enum Code {
        /** It is no token, or lacks a claim, or has one of the wrong type, which is named. */
        MALFORMED_TOKEN(400, false),
        UNKNOWN_ISSUER(400, false),
        /** The issuer's keys cannot be had now; {@link ExchangeRefused#retryAfter} says when to come again. */
        ISSUER_UNAVAILABLE(503, false),
        INVALID_SIGNATURE(400, false),
        /** Now is not its time: it has expired, is from the future, or is good for longer than an hour. */
        TOKEN_EXPIRED(400, true),
        WRONG_AUDIENCE(400, true),
        TOKEN_REUSED(400, true),
        /** The job was started by, or runs on, something that may not publish. */
        EVENT_NOT_ALLOWED(403, true),
        NO_PUBLISHER(403, true),
        OWNER_ID_MISMATCH(403, true),
        REPOSITORY_ID_MISMATCH(403, true),
        WORKFLOW_MISMATCH(403, true),
        ENVIRONMENT_MISMATCH(403, true),
        REF_MISMATCH(403, true),
        PENDING_NAME_TAKEN(409, true),
        /** The publisher is frozen, or the registry takes no identities. */
        DISABLED(403, true);

        private final int status;
        private final boolean verified;

        Code(int status, boolean verified) {
            this.status = status;
            this.verified = verified;
        }

        /** As problems and clients have it: {@code malformed_token}. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Of HTTP. */
        int status() {
            return status;
        }
    }

    /**
     * The claim that is not as demanded.
     *
     * @param claim its name
     * @param expected what is demanded, where one value can be named
     * @param actual what the token has; null when it lacks the claim
     */
    record Difference(
            String claim,
            @Nullable String expected,
            @Nullable String actual) {}

    private final Code code;
    private final transient @Nullable Difference difference;
    private final transient @Nullable Duration retryAfter;

    private ExchangeRefused(Code code, String message, @Nullable Difference difference, @Nullable Duration retryAfter) {
        super(message);
        if (difference != null && !code.verified) {
            throw new IllegalArgumentException(code + " is told before the signature is verified");
        }
        this.code = code;
        this.difference = difference;
        this.retryAfter = retryAfter;
    }

    /** A refusal that repeats nothing of the token. */
    static ExchangeRefused of(Code code, String message) {
        return new ExchangeRefused(code, message, null, null);
    }

    /** {@code rule} says what the text breaks. */
    static ExchangeRefused malformed(String rule) {
        return of(Code.MALFORMED_TOKEN, "the identity token is malformed: " + rule);
    }

    static ExchangeRefused differs(Code code, Difference difference, String message) {
        return new ExchangeRefused(code, message, difference, null);
    }

    static ExchangeRefused unavailable(String message, Duration retryAfter) {
        return new ExchangeRefused(Code.ISSUER_UNAVAILABLE, message, null, retryAfter);
    }

    Code code() {
        return code;
    }

    Optional<Difference> difference() {
        return Optional.ofNullable(difference);
    }

    /** Whole seconds, at least one. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
