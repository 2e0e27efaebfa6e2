package dev.lair.server.trustedpublishing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.lair.registry.api.ApiJson;
import dev.lair.server.TestClock;
import dev.lair.server.issuer.StrictJson;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Keys of an issuer of tests, tokens by them, and the claims that the forges' tokens have. */
final class ForgedIssuer {

    static final String URL = "https://token.issuer.example";
    static final String AUDIENCE = "registry.example";

    static final RSAKey RSA = rsa("rsa-1", 2048);
    static final RSAKey OTHER_RSA = rsa("rsa-2", 2048);
    static final ECKey EC = ec("ec-1");

    private ForgedIssuer() {}

    static TrustedIssuer github() {
        return issuer(URL, IssuerKind.GITHUB);
    }

    static TrustedIssuer issuer(String url, IssuerKind kind) {
        return new TrustedIssuer(new IssuerSettings(url, kind, "*", null, false, false, false));
    }

    static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What every token of these tests says about itself, five minutes long from the start of test clocks on. */
    static Map<String, Object> aboutTheToken() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", URL);
        claims.put("aud", AUDIENCE);
        claims.put("iat", TestClock.START.getEpochSecond());
        claims.put("nbf", TestClock.START.getEpochSecond() - 60);
        claims.put("exp", TestClock.START.getEpochSecond() + 300);
        claims.put("jti", "2f1c9e0a-6a6e-4f0e-9d35-000000000001");
        return claims;
    }

    /** A release from {@code octo-org/widgets}, in the old form of {@code sub}. */
    static Map<String, Object> githubClaims() {
        Map<String, Object> claims = aboutTheToken();
        claims.put("sub", "repo:octo-org/widgets:environment:release");
        claims.put("repository", "octo-org/widgets");
        claims.put("repository_id", "74");
        claims.put("repository_owner", "octo-org");
        claims.put("repository_owner_id", "65");
        claims.put("repository_visibility", "public");
        claims.put("workflow", "Release");
        claims.put("workflow_ref", "octo-org/widgets/.github/workflows/release.yml@refs/tags/v1.2.0");
        claims.put("workflow_sha", "d6d9b4cd077a829c0275233bf3843c8294e250df");
        claims.put("job_workflow_ref", "octo-org/widgets/.github/workflows/release.yml@refs/tags/v1.2.0");
        claims.put("job_workflow_sha", "d6d9b4cd077a829c0275233bf3843c8294e250df");
        claims.put("ref", "refs/tags/v1.2.0");
        claims.put("ref_type", "tag");
        claims.put("ref_protected", "true");
        claims.put("sha", "d6d9b4cd077a829c0275233bf3843c8294e250df");
        claims.put("environment", "release");
        claims.put("event_name", "push");
        claims.put("runner_environment", "github-hosted");
        claims.put("run_id", "9001");
        claims.put("run_attempt", "1");
        claims.put("actor", "octocat");
        claims.put("actor_id", "12");
        claims.put("repo_property_team", "widgets");
        return claims;
    }

    /** A release from {@code acme/tools/widgets}. */
    static Map<String, Object> gitlabClaims() {
        Map<String, Object> claims = aboutTheToken();
        claims.put("sub", "project_path:acme/tools/widgets:ref_type:tag:ref:v1.2.0");
        claims.put("namespace_id", "72");
        claims.put("namespace_path", "acme/tools");
        claims.put("project_id", "20");
        claims.put("project_path", "acme/tools/widgets");
        claims.put("project_visibility", "public");
        claims.put("user_login", "sample-user");
        claims.put("pipeline_id", "574");
        claims.put("pipeline_source", "push");
        claims.put("job_id", "302");
        claims.put("ref", "v1.2.0");
        claims.put("ref_type", "tag");
        claims.put("ref_path", "refs/tags/v1.2.0");
        claims.put("ref_protected", "true");
        claims.put("environment", "release");
        claims.put("runner_environment", "gitlab-hosted");
        claims.put("sha", "714a629c0b401fdce83e847fc9589983fc6f46bc");
        claims.put("ci_config_ref_uri", "gitlab.example/acme/tools/widgets//.gitlab-ci.yml@refs/tags/v1.2.0");
        return claims;
    }

    /** The claims with one changed; null takes it away. */
    static Map<String, Object> with(Map<String, Object> claims, String name, @Nullable Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(claims);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    static byte[] json(Object value) {
        return ApiJson.write(value);
    }

    static ObjectNode object(Map<String, Object> claims) {
        Optional<ObjectNode> object = StrictJson.object(json(claims));
        return object.orElseThrow();
    }

    static IdentityClaims read(IssuerKind kind, Map<String, Object> claims) throws ExchangeRefused {
        return IdentityClaims.read(kind, object(claims));
    }

    static String rs256(Map<String, Object> claims) {
        return signed(RSA, "RS256", Map.of("alg", "RS256", "kid", RSA.getKeyID(), "typ", "JWT"), claims);
    }

    static String signed(JWK key, String algorithm, Map<String, Object> header, Map<String, Object> claims) {
        return signed(key, algorithm, json(header), json(claims));
    }

    /** A token by this key, whatever header and payload are. */
    static String signed(JWK key, String algorithm, byte[] header, byte[] payload) {
        String text = base64(header) + "." + base64(payload);
        try {
            JWSSigner signer = key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
            return text + "."
                    + signer.sign(
                            new JWSHeader(JWSAlgorithm.parse(algorithm)), text.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] discovery(String issuer, String keys) {
        return json(Map.of("issuer", issuer, "jwks_uri", keys, "subject_types_supported", List.of("public")));
    }

    /** The public halves, as an issuer publishes them. */
    static byte[] keySet(JWK... keys) {
        return ("{\"keys\":["
                        + Arrays.stream(keys)
                                .map(key -> key.toPublicJWK().toJSONString())
                                .collect(Collectors.joining(","))
                        + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static Instant seconds(long afterStart) {
        return Instant.ofEpochSecond(TestClock.START.getEpochSecond()).plusSeconds(afterStart);
    }
}
