package dev.lair.server.trustedpublishing;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackagePermission;
import dev.lair.server.custody.PackageKeys;
import dev.lair.server.issuer.PinnedDocuments;
import dev.lair.server.publish.PublishService;
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

    @Bean
    Audience audience(PublicUrl url) {
        return new Audience(url);
    }

    @Bean
    PackageState packageState(PublishService publishing, PackageKeys keys) {
        return new PackageState() {
            @Override
            public boolean isBegun(PackageName name) {
                return publishing.isBegun(name);
            }

            @Override
            public boolean isClosed(PackageName name) {
                return publishing.isBegun(name)
                        && keys.known(name)
                                .filter(key -> publishing
                                        .permissions(name, key.keyId())
                                        .contains(PackagePermission.RELEASE))
                                .isEmpty();
            }
        };
    }

    @Bean
    IdentityTokenVerifier identityTokenVerifier(
            TrustedIssuers issuers, PinnedDocuments documents, Audience audience, Clock clock) {
        return new IdentityTokenVerifier(issuers, new IssuerKeys(documents, clock), audience::value, clock);
    }
}
