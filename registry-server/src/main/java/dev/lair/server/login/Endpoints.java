package dev.lair.server.login;

import dev.lair.server.issuer.Issuer;
import dev.lair.server.issuer.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a provider is spoken to (OpenID Connect Discovery, section 3).
 *
 * @param authorization where the browser goes
 * @param token where codes are redeemed
 * @param secretInBody whether the client's secret goes into the form, where HTTP's own header is not taken
 * @param saysIssuer whether every answer names its issuer (RFC 9207)
 */
record Endpoints(URI authorization, URI token, boolean secretInBody, boolean saysIssuer) {

    /** GitHub's, which are the same at its enterprise server. */
    static Endpoints ofGithub(Issuer issuer) {
        return new Endpoints(
                URI.create(issuer.url() + "/login/oauth/authorize"),
                URI.create(issuer.url() + "/login/oauth/access_token"),
                true,
                false);
    }

    /** Reads a discovery document; only places that the issuer may name are taken. */
    static Endpoints parse(Issuer issuer, byte[] discovery) throws IOException {
        ObjectNode document = StrictJson.object(discovery)
                .orElseThrow(() -> new IOException("its discovery document is not one JSON object"));
        JsonNode named = document.get("issuer");
        // Another issuer's document would bring another's endpoints: that is how providers are mixed up.
        if (named == null || !named.isString() || !named.stringValue().equals(issuer.url())) {
            throw new IOException("its discovery document is of another issuer than the configured one");
        }
        return new Endpoints(
                place(issuer, document, "authorization_endpoint"),
                place(issuer, document, "token_endpoint"),
                takesSecretInBodyOnly(document.get("token_endpoint_auth_methods_supported")),
                document.path("authorization_response_iss_parameter_supported").asBoolean(false));
    }

    private static URI place(Issuer issuer, ObjectNode document, String member) throws IOException {
        JsonNode named = document.get(member);
        try {
            URI place = new URI(named == null || !named.isString() ? "" : named.stringValue());
            if (issuer.mayName(place)) {
                return place;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IOException("its discovery document names no " + member
                + " at https and its own host; lair.accounts.providers[…].hosts may name others");
    }

    /** Without a word about it the header is what every provider takes (section 3, the default). */
    private static boolean takesSecretInBodyOnly(@Nullable JsonNode methods) {
        if (methods == null || !methods.isArray()) {
            return false;
        }
        boolean header = false;
        boolean body = false;
        for (JsonNode method : methods) {
            header |= method.isString() && method.stringValue().equals("client_secret_basic");
            body |= method.isString() && method.stringValue().equals("client_secret_post");
        }
        return body && !header;
    }
}
