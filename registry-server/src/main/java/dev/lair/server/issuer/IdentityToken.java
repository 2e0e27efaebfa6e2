package dev.lair.server.issuer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Web Token as it was handed in, of which nothing is verified (RFC 7515, compact form):
 *
 * <pre>
 * base64url(header) "." base64url(payload) "." base64url(signature)
 * </pre>
 *
 * Base64url has no padding, no white space and no other text for the same bytes; header and payload are JSON objects
 * ({@link StrictJson}).
 */
public final class IdentityToken {

    /**
     * What signatures may be made with: public keys alone. {@code none} is no signature, and {@code HS256} would take the
     * issuer's public key, which everybody has, for a secret.
     */
    static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "PS256", "ES256", "ES384");

    private static final int PARTS = 3;

    private final ObjectNode header;
    private final ObjectNode claims;
    private final byte[] signedBytes;
    private final byte[] signature;

    private IdentityToken(ObjectNode header, ObjectNode claims, byte[] signedBytes, byte[] signature) {
        this.header = header;
        this.claims = claims;
        this.signedBytes = signedBytes;
        this.signature = signature;
    }

    /**
     * Parses what was handed in.
     *
     * @throws MalformedTokenException for anything but three parts of the form above
     */
    public static IdentityToken parse(String text) throws MalformedTokenException {
        // Characters of a well-formed token are bytes; of others it does not matter which limit they break.
        if (text.length() > Limits.TOKEN_BYTES) {
            throw new MalformedTokenException("it has more than " + Limits.TOKEN_BYTES + " bytes");
        }
        String[] parts = text.split("\\.", PARTS + 1);
        if (parts.length != PARTS) {
            throw new MalformedTokenException("it is not three parts joined by dots");
        }
        byte[] signature = decoded(parts[2], "signature");
        if (signature.length == 0) {
            throw new MalformedTokenException("it is not signed");
        }
        return new IdentityToken(
                object(parts[0], "header"),
                object(parts[1], "payload"),
                (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                signature);
    }

    private static ObjectNode object(String part, String name) throws MalformedTokenException {
        return StrictJson.object(decoded(part, name))
                .orElseThrow(() -> new MalformedTokenException(
                        "its " + name + " is not one JSON object in UTF-8 whose members have distinct names"));
    }

    private static byte[] decoded(String part, String name) throws MalformedTokenException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // The decoder lets padding and unused bits pass: other texts for the same bytes.
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new MalformedTokenException("its " + name + " is not base64url without padding");
    }

    /** Who says that it issued this: good for choosing whose keys to try, for nothing else. */
    public String unverifiedIssuer() throws MalformedTokenException {
        return text(claims, "iss", "the claim iss");
    }

    /** One of {@link #ALGORITHMS}. */
    public String algorithm() throws MalformedTokenException {
        String algorithm = text(header, "alg", "the header's alg");
        if (!ALGORITHMS.contains(algorithm)) {
            throw new MalformedTokenException("its alg is none of "
                    + ALGORITHMS.stream().sorted().toList() + "; a token is signed with its issuer's private key");
        }
        if (header.has("crit")) {
            throw new MalformedTokenException("it demands extensions (crit); this registry knows none");
        }
        return algorithm;
    }

    /** Which of the issuer's keys it names. Without a name every key would have to be tried. */
    public String keyId() throws MalformedTokenException {
        String keyId = text(header, "kid", "the header's kid");
        if (keyId.length() > Limits.KEY_ID_CHARACTERS) {
            throw new MalformedTokenException(
                    "the header's kid has more than " + Limits.KEY_ID_CHARACTERS + " characters");
        }
        return keyId;
    }

    private static String text(ObjectNode object, String member, String name) throws MalformedTokenException {
        JsonNode value = object.get(member);
        if (value == null || !value.isString() || value.stringValue().isEmpty()) {
            throw new MalformedTokenException(name + " is missing or no text");
        }
        return value.stringValue();
    }

    /** Header and payload, as they were signed. */
    public byte[] signedBytes() {
        return signedBytes.clone();
    }

    /** As it was made over {@link #signedBytes}. */
    public byte[] signature() {
        return signature.clone();
    }

    /** The payload. Whoever has not verified the signature reads a stranger's text. */
    public ObjectNode claims() {
        return claims;
    }
}
