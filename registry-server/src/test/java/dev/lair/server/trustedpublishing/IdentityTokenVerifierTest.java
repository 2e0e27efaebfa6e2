package dev.lair.server.trustedpublishing;

import static dev.lair.server.trustedpublishing.ForgedIssuer.RSA;
import static dev.lair.server.trustedpublishing.ForgedIssuer.base64;
import static dev.lair.server.trustedpublishing.ForgedIssuer.githubClaims;
import static dev.lair.server.trustedpublishing.ForgedIssuer.json;
import static dev.lair.server.trustedpublishing.ForgedIssuer.rs256;
import static dev.lair.server.trustedpublishing.ForgedIssuer.seconds;
import static dev.lair.server.trustedpublishing.ForgedIssuer.signed;
import static dev.lair.server.trustedpublishing.ForgedIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.transparency.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps 1 to 10 of the verifier, each with what it must not let through. */
class IdentityTokenVerifierTest {

    private final TestClock clock = new TestClock();
    private final KeptDocuments documents = new KeptDocuments(RSA, ForgedIssuer.EC);
    private final IdentityTokenVerifier verifier = verifier(IssuerKind.GITHUB);

    private IdentityTokenVerifier verifier(IssuerKind kind) {
        TrustedIssuers issuers = TrustedIssuers.of(TestSettings.of(
                        "trusted-publishing.issuers[0].url",
                        ForgedIssuer.URL,
                        "trusted-publishing.issuers[0].kind",
                        kind.name(),
                        "trusted-publishing.issuers[0].organisation",
                        "*")
                .trustedPublishing());
        return new IdentityTokenVerifier(issuers, new IssuerKeys(documents, clock), () -> ForgedIssuer.AUDIENCE, clock);
    }

    private ExchangeRefused refused(String token) {
        ExchangeRefused refused = catchThrowableOfType(ExchangeRefused.class, () -> verifier.verify(token));
        assertThat(refused).as("it was let through").isNotNull();
        return refused;
    }

    private void assertRefused(String token, Code code, String says) {
        ExchangeRefused refused = refused(token);
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        assertThat(refused).hasMessageContaining(says);
    }

    @Test
    void tokenOfAConfiguredIssuerIsReadIntoTypes() throws ExchangeRefused {
        VerifiedToken token = verifier.verify(rs256(githubClaims()));
        assertThat(token.issuer().url()).isEqualTo(ForgedIssuer.URL);
        assertThat(token.tokenId()).isEqualTo("2f1c9e0a-6a6e-4f0e-9d35-000000000001");
        assertThat(token.expiresAt()).isEqualTo(seconds(300));
        assertThat(token.claims()).isInstanceOfSatisfying(GithubClaims.class, claims -> {
            assertThat(claims.repository()).isEqualTo("octo-org/widgets");
            assertThat(claims.repositoryId()).isEqualTo("74");
            assertThat(claims.ownerId()).isEqualTo("65");
            assertThat(claims.workflowName()).isEqualTo("release.yml");
            assertThat(claims.environment()).isEqualTo("release");
            assertThat(claims.refProtected()).isTrue();
            assertThat(claims.shown())
                    .containsEntry("run_id", "9001")
                    .containsEntry("sha", "d6d9b4cd077a829c0275233bf3843c8294e250df")
                    .doesNotContainKeys("sub", "jti", "aud");
        });
    }

    @Test
    void signatureByACurveIsTaken() throws ExchangeRefused {
        Map<String, Object> header = Map.of("alg", "ES256", "kid", ForgedIssuer.EC.getKeyID());
        assertThat(verifier.verify(signed(ForgedIssuer.EC, "ES256", header, githubClaims()))
                        .tokenId())
                .isNotEmpty();
    }

    // --- 1. and 2.: form ---

    @Test
    void tokenBeyondSixteenKibibytesIsRefusedBeforeItIsRead() {
        assertRefused("a".repeat(dev.lair.server.issuer.Limits.TOKEN_BYTES + 1), Code.MALFORMED_TOKEN, "16384 bytes");
        String tooLong = rs256(with(githubClaims(), "padding", "x".repeat(13_000)));
        assertThat(tooLong.length()).isGreaterThan(dev.lair.server.issuer.Limits.TOKEN_BYTES);
        assertRefused(tooLong, Code.MALFORMED_TOKEN, "16384 bytes");
    }

    @Test
    void tokenOfExactlySixteenKibibytesIsRead() {
        assertRefused("a".repeat(dev.lair.server.issuer.Limits.TOKEN_BYTES), Code.MALFORMED_TOKEN, "three parts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "..", "a.b.c.d", "a.b.c.d.e", " ", "🚀.🚀.🚀"})
    void anythingButThreePartsIsRefused(String text) {
        assertThat(refused(text).code()).isEqualTo(Code.MALFORMED_TOKEN);
    }

    @Test
    void eachPartHasOneTextForItsBytes() {
        String token = rs256(githubClaims());
        String[] parts = token.split("\\.", -1);
        assertRefused(token + "=", Code.MALFORMED_TOKEN, "signature is not base64url");
        assertRefused(token + "\n", Code.MALFORMED_TOKEN, "signature is not base64url");
        assertRefused(parts[0] + "=." + parts[1] + "." + parts[2], Code.MALFORMED_TOKEN, "header is not base64url");
        assertRefused(" " + token, Code.MALFORMED_TOKEN, "header is not base64url");
        // 256 bytes leave four bits of the last letter without meaning.
        char last = token.charAt(token.length() - 1);
        String unused = token.substring(0, token.length() - 1) + (char) (last + 1);
        assertThat(Base64.getUrlDecoder().decode(unused.split("\\.", -1)[2]))
                .isEqualTo(Base64.getUrlDecoder().decode(parts[2]));
        assertRefused(unused, Code.MALFORMED_TOKEN, "signature is not base64url");
    }

    @Test
    void memberThatStandsTwiceIsRefused() {
        byte[] header = json(Map.of("alg", "RS256", "kid", RSA.getKeyID()));
        String payload = new String(json(githubClaims()), StandardCharsets.UTF_8);
        String twice = payload.substring(0, payload.length() - 1) + ",\"repository_id\":\"1\"}";
        assertRefused(
                signed(RSA, "RS256", header, twice.getBytes(StandardCharsets.UTF_8)),
                Code.MALFORMED_TOKEN,
                "payload is not one JSON object");
        String headerTwice = "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa-1\"}";
        assertRefused(
                signed(RSA, "RS256", headerTwice.getBytes(StandardCharsets.UTF_8), json(githubClaims())),
                Code.MALFORMED_TOKEN,
                "header is not one JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"a\"", "{} {}", "{\"a\":NaN}", "{'a':1}", "{", "", "\u0000{}"})
    void payloadThatIsNoJsonObjectIsRefused(String payload) {
        byte[] header = json(Map.of("alg", "RS256", "kid", RSA.getKeyID()));
        assertRefused(
                signed(RSA, "RS256", header, payload.getBytes(StandardCharsets.UTF_8)),
                Code.MALFORMED_TOKEN,
                "payload is not one JSON object");
    }

    @Test
    void payloadInAnotherEncodingIsRefused() {
        byte[] header = json(Map.of("alg", "RS256", "kid", RSA.getKeyID()));
        byte[] utf16 = new String(json(githubClaims()), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
        assertRefused(signed(RSA, "RS256", header, utf16), Code.MALFORMED_TOKEN, "payload is not one JSON object");
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe9, '"', '}'};
        assertRefused(signed(RSA, "RS256", header, latin), Code.MALFORMED_TOKEN, "payload is not one JSON object");
    }

    @Test
    void deeplyNestedPayloadIsRefused() {
        byte[] header = json(Map.of("alg", "RS256", "kid", RSA.getKeyID()));
        String deep = "{\"a\":" + "[".repeat(4000) + "]".repeat(4000) + "}";
        assertRefused(
                signed(RSA, "RS256", header, deep.getBytes(StandardCharsets.UTF_8)), Code.MALFORMED_TOKEN, "payload");
    }

    // --- 3.: issuer ---

    @Test
    void issuerThatIsNotConfiguredIsRefusedAndNeverAsked() {
        for (String issuer : List.of(
                "https://token.issuer.example/",
                "https://TOKEN.issuer.example",
                "http://token.issuer.example",
                "https://token.issuer.example.evil.example",
                "https://evil.example")) {
            assertRefused(rs256(with(githubClaims(), "iss", issuer)), Code.UNKNOWN_ISSUER, ForgedIssuer.URL);
        }
        assertThat(documents.keysAsked).hasValue(0);
    }

    // --- 4.: algorithm and key id ---

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "HS256", "HS384", "HS512", "rs256", "RS1", "EdDSA", "", "ES256K"})
    void algorithmWithoutPublicKeyOrOffTheListIsRefused(String algorithm) {
        String token = signed(RSA, "RS256", Map.of("alg", algorithm, "kid", RSA.getKeyID()), githubClaims());
        assertThat(refused(token).code()).isEqualTo(Code.MALFORMED_TOKEN);
        assertThat(documents.keysAsked).hasValue(0);
    }

    @Test
    void unsignedTokenIsRefused() {
        String unsigned = base64("{\"alg\":\"none\",\"kid\":\"rsa-1\"}") + "." + base64(json(githubClaims())) + ".";
        assertRefused(unsigned, Code.MALFORMED_TOKEN, "not signed");
        assertRefused(unsigned + "AA", Code.MALFORMED_TOKEN, "alg is none of");
    }

    @Test
    void publicKeyAsTheSecretOfHs256IsRefused() throws JOSEException {
        String text = base64("{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}") + "." + base64(json(githubClaims()));
        String signature = new MACSigner(RSA.toRSAPublicKey().getEncoded())
                .sign(new JWSHeader(JWSAlgorithm.HS256), text.getBytes(StandardCharsets.US_ASCII))
                .toString();
        assertRefused(text + "." + signature, Code.MALFORMED_TOKEN, "alg is none of");
    }

    @Test
    void keyIdIsRequired() {
        assertRefused(
                signed(RSA, "RS256", Map.of("alg", "RS256"), githubClaims()), Code.MALFORMED_TOKEN, "the header's kid");
        assertRefused(
                signed(RSA, "RS256", Map.of("alg", "RS256", "kid", 1), githubClaims()),
                Code.MALFORMED_TOKEN,
                "the header's kid");
        assertRefused(
                signed(RSA, "RS256", Map.of("alg", "RS256", "kid", "k".repeat(256)), githubClaims()),
                Code.MALFORMED_TOKEN,
                "the header's kid");
    }

    @Test
    void extensionThatMustBeUnderstoodIsRefused() {
        Map<String, Object> header =
                Map.of("alg", "RS256", "kid", RSA.getKeyID(), "crit", List.of("b64"), "b64", false);
        assertRefused(signed(RSA, "RS256", header, githubClaims()), Code.MALFORMED_TOKEN, "crit");
    }

    // --- 5. and 6.: key and signature ---

    @Test
    void tokenByAnotherKeyUnderTheNameOfTheIssuersIsRefused() {
        Map<String, Object> header = Map.of("alg", "RS256", "kid", RSA.getKeyID());
        assertRefused(
                signed(ForgedIssuer.OTHER_RSA, "RS256", header, githubClaims()), Code.INVALID_SIGNATURE, "signature");
    }

    @Test
    void keyThatTheTokenBringsAlongIsNotUsed() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("kid", ForgedIssuer.OTHER_RSA.getKeyID());
        header.put("jwk", ForgedIssuer.OTHER_RSA.toPublicJWK().toJSONObject());
        header.put("jku", "https://evil.example/keys");
        assertRefused(
                signed(ForgedIssuer.OTHER_RSA, "RS256", header, githubClaims()), Code.INVALID_SIGNATURE, "no key");
    }

    @Test
    void payloadUnderTheSignatureOfAnotherIsRefused() {
        String token = rs256(githubClaims());
        String[] parts = token.split("\\.", -1);
        String other = base64(json(with(githubClaims(), "repository_id", "75")));
        assertRefused(parts[0] + "." + other + "." + parts[2], Code.INVALID_SIGNATURE, "signature");
    }

    @Test
    void signatureWithAnyByteChangedIsRefused() {
        String[] parts = rs256(githubClaims()).split("\\.", -1);
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        for (int at = 0; at < signature.length; at += 17) {
            byte[] changed = signature.clone();
            changed[at] ^= 1;
            assertRefused(parts[0] + "." + parts[1] + "." + base64(changed), Code.INVALID_SIGNATURE, "signature");
        }
    }

    @Test
    void algorithmOfAnotherKindOfKeyIsRefused() {
        assertRefused(
                signed(RSA, "RS256", Map.of("alg", "ES256", "kid", RSA.getKeyID()), githubClaims()),
                Code.INVALID_SIGNATURE,
                "signature");
        assertRefused(
                signed(RSA, "RS256", Map.of("alg", "PS256", "kid", RSA.getKeyID()), githubClaims()),
                Code.INVALID_SIGNATURE,
                "signature");
    }

    @Test
    void keyThatIsForAnotherAlgorithmIsNotUsed() throws JOSEException {
        RSAKey onlyPs = new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.PS256).build();
        documents.keys = ForgedIssuer.keySet(onlyPs);
        assertRefused(rs256(githubClaims()), Code.INVALID_SIGNATURE, "signature");
    }

    @Test
    void nothingOfAnUnverifiedTokenIsRepeated() {
        String marker = "marker-of-a-stranger";
        List<String> tokens = new ArrayList<>(List.of(
                marker,
                rs256(with(githubClaims(), "iss", "https://" + marker + ".example")),
                signed(RSA, "RS256", Map.of("alg", marker, "kid", RSA.getKeyID()), githubClaims()),
                signed(RSA, "RS256", Map.of("alg", "RS256", "kid", marker), githubClaims()),
                signed(
                        ForgedIssuer.OTHER_RSA,
                        "RS256",
                        Map.of("alg", "RS256", "kid", RSA.getKeyID()),
                        with(githubClaims(), "aud", marker)),
                base64("{\"alg\":\"RS256\",\"" + marker + "\":}") + ".e30.AA"));
        for (String token : tokens) {
            ExchangeRefused refused = refused(token);
            assertThat(refused.difference()).as(refused.getMessage()).isEmpty();
            assertThat(refused.getMessage()).doesNotContain(marker);
        }
    }

    // --- 7.: times ---

    @Test
    void tokenIsGoodUntilItsExpiryAndTheLeeway() throws ExchangeRefused {
        String token = rs256(githubClaims());
        clock.set(seconds(300 + 29));
        assertThat(verifier.verify(token).expiresAt()).isEqualTo(seconds(300));
        clock.set(seconds(300 + 30));
        assertRefused(token, Code.TOKEN_EXPIRED, "exp");
    }

    /** The usual library lets 60 seconds pass. */
    @Test
    void tokenThatExpiredFortyFiveSecondsAgoIsRefused() {
        clock.set(seconds(300 + 45));
        ExchangeRefused refused = refused(rs256(githubClaims()));
        assertThat(refused.code()).isEqualTo(Code.TOKEN_EXPIRED);
        assertThat(refused.difference()).hasValueSatisfying(difference -> {
            assertThat(difference.claim()).isEqualTo("exp");
            assertThat(difference.actual()).isEqualTo("2026-03-04T05:11:07Z");
        });
    }

    /** Trail of Bits, PyPI 2026-1: a token was forgotten 25 seconds before it was refused. */
    @Test
    void usedTokenIsRememberedLongerThanItIsAccepted() throws ExchangeRefused {
        String token = rs256(githubClaims());
        clock.set(seconds(300).plus(Limits.LEEWAY).minusSeconds(1));
        VerifiedToken accepted = verifier.verify(token);
        assertThat(accepted.rememberUntil()).isAfter(clock.instant());
        clock.set(accepted.rememberUntil().minusSeconds(60));
        assertRefused(token, Code.TOKEN_EXPIRED, "exp");
        assertThat(accepted.rememberUntil())
                .isEqualTo(accepted.expiresAt().plus(Limits.LEEWAY).plusSeconds(60));
    }

    @ParameterizedTest
    @CsvSource({"iat, 30, true", "iat, 31, false", "iat, 7200, false", "nbf, 30, true", "nbf, 31, false"})
    void tokenFromTheFutureIsRefusedBeyondTheLeeway(String claim, long ahead, boolean taken) throws ExchangeRefused {
        clock.set(seconds(0));
        Map<String, Object> claims = with(githubClaims(), claim, seconds(ahead).getEpochSecond());
        claims = with(claims, "exp", seconds(ahead + 300).getEpochSecond());
        if (taken) {
            assertThat(verifier.verify(rs256(claims)).tokenId()).isNotEmpty();
        } else {
            assertRefused(rs256(claims), Code.TOKEN_EXPIRED, claim);
        }
    }

    @ParameterizedTest
    @CsvSource({"3600, true", "3601, false", "86400, false"})
    void tokenForLongerThanAnHourIsRefused(long lifetime, boolean taken) throws ExchangeRefused {
        String token = rs256(with(githubClaims(), "exp", seconds(lifetime).getEpochSecond()));
        if (taken) {
            assertThat(verifier.verify(token).tokenId()).isNotEmpty();
        } else {
            assertRefused(token, Code.TOKEN_EXPIRED, "valid for too long");
        }
    }

    @Test
    void tokenWithoutNotBeforeIsTaken() throws ExchangeRefused {
        assertThat(verifier.verify(rs256(with(githubClaims(), "nbf", null))).tokenId())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "jti"})
    void tokenWithoutAClaimAboutItselfIsRefusedByName(String claim) {
        assertRefused(rs256(with(githubClaims(), claim, null)), Code.MALFORMED_TOKEN, "claim " + claim + " is missing");
    }

    @Test
    void timeThatIsNoWholeNumberOfSecondsIsRefusedByName() {
        for (Object time : List.of("1772601967", 1.5, Double.MAX_VALUE, Long.MAX_VALUE, -1, true, List.of(1))) {
            for (String claim : List.of("exp", "iat", "nbf")) {
                assertRefused(rs256(with(githubClaims(), claim, time)), Code.MALFORMED_TOKEN, "claim " + claim);
            }
        }
        assertRefused(
                rs256(with(githubClaims(), "exp", new BigInteger("9".repeat(400)))), Code.MALFORMED_TOKEN, "claim exp");
    }

    @Test
    void tokenIdBeyondTwoHundredFiftyFiveCharactersIsRefused() {
        assertRefused(rs256(with(githubClaims(), "jti", "j".repeat(256))), Code.MALFORMED_TOKEN, "jti");
    }

    // --- 8.: audience ---

    /** The usual library takes a token for two when one of them is us. */
    @Test
    void audienceIsExactlyOneTextAndOurOwnHost() {
        for (Object audience : List.of(
                List.of(ForgedIssuer.AUDIENCE),
                List.of("sigstore", ForgedIssuer.AUDIENCE),
                "sigstore",
                "https://" + ForgedIssuer.AUDIENCE,
                ForgedIssuer.AUDIENCE + ".",
                ForgedIssuer.AUDIENCE + ":443",
                "Registry.example",
                "",
                1,
                Map.of("a", ForgedIssuer.AUDIENCE))) {
            assertRefused(rs256(with(githubClaims(), "aud", audience)), Code.WRONG_AUDIENCE, ForgedIssuer.AUDIENCE);
        }
        assertRefused(rs256(with(githubClaims(), "aud", null)), Code.WRONG_AUDIENCE, "missing");
        assertThat(refused(rs256(with(githubClaims(), "aud", "sigstore"))).difference())
                .contains(new Difference("aud", ForgedIssuer.AUDIENCE, "sigstore"));
    }

    @Test
    void audienceWithADigestBindsTheIdentityToThatContent() throws ExchangeRefused {
        Digest content = Digest.of(new byte[] {1});
        String bound = ForgedIssuer.AUDIENCE + "#" + content;
        assertThat(verifier.verify(rs256(with(githubClaims(), "aud", bound))).content())
                .isEqualTo(content);
        assertThat(verifier.verify(rs256(githubClaims())).content()).isNull();
        for (Object audience : List.of(
                ForgedIssuer.AUDIENCE + "#",
                ForgedIssuer.AUDIENCE + "#" + content.hex(),
                bound + "0",
                bound.substring(0, bound.length() - 1),
                ForgedIssuer.AUDIENCE + "#sha256:" + content.hex().toUpperCase(Locale.ROOT),
                ForgedIssuer.AUDIENCE + "#sha512:" + content.hex(),
                bound + " ",
                bound + "," + content,
                bound + "#" + content,
                "sigstore#" + content,
                ForgedIssuer.AUDIENCE + ".evil.example#" + content,
                "#" + content,
                content.toString(),
                List.of(bound),
                List.of(ForgedIssuer.AUDIENCE, bound))) {
            assertRefused(rs256(with(githubClaims(), "aud", audience)), Code.WRONG_AUDIENCE, ForgedIssuer.AUDIENCE);
        }
    }

    // --- 10.: claims ---

    @Test
    void claimsAreReadByTheKindOfTheIssuer() throws ExchangeRefused {
        assertThat(verifier(IssuerKind.GITLAB)
                        .verify(rs256(ForgedIssuer.gitlabClaims()))
                        .claims())
                .isInstanceOf(GitlabClaims.class);
        assertThat(verifier(IssuerKind.GENERIC).verify(rs256(githubClaims())).claims())
                .isInstanceOf(GenericClaims.class);
        ExchangeRefused refused = catchThrowableOfType(
                ExchangeRefused.class, () -> verifier(IssuerKind.GITLAB).verify(rs256(githubClaims())));
        assertThat(refused.code()).isEqualTo(Code.MALFORMED_TOKEN);
        assertThat(refused).hasMessageContaining("project_path");
    }
}
