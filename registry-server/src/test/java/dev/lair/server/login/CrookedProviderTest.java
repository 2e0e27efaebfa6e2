package dev.lair.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Digest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Providers that lie, and a small GitHub: what is verified, and that nothing of it is told. */
@ExtendWith(OutputCaptureExtension.class)
class CrookedProviderTest extends ProviderTest {

    private final Browser browser = new Browser();

    @BeforeEach
    void honestAgain() {
        for (CrookedProvider provider : List.of(CROOKED, OCTO)) {
            provider.tokenStatus = 200;
            provider.tokens = Map.of();
            provider.redirect = "";
            provider.redeemed.clear();
        }
    }

    private Map<String, Object> claims(String subject, String nonce) {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", CROOKED.url());
        claims.put("sub", subject);
        claims.put("aud", "registry");
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        claims.put("nonce", nonce);
        claims.put("groups", List.of("guests", "staff"));
        return claims;
    }

    private HttpResponse<String> answer(URI at, String code) {
        return browser.get(registry("login/with/crooked/callback?code=" + code + "&iss=" + CROOKED.url() + "&state="
                + Browser.parameter(at, "state")));
    }

    private static String nonce(URI at) {
        return String.valueOf(Browser.parameter(at, "nonce"));
    }

    private HttpResponse<String> answer(URI at, Map<String, Object> claims) {
        CROOKED.tokens = Map.of("id_token", CrookedProvider.signed(CrookedProvider.KEY, claims));
        return answer(at, "code");
    }

    @Test
    void codeIsRedeemedWithTheVerifierOfItsChallengeAndTheSecret() {
        URI at = begin(browser, "crooked", "");
        assertThat(at.toString()).startsWith(CROOKED.url() + "/authorize?tenant=a&");
        assertThat(answer(at, claims(someone("sub"), nonce(at))).statusCode()).isEqualTo(303);
        assertThat(session(browser)).isNotEmpty();
        Map<String, String> asked = CROOKED.redeemed.remove();
        byte[] verifier = String.valueOf(asked.get("code_verifier")).getBytes(StandardCharsets.US_ASCII);
        assertThat(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Digest.of(verifier).bytes()))
                .isEqualTo(Browser.parameter(at, "code_challenge"));
        assertThat(asked.get("grant_type")).isEqualTo("authorization_code");
        assertThat(asked.get("redirect_uri")).isEqualTo(Browser.parameter(at, "redirect_uri"));
        assertThat(asked).doesNotContainKey("client_secret");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(String.valueOf(asked.get("authorization"))
                                        .substring(6)),
                        StandardCharsets.UTF_8))
                .isEqualTo("registry:client%2Bsecret%2Fof+a+test");
    }

    /** Each is one thing that is wrong with a token that is right otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonce",
                "no-nonce",
                "aud",
                "aud-of-two",
                "azp",
                "expired",
                "no-exp",
                "future",
                "old",
                "iss",
                "key",
                "none",
                "secret",
                "no-sub",
                "odd-sub",
                "no-token"
            })
    void tokenThatIsWrongInOneThingIsRefused(String wrong) {
        URI at = begin(browser, "crooked", "");
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = claims(someone("sub"), nonce(at));
        switch (wrong) {
            case "nonce" -> claims.put("nonce", "another");
            case "no-nonce" -> claims.remove("nonce");
            case "aud" -> claims.put("aud", "somebody-else");
            case "aud-of-two" -> claims.put("aud", List.of("registry", "somebody-else"));
            case "azp" -> claims.put("azp", "somebody-else");
            case "expired" -> claims.put("exp", now - 31);
            case "no-exp" -> claims.remove("exp");
            case "future" -> claims.put("iat", now + 60);
            case "old" -> claims.put("iat", now - 3600);
            case "iss" -> claims.put("iss", "https://other.example");
            case "no-sub" -> claims.remove("sub");
            case "odd-sub" -> claims.put("sub", "a\nb");
            default -> {
                // The signature is wrong, or there is none.
            }
        }
        String good = CrookedProvider.signed(CrookedProvider.KEY, claims);
        CROOKED.tokens = switch (wrong) {
            case "key" -> Map.of("id_token", CrookedProvider.signed(CrookedProvider.STRANGE_KEY, claims));
            case "none" -> Map.of("id_token", headed(good, "none"));
            case "secret" -> Map.of("id_token", headed(good, "HS256"));
            case "no-token" -> Map.of("access_token", "x");
            default -> Map.of("id_token", good);
        };
        refused(answer(at, "code"), browser, "not-verified");
    }

    private static String headed(String token, String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"key-1\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.US_ASCII))
                + token.substring(token.indexOf('.'));
    }

    @Test
    void identityWithoutTheRequiredClaimIsNotAdmitted() {
        URI at = begin(browser, "crooked", "");
        Map<String, Object> claims = claims(someone("sub"), nonce(at));
        claims.put("groups", List.of("guests"));
        refused(answer(at, claims), browser, "not-admitted");
    }

    @Test
    void answerWithoutItsIssuerIsRefusedWhereTheProviderPromisesIt() {
        URI at = begin(browser, "crooked", "");
        refused(
                browser.get(registry("login/with/crooked/callback?code=code&state=" + Browser.parameter(at, "state"))),
                browser,
                "not-verified");
        assertThat(CROOKED.redeemed).as("no code goes to whoever answered").isEmpty();
    }

    @Test
    void codeThatTheProviderDoesNotTakeIsRefused() {
        CROOKED.tokenStatus = 400;
        CROOKED.tokens = Map.of("error", "invalid_grant", "error_description", "<script>");
        refused(answer(begin(browser, "crooked", ""), "used-before"), browser, "not-verified");
    }

    @Test
    void redirectOfTheTokenEndpointIsNotFollowed() {
        CROOKED.tokenStatus = 307;
        CROOKED.redirect = OCTO.url() + "/token";
        refused(answer(begin(browser, "crooked", ""), "code"), browser, "not-verified");
        assertThat(OCTO.redeemed).isEmpty();
    }

    @Test
    void providerThatFailsWhileTheCodeIsRedeemedIsSaidInWords() {
        CROOKED.tokenStatus = 500;
        HttpResponse<String> reply = answer(begin(browser, "crooked", ""), "code");
        assertThat(reply.statusCode()).isEqualTo(503);
        assertThat(reply.body()).contains("The crooked");
        assertThat(browser.cookie(registry(""), "lair")).isEmpty();
    }

    // --- step-up ---

    private URI stepUp(String session) {
        URI at = begin(browser, "crooked", "?step-up", "authorization", "Bearer " + session);
        assertThat(Browser.parameter(at, "prompt")).isEqualTo("login");
        assertThat(Browser.parameter(at, "max_age")).isEqualTo("0");
        return at;
    }

    private String loggedIn(String subject) {
        URI at = begin(browser, "crooked", "");
        assertThat(answer(at, claims(subject, nonce(at))).statusCode()).isEqualTo(303);
        return session(browser);
    }

    @Test
    void stepUpNeedsThatTheProviderAskedAnew() {
        String subject = someone("sub");
        String session = loggedIn(subject);
        for (Object asked : new Object[] {"never", Instant.now().getEpochSecond() - 600}) {
            URI at = stepUp(session);
            Map<String, Object> claims = claims(subject, nonce(at));
            if (asked instanceof Long then) {
                claims.put("auth_time", then);
            }
            assertThat(Browser.location(answer(at, claims)).toString()).endsWith("problem=not-stepped-up");
        }
        URI at = stepUp(session);
        Map<String, Object> fresh = claims(subject, nonce(at));
        fresh.put("auth_time", Instant.now().getEpochSecond());
        assertThat(Browser.location(answer(at, fresh)).toString()).endsWith("/settings/profile");
        assertThat(session(browser)).isNotEqualTo(session);
        assertThat(loginOf(session(browser))).isEqualTo(loginOf(session));
    }

    @Test
    void stepUpBySomebodyElseIsRefused() {
        String session = loggedIn(someone("sub"));
        String other = someone("sub");
        loggedIn(other);
        String before = session(browser);
        for (String subject : List.of(other, someone("stranger"))) {
            URI at = stepUp(session);
            Map<String, Object> claims = claims(subject, nonce(at));
            claims.put("auth_time", Instant.now().getEpochSecond());
            assertThat(Browser.location(answer(at, claims)).getQuery())
                    .isIn("problem=not-stepped-up", "problem=no-account");
        }
        assertThat(session(browser)).isEqualTo(before);
    }

    // --- GitHub ---

    private HttpResponse<String> octo(Object id, String login) {
        OCTO.tokens = Map.of("access_token", "gho_x", "token_type", "bearer");
        OCTO.user = Map.of("id", id, "login", login, "email", "octo@example.org");
        URI at = begin(browser, "octo", "");
        assertThat(at.toString()).startsWith(OCTO.url() + "/login/oauth/authorize?");
        assertThat(Browser.parameter(at, "scope")).isNull();
        return browser.get(registry("login/with/octo/callback?code=code&state=" + Browser.parameter(at, "state")));
    }

    @Test
    void personOfGithubIsANumberWhateverTheyAreCalled() {
        String name = someone("octo");
        assertThat(octo(4711_000_1L, name).statusCode()).isEqualTo(303);
        assertThat(OCTO.redeemed.remove().get("client_secret")).isEqualTo(SECRET);
        String first = accountOf(browser);
        assertThat(loginOf(session(browser))).isEqualTo(name);
        octo(4711_000_1L, "renamed");
        assertThat(accountOf(browser)).isEqualTo(first);
        // Somebody else took the name that was free.
        octo(4711_000_2L, name);
        assertThat(accountOf(browser)).isNotEqualTo(first);
    }

    @Test
    void personOfGithubWithoutANumberIsRefused() {
        refused(octo("4711", someone("octo")), browser, "not-verified");
        refused(octo(-1, someone("octo")), browser, "not-verified");
        OCTO.tokens = Map.of("error", "bad_verification_code");
        URI at = begin(browser, "octo", "");
        refused(
                browser.get(registry("login/with/octo/callback?code=old&state=" + Browser.parameter(at, "state"))),
                browser,
                "not-verified");
    }

    @Test
    void noSecretCodeOrTokenIsInTheLogOrTheAuditLog(CapturedOutput output) {
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        logging.setLogLevel("dev.lair", LogLevel.TRACE);
        try {
            URI at = begin(browser, "crooked", "");
            CROOKED.tokens = Map.of("id_token", CrookedProvider.signed(CrookedProvider.KEY, claims("s-s", nonce(at))));
            String idToken = String.valueOf(CROOKED.tokens.get("id_token"));
            answer(at, "the-code-itself");
            String session = session(browser);
            String cookie = String.valueOf(Browser.parameter(at, "state"));
            CROOKED.tokenStatus = 500;
            answer(begin(browser, "crooked", ""), "the-code-itself");
            CROOKED.tokenStatus = 400;
            answer(begin(browser, "crooked", ""), "the-code-itself");
            octo(4711_000_3L, someone("octo"));
            String rows =
                    store.read(all -> all.audit().all(Long.MAX_VALUE, 1000)).toString();
            assertThat(output.getAll()).contains("a login failed");
            for (String secret : List.of(SECRET, "the-code-itself", idToken, session, cookie, "gho_x")) {
                assertThat(output.getAll()).doesNotContain(secret);
                assertThat(rows).doesNotContain(secret);
            }
        } finally {
            logging.setLogLevel("dev.lair", null);
        }
    }
}
