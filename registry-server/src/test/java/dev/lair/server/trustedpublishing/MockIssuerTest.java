package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.server.TestSettings;
import dev.lair.server.issuer.PinnedDocuments;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An issuer that is not ours, over loopback: its discovery, its keys, its tokens. */
class MockIssuerTest {

    private static final MockOAuth2Server SERVER = new MockOAuth2Server();

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.shutdown();
    }

    private static String issuerUrl() {
        return SERVER.issuerUrl("github").toString();
    }

    private static IdentityTokenVerifier verifier(PinnedDocuments documents, boolean loopback) {
        TrustedIssuers issuers = TrustedIssuers.of(TestSettings.of(
                        "trusted-publishing.issuers[0].url", issuerUrl(),
                        "trusted-publishing.issuers[0].kind", "github",
                        "trusted-publishing.issuers[0].organisation", "*",
                        "trusted-publishing.issuers[0].allow-http-for-tests", "true",
                        "trusted-publishing.issuers[0].allow-private-addresses", Boolean.toString(loopback))
                .trustedPublishing());
        Clock clock = Clock.systemUTC();
        return new IdentityTokenVerifier(issuers, new IssuerKeys(documents, clock), () -> ForgedIssuer.AUDIENCE, clock);
    }

    private static String token(List<String> audience) {
        Map<String, Object> claims = new LinkedHashMap<>(ForgedIssuer.githubClaims());
        claims.keySet().removeAll(ForgedIssuer.aboutTheToken().keySet());
        return SERVER.issueToken(
                        "github",
                        "client",
                        new DefaultOAuth2TokenCallback(
                                "github",
                                "repo:octo-org@65/widgets@74:environment:release",
                                "JWT",
                                audience,
                                claims,
                                Duration.ofMinutes(5).toSeconds()))
                .serialize();
    }

    @Test
    void tokenOfAForeignIssuerIsVerifiedByItsOwnDiscoveryAndMatches() throws ExchangeRefused {
        try (PinnedDocuments documents = PinnedDocuments.overTheNetwork()) {
            VerifiedToken token = verifier(documents, true).verify(token(List.of(ForgedIssuer.AUDIENCE)));
            assertThat(token.issuer().url()).isEqualTo(issuerUrl());
            PublisherOf publisher = PublisherOf.github();
            publisher.issuer = issuerUrl();
            publisher.environment = "release";
            assertThat(PublisherMatch.find(token.issuer(), token.claims(), List.of(publisher.make())))
                    .isInstanceOf(PublisherMatch.Matched.class);
            assertThat(token.claims().kind()).isEqualTo(IssuerKind.GITHUB);
        }
    }

    @Test
    void tokenOfAForeignIssuerForTwoIsRefused() {
        try (PinnedDocuments documents = PinnedDocuments.overTheNetwork()) {
            IdentityTokenVerifier verifier = verifier(documents, true);
            String token = token(List.of("sigstore", ForgedIssuer.AUDIENCE));
            assertThat(catchThrowableOfType(ExchangeRefused.class, () -> verifier.verify(token))
                            .code())
                    .isEqualTo(Code.WRONG_AUDIENCE);
        }
    }

    @Test
    void issuerOnThisMachineIsNotAskedUnlessItMayBe() {
        try (PinnedDocuments documents = PinnedDocuments.overTheNetwork()) {
            IdentityTokenVerifier verifier = verifier(documents, false);
            String token = token(List.of(ForgedIssuer.AUDIENCE));
            assertThat(catchThrowableOfType(ExchangeRefused.class, () -> verifier.verify(token))
                            .code())
                    .isEqualTo(Code.ISSUER_UNAVAILABLE);
        }
    }
}
