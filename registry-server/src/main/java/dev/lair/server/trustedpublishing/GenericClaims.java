package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Claims of an issuer of which only the standard is known. {@code sub} must be there; besides it every text, whole number
 * and truth value at the top of the token can be demanded. Lists and objects cannot.
 *
 * @param shown all of them, numbers and truth values as JSON writes them
 */
record GenericClaims(SortedMap<String, String> shown) implements IdentityClaims {

    /** These are about the token, and were checked for all. */
    static final Set<String> ABOUT_THE_TOKEN = Set.of("iss", "aud", "exp", "nbf", "iat", "jti");

    static GenericClaims read(ObjectNode claims) throws ExchangeRefused {
        new ClaimReader(claims).text("sub");
        SortedMap<String, String> shown = new TreeMap<>();
        for (Map.Entry<String, JsonNode> claim : claims.properties()) {
            JsonNode value = claim.getValue();
            String name = claim.getKey();
            if (ABOUT_THE_TOKEN.contains(name) || !TrustedPublisher.isClaimName(name)) {
                continue;
            }
            if (value.isString()) {
                shown.put(name, ClaimReader.printable(name, value.stringValue()));
            } else if (value.isBoolean() || (value.isIntegralNumber() && value.canConvertToLong())) {
                shown.put(name, value.asString());
            }
        }
        return new GenericClaims(Collections.unmodifiableSortedMap(shown));
    }

    @Override
    public IssuerKind kind() {
        return IssuerKind.GENERIC;
    }
}
