package dev.lair.server.issuer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How issuers are reached; nothing is fetched before somebody needs it. */
@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {

    @Bean(destroyMethod = "close")
    PinnedDocuments issuerDocuments() {
        return PinnedDocuments.overTheNetwork();
    }
}
