package dev.lair.registry.attestation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who published a release, as far as the registry knew: a part of a {@link PublishAttestation}. It is shown to everybody,
 * so it holds what was decisive and no secret.
 *
 * @param kind by what the publisher was known
 * @param issuer who vouched for the identity; a trusted publisher has one
 * @param claims what was used of the identity, in the order in which it is shown; a trusted publisher has some
 * @param tokenId id of the token's row, never the token
 */
public record PublisherIdentity(
        Kind kind, Optional<String> issuer, Map<String, String> claims, Optional<String> tokenId) {

    /** By what a publisher was known. */
    public enum Kind {
        /** A CI job's identity, exchanged for a short token. */
        TRUSTED("trusted"),

        /** A person's API token. */
        TOKEN("token"),

        /** A person who was logged in. */
        SESSION("session"),

        /** The author's own key signed the record. */
        KEY("key");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As it stands in attestations. */
        public String text() {
            return text;
        }
    }

    private static final StrictJson JSON = new StrictJson("a publisher's identity");
    private static final Pattern CLAIM_NAME =
            Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0," + (Limits.CLAIM_NAME_CHARS - 1) + "}");
    private static final Pattern TOKEN_ID = Pattern.compile("[A-Za-z0-9_-]{1," + Limits.TOKEN_ID_CHARS + "}");

    /** The shape of this registry's tokens: kind, 30 characters and a checksum of 6 (trusted publishing, section 8). */
    private static final Pattern SECRET = Pattern.compile("lair_[a-z]+_[0-9A-Za-z]{36}");

    /** Checks what the components may be; {@link MalformedAttestationException} otherwise. */
    public PublisherIdentity {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        issuer.ifPresent(url -> requireText("`issuer`", url, Limits.URL_CHARS));
        if (claims.size() > Limits.CLAIMS) {
            throw JSON.malformed("it has " + claims.size() + " claims, and up to " + Limits.CLAIMS + " are kept");
        }
        claims.forEach((name, value) -> {
            if (!CLAIM_NAME.matcher(name).matches()) {
                throw JSON.malformed("names of claims are letters, digits, _ . and -, beginning with a letter");
            }
            requireText("claim `" + name + "`", value, Limits.CLAIM_CHARS);
        });
        tokenId.ifPresent(PublisherIdentity::requireTokenId);
        if (kind == Kind.TRUSTED && (issuer.isEmpty() || claims.isEmpty())) {
            throw JSON.malformed("a trusted publisher has an issuer and the claims that were used");
        }
    }

    private static void requireTokenId(String id) {
        requireNoSecret("`tokenId`", id);
        if (!TOKEN_ID.matcher(id).matches()) {
            throw JSON.malformed("`tokenId` has 1 to " + Limits.TOKEN_ID_CHARS + " letters, digits, _ and -");
        }
    }

    /** Checks that {@code value} can be shown and signed: not empty, not too long, Unicode, no control characters. */
    static void requireText(String what, String value, int limit) {
        if (value.isEmpty() || value.length() > limit) {
            throw JSON.malformed(what + " has 1 to " + limit + " characters, this has " + value.length());
        }
        requireNoSecret(what, value);
        if (value.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw JSON.malformed(what + " must be Unicode text without control characters");
        }
    }

    /** The last place where a token could become public for ever; the message does not repeat it. */
    private static void requireNoSecret(String what, String value) {
        if (SECRET.matcher(value).find()) {
            throw JSON.malformed(what + " holds a secret token of a registry, which must be revoked now");
        }
    }

    /** As a part of the predicate; {@link #read} is the inverse. */
    ObjectNode node() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("kind", kind.text);
        issuer.ifPresent(url -> node.put("issuer", url));
        ObjectNode used = node.putObject("claims");
        claims.forEach(used::put);
        tokenId.ifPresent(id -> node.put("tokenId", id));
        return node;
    }

    static PublisherIdentity read(JsonNode node) {
        String place = "`publisher`";
        JSON.requireObject(place, node, Set.of("kind", "claims"), Set.of("issuer", "tokenId"));
        Map<String, String> claims = new LinkedHashMap<>();
        JSON.texts("`claims`", node.get("claims")).forEach(one -> claims.put(one.getKey(), one.getValue()));
        return new PublisherIdentity(
                kind(JSON.text(place, node, "kind")),
                JSON.optionalText(place, node, "issuer"),
                claims,
                JSON.optionalText(place, node, "tokenId"));
    }

    /**
     * The kind that attestations call so.
     *
     * @throws MalformedAttestationException when there is none
     */
    public static Kind kind(String text) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> JSON.malformed("`kind` must be one of "
                        + Arrays.stream(Kind.values()).map(Kind::text).collect(Collectors.joining(", "))));
    }
}
