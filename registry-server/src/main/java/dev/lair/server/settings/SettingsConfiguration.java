package dev.lair.server.settings;

import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyStore;
import dev.lair.signing.Verifier;
import dev.lair.storage.Storage;
import dev.lair.storage.registry.RegistryStore;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Turns settings into the things that every feature is handed: storage, clock, randomness, the public URL. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LairSettings.class)
class SettingsConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }

    @Bean
    Verifier verifier() {
        return new RememberingVerifier(EcdsaP256.INSTANCE);
    }

    @Bean(destroyMethod = "close")
    OpenedStorage openedStorage(LairSettings settings, SecureRandom random, Clock clock) throws IOException {
        return OpenedStorage.open(settings, random, clock);
    }

    /** Closed with the bean above. */
    @Bean(destroyMethod = "")
    Storage storage(OpenedStorage opened) {
        return opened.storage();
    }

    @Bean
    RegistryStore registryStore(Storage storage) {
        return RegistryStore.over(storage.registry());
    }

    @Bean
    KeyStore keyStore(OpenedStorage opened) {
        return opened.keys();
    }

    @Bean
    PublicUrl publicUrl(LairSettings settings, Environment environment) {
        PublicUrl url = new PublicUrl();
        URI configured = settings.publicUrl();
        if (configured == null && ListeningAddress.isWildcard(environment.getProperty("server.address", ""))) {
            throw new IllegalArgumentException("lair.public-url is required when the server listens on every address:"
                    + " it must not guess under which one clients reach it");
        }
        if (configured != null) {
            URI content = settings.contentUrl();
            url.set(configured, content == null ? configured : content);
        }
        return url;
    }

    /** Without a configured URL the address we listen on is the best there is; see {@link PublicUrl}. */
    @Bean
    PublicUrlFromPort publicUrlFromPort(LairSettings settings, PublicUrl url, Environment environment) {
        return new PublicUrlFromPort(settings, url, environment.getProperty("server.address", "127.0.0.1"));
    }

    record PublicUrlFromPort(LairSettings settings, PublicUrl url, String address) {

        @EventListener
        void listening(WebServerInitializedEvent event) {
            if (settings.publicUrl() == null) {
                URI base = ListeningAddress.url(
                        settings.tls(), address, event.getWebServer().getPort());
                URI content = settings.contentUrl();
                url.set(base, content == null ? base : content);
            }
        }
    }
}
