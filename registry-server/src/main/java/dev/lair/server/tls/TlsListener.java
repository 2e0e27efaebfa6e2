package dev.lair.server.tls;

import dev.lair.server.settings.LairSettings;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the web server speak TLS 1.2 and 1.3 with the certificate of {@code lair.tls}, and only that. A certificate that was
 * renewed is shown to new connections within ten seconds; files that are half replaced or damaged change nothing.
 */
@Component
final class TlsListener implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    private static final Logger LOG = LoggerFactory.getLogger(TlsListener.class);
    private static final String BUNDLE = "lair";

    private final Optional<CertificateFiles> files;
    private final Clock clock;
    private final ApplicationEventPublisher events;

    /** What the files looked like when they were last read, for good or ill. */
    private volatile Optional<String> seen = Optional.empty();

    /** Why the files were refused when they were last looked at; empty when they were not. */
    private String refusal = "";

    private volatile @Nullable SslContextFactory served;

    TlsListener(LairSettings settings, Clock clock, ApplicationEventPublisher events) {
        this.files = CertificateFiles.of(settings.tls());
        this.clock = clock;
        this.events = events;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        if (files.isEmpty()) {
            return;
        }
        seen = files.get().stamp();
        CertificateFiles.Loaded loaded = files.get().load();
        factory.setSsl(Ssl.forBundle(BUNDLE));
        factory.setSslBundles(new DefaultSslBundleRegistry(BUNDLE, loaded.bundle()));
        factory.addServerCustomizers(this::adopt);
        tell(loaded);
    }

    private void adopt(Server server) {
        for (Connector connector : server.getConnectors()) {
            SslConnectionFactory tls = connector.getConnectionFactory(SslConnectionFactory.class);
            HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
            if (tls == null || http == null) {
                throw new IllegalStateException("a connector without TLS: " + connector);
            }
            SecureRequestCustomizer secure = http.getHttpConfiguration().getCustomizer(SecureRequestCustomizer.class);
            if (secure != null) {
                // Commands of this machine come by its address, which no certificate has; and a request's Host decides
                // nothing here, so that it may be any.
                secure.setSniHostCheck(false);
            }
            served = tls.getSslContextFactory();
        }
    }

    /** Takes the files anew when they changed. What cannot be used is told once, and the old certificate stays. */
    @Scheduled(fixedDelayString = "10s", initialDelayString = "10s")
    void lookAgain() {
        SslContextFactory factory = served;
        if (files.isEmpty() || factory == null) {
            return;
        }
        Optional<String> now = files.get().stamp();
        if (now.isEmpty() || now.equals(seen)) {
            return;
        }
        CertificateFiles.Loaded loaded;
        try {
            CertificateFiles.Loaded read = files.get().load();
            loaded = read;
            factory.reload(
                    changed -> changed.setKeyStore(read.bundle().getStores().getKeyStore()));
        } catch (TlsRefused e) {
            // Told once. What mends it may leave the time of the files alone, as a change of mode does: so it is looked
            // at again.
            if (!String.valueOf(e.getMessage()).equals(refusal)) {
                refusal = String.valueOf(e.getMessage());
                LOG.warn("the changed certificate is not taken, the one of before stays: {}", refusal);
            }
            return;
        } catch (Exception e) {
            seen = now;
            LOG.error("the changed certificate is not taken", e);
            return;
        }
        seen = now;
        refusal = "";
        tell(loaded);
        events.publishEvent(new CertificateChanged(loaded.fingerprint()));
    }

    private void tell(CertificateFiles.Loaded loaded) {
        X509Certificate own = loaded.own();
        LOG.info(
                "TLS certificate tls.subject=\"{}\" tls.not_after={} tls.fingerprint={}",
                own.getSubjectX500Principal(),
                own.getNotAfter().toInstant(),
                loaded.fingerprint());
        if (own.getNotAfter().toInstant().isBefore(clock.instant())) {
            LOG.warn(
                    "the TLS certificate is expired, no client will take it tls.not_after={}",
                    own.getNotAfter().toInstant());
        }
    }
}
