package dev.lair.server.trustedpublishing;

import dev.lair.server.issuer.IdentityToken;
import dev.lair.server.issuer.IssuerKey;
import dev.lair.server.issuer.MalformedTokenException;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedDigestException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Verifies an identity token, in the order of section 4 of trusted publishing: nothing that a token says is used before its
 * signature is verified, but its issuer, which chooses among configured ones, and the name of the key. The checks are our
 * own, since the usual library's let through an audience among several, a token from the future, and one without key id.
 *
 * <p>It reads no database: that the token's id is new, and who may publish what, is decided where the new token is made.
 */
final class IdentityTokenVerifier {

    /** Between the registry's name and a digest in {@code aud}; no host has it. */
    private static final String CONTENT_OF_AUDIENCE = "#";

    private final TrustedIssuers issuers;
    private final IssuerKeys keys;
    private final Supplier<String> audience;
    private final Clock clock;

    /** {@code audience} is this registry's own name in {@code aud}: the host of its configured public URL. */
    IdentityTokenVerifier(TrustedIssuers issuers, IssuerKeys keys, Supplier<String> audience, Clock clock) {
        this.issuers = issuers;
        this.keys = keys;
        this.audience = audience;
        this.clock = clock;
    }

    /**
     * Verifies the token as it was handed in. May fetch the issuer's keys, in bounded time.
     *
     * @throws ExchangeRefused with the code of the first step that fails; issuer_unavailable may be tried again
     */
    VerifiedToken verify(String text) throws ExchangeRefused {
        try {
            return verified(text);
        } catch (MalformedTokenException e) {
            throw ExchangeRefused.malformed(e.getMessage());
        }
    }

    private VerifiedToken verified(String text) throws ExchangeRefused, MalformedTokenException {
        // 1. At most 16 KiB, and 2. three parts, of which two are JSON objects.
        IdentityToken token = IdentityToken.parse(text);

        // 3. The issuer is configured: the token only chooses.
        TrustedIssuer issuer = issuers.named(token.unverifiedIssuer())
                .orElseThrow(() -> ExchangeRefused.of(
                        Code.UNKNOWN_ISSUER,
                        "the token's issuer is not one that this registry exchanges tokens of; it knows "
                                + issuers.all() + ", and its operator configures them"));

        // 4. An algorithm with public keys, and the name of a key.
        String algorithm = token.algorithm();
        String keyId = token.keyId();

        // 5. The key is the issuer's, as the issuer publishes it.
        IssuerKey key = keys.key(issuer, keyId);

        // 6. The signature.
        if (!key.verifies(algorithm, token.signedBytes(), token.signature())) {
            throw ExchangeRefused.of(
                    Code.INVALID_SIGNATURE, "the token's signature is not by the key of " + issuer + " that it names");
        }
        return accepted(issuer, token.claims());
    }

    /** The steps behind the signature. */
    VerifiedToken accepted(TrustedIssuer issuer, ObjectNode payload) throws ExchangeRefused {
        ClaimReader claims = new ClaimReader(payload);

        // 7. It is good now, and was never meant to be for long.
        Instant expiresAt = inItsTime(claims);

        // 8. It was issued for this registry alone, and perhaps for one content alone.
        Digest content = contentOfOwnAudience(payload.get("aud"));

        // 9. It has an id, by which it can be used once.
        String tokenId = claims.text("jti");
        if (tokenId.length() > Limits.TOKEN_ID_CHARACTERS) {
            throw ExchangeRefused.malformed(
                    "the claim jti has more than " + Limits.TOKEN_ID_CHARACTERS + " characters");
        }

        // 10. What it says about the job, in types.
        return new VerifiedToken(issuer, tokenId, expiresAt, content, IdentityClaims.read(issuer.kind(), payload));
    }

    private Instant inItsTime(ClaimReader claims) throws ExchangeRefused {
        Instant now = clock.instant();
        Instant expiresAt = claims.time("exp");
        Instant issuedAt = claims.time("iat");
        Instant notBefore = claims.optionalTime("nbf");
        if (!now.isBefore(VerifiedToken.acceptedUntil(expiresAt))) {
            throw outOfTime("exp", "later than " + now, expiresAt, "has expired; ask the forge for a new one");
        }
        Instant latest = now.plus(Limits.LEEWAY);
        if (issuedAt.isAfter(latest)) {
            throw outOfTime("iat", "not after " + now, issuedAt, "is from the future; compare the clocks");
        }
        if (notBefore != null && notBefore.isAfter(latest)) {
            throw outOfTime("nbf", "not after " + now, notBefore, "is not valid yet; compare the clocks");
        }
        if (Duration.between(issuedAt, expiresAt).compareTo(Limits.LIFETIME) > 0) {
            throw outOfTime(
                    "exp",
                    "at most " + Limits.LIFETIME.toMinutes() + " minutes after iat, " + issuedAt,
                    expiresAt,
                    "is valid for too long; at GitLab, give the job a timeout of at most an hour");
        }
        return expiresAt;
    }

    private static ExchangeRefused outOfTime(String claim, String expected, Instant actual, String what) {
        return ExchangeRefused.differs(
                Code.TOKEN_EXPIRED,
                new Difference(claim, expected, actual.toString()),
                "the identity token " + what + ": its " + claim + " is " + actual + ", expected " + expected);
    }

    /**
     * One text, letter by letter: the registry's own, with {@code #sha256:} and 64 hex digits behind it when the job asked for
     * a token for one content. A list is refused even of one: a token for two is the other's to use too.
     *
     * @return the content; null when any will do
     */
    private @Nullable Digest contentOfOwnAudience(@Nullable JsonNode actual) throws ExchangeRefused {
        String own = audience.get();
        if (actual != null && actual.isString()) {
            String text = actual.stringValue();
            if (text.equals(own)) {
                return null;
            }
            String bound = own + CONTENT_OF_AUDIENCE;
            if (text.startsWith(bound)) {
                try {
                    return Digest.parse(text.substring(bound.length()));
                } catch (MalformedDigestException e) {
                    // An audience of somebody else's, as far as we can tell.
                }
            }
        }
        @Nullable String shown;
        if (actual == null) {
            shown = null;
        } else if (actual.isString()) {
            shown = ClaimReader.printable("aud", actual.stringValue());
        } else {
            shown = actual.isArray() ? "a list" : "no text";
        }
        throw ExchangeRefused.differs(
                Code.WRONG_AUDIENCE,
                new Difference("aud", own, shown),
                "the identity token is not for this registry: its aud is "
                        + (shown == null ? "missing" : "`" + shown + "`") + ", expected the one text `" + own
                        + "`, or that with `#sha256:` and the digest of what is to be released; ask the forge for a token with that audience");
    }
}
