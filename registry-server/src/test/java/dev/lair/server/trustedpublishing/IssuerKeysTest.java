package dev.lair.server.trustedpublishing;

import static dev.lair.server.trustedpublishing.ForgedIssuer.OTHER_RSA;
import static dev.lair.server.trustedpublishing.ForgedIssuer.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.lair.server.TestClock;
import dev.lair.server.issuer.IssuerDocuments;
import dev.lair.server.issuer.IssuerKey;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotation, floods, outages and old keys (section 3), over documents in memory. */
class IssuerKeysTest {

    private final TestClock clock = new TestClock();
    private final KeptDocuments documents = new KeptDocuments(RSA);
    private final IssuerKeys keys = new IssuerKeys(documents, clock);

    private IssuerKey key(String id) throws ExchangeRefused {
        return keys.key(ForgedIssuer.github(), id);
    }

    private ExchangeRefused refused(String id) {
        ExchangeRefused refused = catchThrowableOfType(ExchangeRefused.class, () -> key(id));
        assertThat(refused).as("there was a key").isNotNull();
        return refused;
    }

    @Test
    void keysAreFetchedOnceForManyTokens() throws ExchangeRefused {
        for (int token = 0; token < 100; token++) {
            assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        }
        assertThat(documents.keysAsked).hasValue(1);
    }

    @Test
    void rotatedKeyIsFoundByTheTokenThatNamesIt() throws ExchangeRefused {
        key("rsa-1");
        documents.keys = ForgedIssuer.keySet(OTHER_RSA);
        clock.move(Duration.ofSeconds(60));
        assertThat(key("rsa-2").id()).isEqualTo("rsa-2");
        assertThat(refused("rsa-1").code()).isEqualTo(Code.INVALID_SIGNATURE);
    }

    @Test
    void floodOfUnknownKeyNamesAsksTheIssuerOnceAMinute() {
        for (int token = 0; token < 1000; token++) {
            assertThat(refused("made-up-" + token).code()).isEqualTo(Code.INVALID_SIGNATURE);
        }
        assertThat(documents.keysAsked).hasValue(1);
        clock.move(Duration.ofMillis(59_999));
        refused("made-up");
        assertThat(documents.keysAsked).hasValue(1);
        clock.move(Duration.ofMillis(1));
        refused("made-up");
        refused("made-up");
        assertThat(documents.keysAsked).hasValue(2);
    }

    @Test
    void floodAtAnIssuerThatNeverAnsweredAsksItOnceAMinuteToo() {
        documents.failure = "connection refused";
        for (int token = 0; token < 100; token++) {
            assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
        }
        assertThat(documents.keysAsked).hasValue(1);
    }

    @Test
    void issuerThatNeverAnsweredIsUnavailableForSoLongAsItIsNotAskedAgain() throws ExchangeRefused {
        documents.failure = "connection refused";
        ExchangeRefused refused = refused("rsa-1");
        assertThat(refused.code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
        assertThat(refused.code().status()).isEqualTo(503);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(60));
        assertThat(refused).hasMessageContaining(ForgedIssuer.URL);
        clock.move(Duration.ofMillis(59_500));
        assertThat(refused("rsa-1").retryAfter()).contains(Duration.ofSeconds(1));
        documents.failure = null;
        clock.move(Duration.ofMillis(500));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
    }

    @Test
    void oldKeysGoOnThroughAnOutage() throws ExchangeRefused {
        key("rsa-1");
        documents.failure = "connection refused";
        clock.move(Duration.ofHours(23));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        assertThat(documents.keysAsked).hasValue(2);
        // Whether the issuer has this one cannot be said now.
        assertThat(refused("rsa-2").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[]}",
                "{}",
                "[]",
                "",
                "{\"keys\":{}}",
                "{\"keys\":[1,null,\"a\",{}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"AAAA\"}]}",
                "<html>we are back soon</html>"
            })
    void answerWithoutKeysLeavesTheOldOnes(String answer) throws ExchangeRefused {
        key("rsa-1");
        documents.keys = answer.getBytes(StandardCharsets.UTF_8);
        clock.move(Duration.ofHours(2));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        assertThat(documents.keysAsked).hasValue(2);
    }

    /** RubyGems 2024-14: keys that were taken back long ago still worked. */
    @Test
    void keysThatWereFetchedADayAgoAreUsedNoMore() throws ExchangeRefused {
        key("rsa-1");
        documents.failure = "connection refused";
        clock.move(Duration.ofHours(24).minusMillis(1));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        clock.move(Duration.ofMillis(1));
        assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @Test
    void failedAttemptsMakeOldKeysNoYounger() throws ExchangeRefused {
        key("rsa-1");
        documents.failure = "connection refused";
        for (int hour = 1; hour < 24; hour++) {
            clock.move(Duration.ofHours(1));
            assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        }
        clock.move(Duration.ofHours(1));
        assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @Test
    void keyThatWasTakenBackIsGoneAfterAnHour() throws ExchangeRefused {
        key("rsa-1");
        documents.keys = ForgedIssuer.keySet(OTHER_RSA);
        clock.move(Duration.ofMinutes(59));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        clock.move(Duration.ofMinutes(1));
        assertThat(refused("rsa-1").code()).isEqualTo(Code.INVALID_SIGNATURE);
    }

    @Test
    void clockThatWasPutBackMakesNoKeyYoungAndNoAttemptForbidden() throws ExchangeRefused {
        key("rsa-1");
        clock.move(Duration.ofDays(-2));
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
        assertThat(documents.keysAsked).hasValue(2);
    }

    @Test
    void oneThreadFetchesWhoNeedsItWaitsAndWhoDoesNotGoesOn() throws Exception {
        key("rsa-1");
        documents.keys = ForgedIssuer.keySet(RSA, OTHER_RSA);
        clock.move(Duration.ofSeconds(61));
        CountDownLatch gate = new CountDownLatch(1);
        documents.gate = gate;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<IssuerKey>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(() -> key("rsa-2")));
            }
            assertThat(documents.reached.await(20, TimeUnit.SECONDS)).isTrue();
            // The old key needs nothing that is under way.
            assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
            gate.countDown();
            for (Future<IssuerKey> one : waiting) {
                assertThat(one.get(20, TimeUnit.SECONDS).id()).isEqualTo("rsa-2");
            }
        }
        assertThat(documents.keysAsked).hasValue(2);
    }

    @Test
    void whoComesWhenTooManyWaitIsToldToComeAgain() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        documents.gate = gate;
        int crowd = 200;
        CountDownLatch toldToComeAgain = new CountDownLatch(crowd - dev.lair.server.issuer.Limits.WAITING - 1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                answers.add(threads.submit(() -> {
                    try {
                        key("rsa-1");
                        return true;
                    } catch (ExchangeRefused e) {
                        assertThat(e.code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
                        assertThat(e.retryAfter()).isPresent();
                        toldToComeAgain.countDown();
                        return false;
                    }
                }));
            }
            assertThat(toldToComeAgain.await(20, TimeUnit.SECONDS)).isTrue();
            gate.countDown();
            int served = 0;
            for (Future<Boolean> answer : answers) {
                served += answer.get(20, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(served).isEqualTo(dev.lair.server.issuer.Limits.WAITING + 1);
        }
    }

    @Test
    void faultOfOurOwnWhileFetchingLeavesNobodyWaiting() throws ExchangeRefused {
        IssuerDocuments broken = (issuer, url) -> {
            throw new IllegalStateException("broken");
        };
        IssuerKeys brokenKeys = new IssuerKeys(broken, clock);
        TrustedIssuer issuer = ForgedIssuer.github();
        assertThat(catchThrowableOfType(IllegalStateException.class, () -> brokenKeys.key(issuer, "rsa-1")))
                .hasMessage("broken");
        assertThat(catchThrowableOfType(ExchangeRefused.class, () -> brokenKeys.key(issuer, "rsa-1"))
                        .code())
                .isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @Test
    void keysOfOneIssuerAreNotAnothers() {
        TrustedIssuer other = ForgedIssuer.issuer("https://other.example", IssuerKind.GITHUB);
        ExchangeRefused refused = catchThrowableOfType(ExchangeRefused.class, () -> {
            key("rsa-1");
            keys.key(other, "rsa-1");
        });
        // Its discovery document is another's, so it has no keys.
        assertThat(refused.code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    // --- which keys count ---

    @Test
    void keyThatIsTooShortSecretNamelessOrForEncryptionIsPassedOver() throws Exception {
        RSAKey shortKey = new com.nimbusds.jose.jwk.gen.RSAKeyGenerator(1024, true)
                .keyID("short")
                .generate();
        RSAKey encrypts = new RSAKey.Builder(OTHER_RSA)
                .keyUse(KeyUse.ENCRYPTION)
                .keyID("enc")
                .build();
        RSAKey nameless = new RSAKey.Builder(OTHER_RSA).keyID(null).build();
        ECKey ec = ForgedIssuer.ec("ec-2");
        OctetSequenceKey secret =
                new OctetSequenceKey.Builder(new byte[32]).keyID("secret").build();
        documents.keys = ("{\"keys\":["
                        + String.join(
                                ",",
                                shortKey.toPublicJWK().toJSONString(),
                                encrypts.toPublicJWK().toJSONString(),
                                nameless.toPublicJWK().toJSONString(),
                                secret.toJSONString(),
                                "{\"kty\":\"of-tomorrow\",\"kid\":\"new\"}",
                                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"off-curve\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                                ec.toPublicJWK().toJSONString())
                        + "]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(key("ec-2").id()).isEqualTo("ec-2");
        for (String id : List.of("short", "enc", "secret", "new", "off-curve", "")) {
            assertThat(refused(id).code()).as(id).isEqualTo(Code.INVALID_SIGNATURE);
        }
    }

    @Test
    void keySetOfTooManyKeysIsRefused() {
        String one = RSA.toPublicJWK().toJSONString();
        documents.keys = ("{\"keys\":[" + (one + ",").repeat(dev.lair.server.issuer.Limits.KEYS) + one + "]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    // --- where keys may be: RubyGems 2024-12, SSRF by jwks_uri ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://token.issuer.example/keys",
                "http://token.issuer.example:443/keys",
                "https://169.254.169.254/latest/meta-data",
                "https://localhost/keys",
                "https://evil.example/keys",
                "https://token.issuer.example.evil.example/keys",
                "https://token.issuer.example@evil.example/keys",
                "https://user@token.issuer.example/keys",
                "https://token.issuer.example:8443/keys",
                "https://issuer.example/keys",
                "file:///etc/passwd",
                "//token.issuer.example/keys",
                "/keys",
                "jar:https://token.issuer.example/a!/b",
                "https://token.issuer.example/ keys",
                ""
            })
    void keysElsewhereThanAtTheIssuersOwnHostAreNotFetched(String url) {
        documents.discovery = ForgedIssuer.discovery(ForgedIssuer.URL, url);
        assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://token.issuer.example/.well-known/jwks",
                "https://TOKEN.issuer.example/.well-known/jwks",
                "https://token.issuer.example:443/a/b?c=d"
            })
    void keysAtTheIssuersHostAreFetchedWhateverTheirPath(String url) throws ExchangeRefused {
        documents.discovery = ForgedIssuer.discovery(ForgedIssuer.URL, url);
        assertThat(key("rsa-1").id()).isEqualTo("rsa-1");
    }

    /** GitHub's enterprises have issuers with a path, and their keys at the root. */
    @Test
    void keysOfAnEnterpriseAreAtTheRootOfItsHost() throws ExchangeRefused {
        String enterprise = ForgedIssuer.URL + "/octo-enterprise";
        documents.discovery = ForgedIssuer.discovery(enterprise, KeptDocuments.KEYS_URL);
        TrustedIssuer issuer = ForgedIssuer.issuer(enterprise, IssuerKind.GITHUB);
        assertThat(issuer.issuer().discovery())
                .hasToString("https://token.issuer.example/octo-enterprise/.well-known/openid-configuration");
        assertThat(keys.key(issuer, "rsa-1").id()).isEqualTo("rsa-1");
    }

    @Test
    void keysOnAnotherHostNeedTheOperatorsWord() throws ExchangeRefused {
        documents.discovery = ForgedIssuer.discovery(ForgedIssuer.URL, "https://keys.example/certs");
        TrustedIssuer told = new TrustedIssuer(
                new IssuerSettings(ForgedIssuer.URL, IssuerKind.GENERIC, "*", "keys.example", false, false, false));
        assertThat(keys.key(told, "rsa-1").id()).isEqualTo("rsa-1");
        IssuerKeys untold = new IssuerKeys(documents, clock);
        assertThat(catchThrowableOfType(ExchangeRefused.class, () -> untold.key(ForgedIssuer.github(), "rsa-1"))
                        .code())
                .isEqualTo(Code.ISSUER_UNAVAILABLE);
    }

    @Test
    void discoveryDocumentOfAnotherIssuerIsRefused() {
        documents.discovery = ForgedIssuer.discovery("https://other.example", KeptDocuments.KEYS_URL);
        assertThat(refused("rsa-1").code()).isEqualTo(Code.ISSUER_UNAVAILABLE);
    }
}
