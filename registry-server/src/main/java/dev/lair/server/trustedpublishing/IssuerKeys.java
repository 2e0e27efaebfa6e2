package dev.lair.server.trustedpublishing;

import dev.lair.server.issuer.IssuerDocuments;
import dev.lair.server.issuer.IssuerKey;
import dev.lair.server.issuer.KeysOfIssuer;
import dev.lair.server.issuer.NoIssuerKeyException;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of every configured issuer, fetched when a token needs them and kept in memory; a restart asks again. Each
 * issuer's are apart: one that does not answer holds up nobody else's tokens.
 */
final class IssuerKeys {

    private final IssuerDocuments documents;
    private final Clock clock;
    private final Map<String, KeysOfIssuer> byIssuer = new ConcurrentHashMap<>();

    IssuerKeys(IssuerDocuments documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * The issuer's key of this name.
     *
     * @throws ExchangeRefused invalid_signature when the issuer has no such key; issuer_unavailable when that cannot be said
     *     now, because it does not answer
     */
    IssuerKey key(TrustedIssuer issuer, String keyId) throws ExchangeRefused {
        try {
            return byIssuer.computeIfAbsent(issuer.url(), none -> new KeysOfIssuer(issuer.issuer(), documents, clock))
                    .key(keyId);
        } catch (NoIssuerKeyException e) {
            throw e.retryAfter()
                    .map(after -> ExchangeRefused.unavailable(e.getMessage(), after))
                    .orElseGet(() -> ExchangeRefused.of(Code.INVALID_SIGNATURE, e.getMessage()));
        }
    }
}
