package dev.lair.server.login;

import dev.lair.server.issuer.IdentityToken;
import dev.lair.server.issuer.IssuerKey;
import dev.lair.server.issuer.MalformedTokenException;
import dev.lair.server.issuer.NoIssuerKeyException;
import dev.lair.server.login.LoginFailed.Code;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Verifies ID tokens (OpenID Connect Core, section 3.1.3.7). The token came from the provider's own endpoint; its signature is
 * checked all the same, so that who can answer there without the keys is nobody.
 */
@Component
final class IdTokens {

    /** How far the provider's clock may be from ours, both ways. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    /** A token was made for this login, minutes ago at most. */
    private static final Duration AGE = Duration.ofMinutes(15);

    private static final int MAX_SUBJECT = 255;
    private static final int MAX_SHOWN = 100;
    private static final long LAST_SECOND = 253_402_300_799L;

    private final Clock clock;

    IdTokens(Clock clock) {
        this.clock = clock;
    }

    /** Who the token says it is, once everything about it holds. */
    Who verify(Provider provider, String text, String nonce) throws LoginFailed {
        try {
            IdentityToken token = IdentityToken.parse(text);

            // 2. Its issuer is the one that was asked.
            require(token.unverifiedIssuer().equals(provider.issuer().url()), "its iss is another issuer");

            // 6. to 8. It is signed by a key that the issuer publishes; `none` and secrets for keys are no algorithms
            // here.
            String algorithm = token.algorithm();
            IssuerKey key = provider.keys().key(token.keyId());
            require(
                    key.verifies(algorithm, token.signedBytes(), token.signature()),
                    "its signature is not by the key that it names");
            return accepted(provider, token.claims(), nonce);
        } catch (MalformedTokenException e) {
            throw failed(e.getMessage());
        } catch (NoIssuerKeyException e) {
            if (e.retryAfter().isPresent()) {
                throw ProviderCalls.unavailable(provider, e);
            }
            throw failed(e.getMessage());
        }
    }

    private Who accepted(Provider provider, ObjectNode claims, String nonce) throws LoginFailed {
        // 3. to 5. It is for this registry alone.
        String client = provider.settings().clientId();
        require(isAlone(claims.get("aud"), client), "its aud is not this registry alone");
        JsonNode authorized = claims.get("azp");
        require(authorized == null || isText(authorized, client), "its azp is another client");

        // 9. and 10. Now is its time.
        Instant now = clock.instant();
        Instant issuedAt = time(claims, "iat").orElseThrow(() -> failed("it has no iat"));
        Instant expiresAt = time(claims, "exp").orElseThrow(() -> failed("it has no exp"));
        require(now.isBefore(expiresAt.plus(LEEWAY)), "it has expired");
        require(!issuedAt.isAfter(now.plus(LEEWAY)), "it is from the future");
        require(issuedAt.isAfter(now.minus(AGE)), "it was made long before this login");
        require(
                time(claims, "nbf")
                        .filter(from -> from.isAfter(now.plus(LEEWAY)))
                        .isEmpty(),
                "it is not valid yet");

        // 11. It was made for this login.
        require(isText(claims.get("nonce"), nonce), "its nonce is of another login");

        requireClaims(provider.settings().requiredClaims(), claims);
        String subject = text(claims, "sub");
        require(
                subject != null
                        && subject.length() <= MAX_SUBJECT
                        && subject.chars().allMatch(sign -> sign > ' ' && sign <= '~'),
                "its sub is not 1 to 255 visible characters of ASCII");
        String called = text(claims, "preferred_username");
        String wanted = called == null ? "" : called;
        return new Who(
                provider.issuer().url(),
                String.valueOf(subject),
                shown(called == null ? String.valueOf(subject) : called),
                // What stands before the @ of an address is no secret, and is what people are called.
                wanted.indexOf('@') > 0 ? wanted.substring(0, wanted.indexOf('@')) : wanted,
                time(claims, "auth_time"));
    }

    private static void requireClaims(Map<String, String> required, ObjectNode claims) throws LoginFailed {
        for (Map.Entry<String, String> each : required.entrySet()) {
            if (!has(claims.get(each.getKey()), each.getValue())) {
                throw new LoginFailed(Code.NOT_ADMITTED, "the identity lacks the required claim " + each.getKey());
            }
        }
    }

    private static boolean has(@Nullable JsonNode claim, String value) {
        if (claim == null) {
            return false;
        }
        if (claim.isArray()) {
            for (JsonNode element : claim) {
                if (isText(element, value)) {
                    return true;
                }
            }
            return false;
        }
        return isText(claim, value)
                || (claim.isBoolean() && String.valueOf(claim.booleanValue()).equals(value));
    }

    private static boolean isAlone(@Nullable JsonNode audience, String client) {
        return isText(audience, client)
                || (audience != null && audience.isArray() && audience.size() == 1 && isText(audience.get(0), client));
    }

    private static boolean isText(@Nullable JsonNode value, String text) {
        return value != null && value.isString() && value.stringValue().equals(text);
    }

    private static @Nullable String text(ObjectNode claims, String claim) {
        JsonNode value = claims.get(claim);
        return value == null || !value.isString() || value.stringValue().isEmpty() ? null : value.stringValue();
    }

    private static Optional<Instant> time(ObjectNode claims, String claim) throws LoginFailed {
        JsonNode value = claims.get(claim);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToLong();
        require(
                whole && value.longValue() >= 0 && value.longValue() <= LAST_SECOND,
                "its " + claim + " is no whole number of seconds");
        return Optional.of(Instant.ofEpochSecond(value.longValue()));
    }

    /** For eyes: bounded, and on one line. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .filter(point -> Character.isLetterOrDigit(point) || " -_.@+:/|".indexOf(point) >= 0)
                .limit(MAX_SHOWN)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static void require(boolean holds, String rule) throws LoginFailed {
        if (!holds) {
            throw failed(rule);
        }
    }

    private static LoginFailed failed(String rule) {
        return new LoginFailed(Code.NOT_VERIFIED, "the ID token is refused: " + rule);
    }
}
