package dev.lair.server.trustedpublishing;

import dev.lair.transparency.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token whose issuer signed it, for this registry and for now. That nobody used it before is not known here.
 *
 * @param issuer who signed it
 * @param tokenId its {@code jti}; one issuer gives each only once
 * @param expiresAt its {@code exp}
 * @param content the only content that it is for, when its audience names one
 * @param claims about the job
 */
record VerifiedToken(
        TrustedIssuer issuer,
        String tokenId,
        Instant expiresAt,
        @Nullable Digest content,
        IdentityClaims claims) {

    /**
     * Until when (issuer, token id) must be remembered as used: beyond the last moment at which the token is accepted, which
     * is the same constant away from its expiry (Trail of Bits, 2026-1: a memory shorter than the leeway let tokens work
     * twice).
     */
    Instant rememberUntil() {
        return acceptedUntil(expiresAt).plus(Limits.REMEMBERED_BEYOND);
    }

    /** The first moment at which a token that expires then is refused. */
    static Instant acceptedUntil(Instant expiresAt) {
        return expiresAt.plus(Limits.LEEWAY);
    }
}
