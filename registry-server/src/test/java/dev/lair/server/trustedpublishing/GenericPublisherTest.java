package dev.lair.server.trustedpublishing;

import static dev.lair.server.trustedpublishing.ForgedIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.PublisherMatch.Matched;
import dev.lair.server.trustedpublishing.PublisherMatch.Nearest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Publishers of issuers of which only the standard is known. */
class GenericPublisherTest {

    private static PublisherMatch find(Map<String, Object> claims, TrustedPublisher publisher) throws ExchangeRefused {
        return PublisherMatch.find(
                ForgedIssuer.issuer(ForgedIssuer.URL, IssuerKind.GENERIC),
                ForgedIssuer.read(IssuerKind.GENERIC, claims),
                List.of(publisher));
    }

    private static void assertMatches(Map<String, Object> claims, TrustedPublisher publisher) throws ExchangeRefused {
        assertThat(find(claims, publisher)).isEqualTo(new Matched(publisher, List.of(publisher)));
    }

    @Test
    void genericPublisherDemandsEachClaimLetterByLetter() throws ExchangeRefused {
        Map<String, Object> claims = ForgedIssuer.aboutTheToken();
        claims.put("sub", "org/1/project/2");
        claims.put("oidc.example/project-id", "2");
        TrustedPublisher generic = PublisherOf.generic(
                        new TreeMap<>(Map.of("sub", "org/1/project/2", "oidc.example/project-id", "2")))
                .make();
        assertMatches(claims, generic);
        for (String actual : new String[] {"3", "2 ", null}) {
            PublisherMatch match = find(with(claims, "oidc.example/project-id", actual), generic);
            assertThat(match).as(String.valueOf(actual)).isInstanceOf(Nearest.class);
        }
        assertThat(find(with(claims, "sub", "ORG/1/project/2"), generic))
                .isInstanceOfSatisfying(
                        Nearest.class,
                        nearest -> assertThat(nearest.mismatch().code()).isEqualTo(Code.NO_PUBLISHER));
    }

    @Test
    void mailAddressCountsOnceItWasVerified() throws ExchangeRefused {
        Map<String, Object> claims = ForgedIssuer.aboutTheToken();
        claims.put("sub", "1101");
        claims.put("email", "ci@acme.example");
        TrustedPublisher generic =
                PublisherOf.generic(Map.of("email", "ci@acme.example")).make();
        assertThat(find(claims, generic)).isInstanceOf(Nearest.class);
        assertThat(find(with(claims, "email_verified", false), generic)).isInstanceOf(Nearest.class);
        assertMatches(with(claims, "email_verified", true), generic);
    }
}
