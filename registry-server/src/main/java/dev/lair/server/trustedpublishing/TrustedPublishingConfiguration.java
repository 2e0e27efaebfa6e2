package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.PublicUrl;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The verifier over the network, as the settings want it. Nothing is fetched before a token comes. */
@Configuration(proxyBeanMethods = false)
class TrustedPublishingConfiguration {

    @Bean
    TrustedIssuers trustedIssuers(LairSettings settings) {
        return TrustedIssuers.of(settings.trustedPublishing());
    }

    @Bean(destroyMethod = "close")
    PinnedDocuments issuerDocuments() {
        return PinnedDocuments.overTheNetwork();
    }

    @Bean
    Audience audience(PublicUrl url) {
        return new Audience(url);
    }

    @Bean
    IdentityTokenVerifier identityTokenVerifier(
            TrustedIssuers issuers, PinnedDocuments documents, Audience audience, Clock clock) {
        return new IdentityTokenVerifier(issuers, new IssuerKeys(documents, clock), audience::value, clock);
    }
}
