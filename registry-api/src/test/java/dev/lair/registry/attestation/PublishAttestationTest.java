package dev.lair.registry.attestation;

import static dev.lair.registry.attestation.AttestationVectors.BY_KEY;
import static dev.lair.registry.attestation.AttestationVectors.KEY;
import static dev.lair.registry.attestation.AttestationVectors.TRUSTED;
import static dev.lair.registry.attestation.AttestationVectors.file;
import static dev.lair.registry.attestation.AttestationVectors.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.attestation.PublisherIdentity.Kind;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.dsse.DsseEnvelope;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PublishAttestationTest {

    private static String text(PublishAttestation attestation) {
        return new String(attestation.format(), StandardCharsets.UTF_8);
    }

    private static void refused(String statement, String words) {
        assertThatThrownBy(() -> PublishAttestation.parse(utf8(statement)))
                .isInstanceOf(MalformedAttestationException.class)
                .hasMessageContaining(words);
    }

    @Test
    void statementsAreTheFilesBesideThisTestAndAreReadBackEqual() {
        Map<String, PublishAttestation> vectors = new LinkedHashMap<>();
        vectors.put("trusted.statement.json", TRUSTED);
        vectors.put("by-key.statement.json", BY_KEY);
        vectors.forEach((name, attestation) -> {
            byte[] stored = file(name, attestation.format());
            assertThat(text(attestation)).as(name).isEqualTo(new String(stored, StandardCharsets.UTF_8));
            assertThat(PublishAttestation.parse(stored)).as(name).isEqualTo(attestation);
        });
    }

    @Test
    void claimsKeepTheirOrder() {
        assertThat(PublishAttestation.parse(TRUSTED.format())
                        .publisher()
                        .claims()
                        .keySet())
                .containsExactly(
                        "repository", "repository_id", "repository_owner_id", "workflow_ref", "environment", "sha");
    }

    @Test
    void envelopeIsOpenedUnderTheKeyThatSignedAndNoOther() {
        DsseEnvelope envelope = TRUSTED.sign(KEY);
        assertThat(PublishAttestation.open(envelope, KEY.publicKey(), EcdsaP256.INSTANCE))
                .isEqualTo(TRUSTED);
        PrivateKey other = PrivateKey.generate(new SecureRandom());
        assertThatThrownBy(() -> PublishAttestation.open(envelope, other.publicKey(), EcdsaP256.INSTANCE))
                .isInstanceOf(MalformedAttestationException.class)
                .hasMessageContaining("is not signed by key " + other.keyId());
    }

    @Test
    void statementThatWasSignedAsAnotherTypeIsRefused() {
        DsseEnvelope envelope = DsseEnvelope.sign("application/json", TRUSTED.format(), KEY);
        assertThatThrownBy(() -> PublishAttestation.open(envelope, KEY.publicKey(), EcdsaP256.INSTANCE))
                .isInstanceOf(MalformedAttestationException.class)
                .hasMessageContaining("application/vnd.in-toto+json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"kind\":\"trusted\"|\"kind\":\"trusted\",\"kind\":\"key\"|Duplicate",
                "\"kind\":\"trusted\"|\"kind\":\"Trusted\"|`kind` must be one of trusted, token, session, key",
                "\"kind\":\"trusted\"|\"kind\":1|must be a text",
                "\"kind\":\"trusted\"|\"kind\":\"trusted\",\"safe\":\"yes\"|does not know: [safe]",
                "\"leafIndex\":35225469|\"leafIndex\":35225469,\"risk\":0|does not know: [risk]",
                "\"leafIndex\":35225469|\"leafIndex\":35225469.0|`leafIndex` must be a number",
                "\"leafIndex\":35225469|\"leafIndex\":9223372036854775808|`leafIndex` must be a number",
                "\"leafIndex\":35225469|\"leafIndex\":-1|must not be negative",
                "\"leafIndex\":35225469,|~\"leafIndex\":35225469, ~|one form",
                "\"leafIndex\":35225469,|\"leafIndex\":null,|`leafIndex` must be a number",
                "\"registry\":\"https://registry.example\",||must have a member `registry`",
                "\"registry\":\"https://registry.example\"|\"registry\":\"\"|`registry` has 1 to",
                "acme:http-client@1.2.3-rc.1|acme:http-client@1.2.3|one form, or its subject",
                "\"package\":\"acme:http-client\"|\"package\":\"acme:http-server\"|one form, or its subject or log id",
                "\"package\":\"acme:http-client\"|\"package\":\"Acme\"|Acme",
                "\"version\":\"1.2.3-rc.1\"|\"version\":\"1.2\"|1.2",
                "\"logId\":\"sha256:|\"logId\":\"sha256:0|one form, or its subject or log id",
                "\"recordId\":\"sha256:|\"recordId\":\"sha512:|SHA-256",
                "{\"sha256\":|{\"sha512\":|must have a digest `sha256`",
                "{\"sha256\":|{\"sha1\":\"00\",\"sha256\":|one form",
                "05Z|05.000Z|one form",
                "05Z|65Z|`publishedAt` is not a time",
                "attestations/publish/v1|attestations/publish/v2|`predicateType` must be",
                "Statement/v1|Statement/v0.1|`_type` must be",
                "\"_type\":|\"type\":|must have a member `_type`",
            })
    void otherStatementsAreRefused(String part, @Nullable String instead, String words) {
        String honest = text(TRUSTED);
        assertThat(honest).contains(part);
        int at = honest.lastIndexOf(part);
        String replacement = instead == null ? "" : instead;
        refused(honest.substring(0, at) + replacement + honest.substring(at + part.length()), words);
    }

    @Test
    void secondSubjectIsRefused() {
        String honest = text(TRUSTED);
        refused(
                honest.replace("\"subject\":[", "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"00\"}},"),
                "must have one subject");
    }

    @Test
    void anyAlteredByteIsRefusedOrAnotherAttestation() {
        byte[] honest = TRUSTED.format();
        List<byte[]> altered = new ArrayList<>();
        for (int at = 0; at < honest.length; at++) {
            for (int mask : new int[] {0x01, 0x20, 0x80}) {
                byte[] flipped = honest.clone();
                flipped[at] ^= (byte) mask;
                altered.add(flipped);
            }
            altered.add(Arrays.copyOf(honest, at));
        }
        for (char more : new char[] {' ', '\n', '}', 'x', '\0'}) {
            altered.add(utf8(text(TRUSTED) + more));
            altered.add(utf8(more + text(TRUSTED)));
        }
        int others = 0;
        for (byte[] one : altered) {
            try {
                PublishAttestation read = PublishAttestation.parse(one);
                assertThat(read.format()).isEqualTo(one);
                assertThat(read).isNotEqualTo(TRUSTED);
                others++;
            } catch (MalformedAttestationException expected) {
                // refused
            }
        }
        assertThat(others).isPositive();
    }

    @Test
    void randomDamageEndsInAnAttestationOrInTheParsersOwnException() {
        Random random = new Random(20_260_102);
        byte[] honest = TRUSTED.format();
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = honest.clone();
            for (int step = random.nextInt(4); step >= 0; step--) {
                damaged[random.nextInt(damaged.length)] = (byte) "\"{}[],:0-e\\ u\u00ff".charAt(random.nextInt(14));
            }
            byte[] cut = random.nextInt(3) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
            try {
                assertThat(PublishAttestation.parse(cut).format()).isEqualTo(cut);
            } catch (MalformedAttestationException expected) {
                // refused
            }
        }
    }

    @Test
    void timeIsKeptInWholeSeconds() {
        PublishAttestation late = new PublishAttestation(
                TRUSTED.registry(),
                TRUSTED.packageName(),
                TRUSTED.version(),
                TRUSTED.content(),
                TRUSTED.recordId(),
                TRUSTED.leafIndex(),
                TRUSTED.readme(),
                TRUSTED.publisher(),
                TRUSTED.publishedAt().plusNanos(999_999_999));
        assertThat(late).isEqualTo(TRUSTED);
        assertThat(late.leafIndex()).isEqualTo(OptionalLong.of(35_225_469));
    }

    private static PublisherIdentity identity(
            Kind kind, @Nullable String issuer, Map<String, String> claims, @Nullable String tokenId) {
        return new PublisherIdentity(kind, Optional.ofNullable(issuer), claims, Optional.ofNullable(tokenId));
    }

    @Test
    void trustedPublisherWithoutIssuerOrClaimsIsRefused() {
        Map<String, String> claims = Map.of("repository", "a/b");
        assertThat(identity(Kind.TRUSTED, "https://issuer.example", claims, null)
                        .claims())
                .isEqualTo(claims);
        assertThatThrownBy(() -> identity(Kind.TRUSTED, null, claims, null))
                .isInstanceOf(MalformedAttestationException.class);
        assertThatThrownBy(() -> identity(Kind.TRUSTED, "https://issuer.example", Map.of(), null))
                .isInstanceOf(MalformedAttestationException.class);
    }

    @ParameterizedTest
    @EnumSource
    void secretTokenNeverGetsIntoAnAttestationNorIntoTheRefusal(Kind kind) {
        String secret = "lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4";
        Map<String, String> claims = Map.of("repository", "a/b");
        List<Runnable> attempts = List.of(
                () -> identity(kind, "https://issuer.example", claims, secret),
                () -> identity(kind, "https://issuer.example/" + secret, claims, null),
                () -> identity(kind, "https://issuer.example", Map.of("ref", "x " + secret), null));
        for (Runnable attempt : attempts) {
            assertThatThrownBy(attempt::run)
                    .isInstanceOf(MalformedAttestationException.class)
                    .hasMessageContaining("secret token")
                    .hasMessageNotContaining(secret);
        }
        assertThat(identity(kind, "https://issuer.example", Map.of("environment", "lair_prod"), "tok_1"))
                .isNotNull();
    }

    @Test
    void claimsBeyondTheLimitsAreRefused() {
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("claim" + i, "x");
        }
        List<Map<String, String>> refused = List.of(
                many,
                Map.of("", "x"),
                Map.of("1st", "x"),
                Map.of("a b", "x"),
                Map.of("a".repeat(65), "x"),
                Map.of("a", ""),
                Map.of("a", "x".repeat(1025)),
                Map.of("a", "x\ny"),
                Map.of("a", "\ud800"));
        for (Map<String, String> claims : refused) {
            assertThatThrownBy(() -> identity(Kind.SESSION, null, claims, null))
                    .isInstanceOf(MalformedAttestationException.class);
        }
        many.remove("claim64");
        assertThat(identity(Kind.SESSION, null, many, null).claims()).hasSize(64);
        for (String tokenId : List.of("", "a b", "x".repeat(65))) {
            assertThatThrownBy(() -> identity(Kind.TOKEN, null, Map.of(), tokenId))
                    .isInstanceOf(MalformedAttestationException.class);
        }
    }
}
