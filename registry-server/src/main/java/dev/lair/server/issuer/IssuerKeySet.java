package dev.lair.server.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys that an issuer published at one moment, never none.
 *
 * @param byId usable keys by their {@code kid}; of two of one name the first
 * @param fetchedAt when they were asked for
 */
public record IssuerKeySet(Map<String, IssuerKey> byId, Instant fetchedAt) {

    public IssuerKeySet {
        byId = Map.copyOf(byId);
    }

    Optional<IssuerKey> named(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }

    /** Asks the issuer where its keys are, and fetches them from there. */
    static IssuerKeySet fetch(Issuer issuer, IssuerDocuments documents, Instant now) throws IOException {
        URI keys = keysUrl(issuer, documents.get(issuer, issuer.discovery()));
        return parse(documents.get(issuer, keys), now);
    }

    /** Where the keys are, of the issuer's discovery document. */
    public static URI keysUrl(Issuer issuer, byte[] discovery) throws IOException {
        ObjectNode document = StrictJson.object(discovery)
                .orElseThrow(() -> new IOException("its discovery document is not one JSON object"));
        // Another issuer's document, served here by mistake or by a redirect inside, would bring another's keys.
        if (!issuer.url().equals(text(document, "issuer"))) {
            throw new IOException("its discovery document is of the issuer `" + text(document, "issuer") + "`");
        }
        String named = text(document, "jwks_uri");
        try {
            URI keys = new URI(named);
            if (issuer.mayName(keys)) {
                return keys;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IOException("its discovery document names keys at `" + named
                + "`; they must be at https and the issuer's own host and port, or its setting"
                + " jwks-host (trusted publishing) or hosts (logins) must name the host");
    }

    /** Parses a key set (RFC 7517); entries that are no usable keys are passed over. */
    public static IssuerKeySet parse(byte[] document, Instant fetchedAt) throws IOException {
        List<Map<String, Object>> entries = entries(document);
        if (entries.size() > Limits.KEYS) {
            throw new IOException("its key set has more than " + Limits.KEYS + " keys");
        }
        Map<String, IssuerKey> byId = new HashMap<>();
        for (Map<String, Object> entry : entries) {
            IssuerKey.of(entry).ifPresent(key -> byId.putIfAbsent(key.id(), key));
        }
        if (byId.isEmpty()) {
            throw new IOException("its key set has no key that signatures can be checked with");
        }
        return new IssuerKeySet(byId, fetchedAt);
    }

    private static List<Map<String, Object>> entries(byte[] document) throws IOException {
        ObjectNode set =
                StrictJson.object(document).orElseThrow(() -> new IOException("its key set is not one JSON object"));
        List<Map<String, Object>> entries = new ArrayList<>();
        JsonNode keys = set.get("keys");
        if (keys == null || !keys.isArray()) {
            throw new IOException("its key set has no list `keys`");
        }
        for (JsonNode key : keys) {
            // What is no object is no key, and must not take the others away.
            if (key.isObject()) {
                entries.add(entry(key));
            }
        }
        return entries;
    }

    private static Map<String, Object> entry(JsonNode key) throws IOException {
        try {
            return JSONObjectUtils.parse(key.toString(), Limits.DOCUMENT_BYTES);
        } catch (ParseException e) {
            throw new IOException("a key of its key set is read in two ways: " + e.getMessage(), e);
        }
    }

    private static String text(ObjectNode document, String member) throws IOException {
        JsonNode value = document.get(member);
        if (value == null || !value.isString()) {
            throw new IOException("its discovery document has no text `" + member + "`");
        }
        return shortened(value.stringValue());
    }

    /** For logs; a URL of an honest issuer is shorter. */
    private static String shortened(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        String plain = new String(ascii, StandardCharsets.US_ASCII).replaceAll("\\p{Cntrl}", "?");
        return plain.length() > Limits.URL_CHARACTERS ? plain.substring(0, Limits.URL_CHARACTERS) : plain;
    }
}
