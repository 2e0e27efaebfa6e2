package dev.lair.server.witness;

import dev.lair.server.settings.ListeningAddress;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteSigner;
import dev.lair.storage.WitnessStore;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The witness as an application: its routes on a port, and nothing of the registry. It has no stereotype on purpose, because
 * the registry looks for those in all packages of the server.
 */
@EnableAutoConfiguration(exclude = ErrorMvcAutoConfiguration.class)
class WitnessApplication {

    private static final Logger LOG = LoggerFactory.getLogger(WitnessApplication.class);

    /** Starts it; the store is closed with it. */
    static ConfigurableApplicationContext start(
            WitnessSettings settings, List<NoteSigner> signers, WitnessStore store, Clock clock) {
        Witness witness = new Witness(settings.logs(), signers, store, clock);
        SpringApplication application = new SpringApplication(WitnessApplication.class);
        application.setDefaultProperties(Map.of("spring.main.log-startup-info", "false"));
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(WitnessSettings.class, () -> settings);
            beans.registerBean(Witness.class, () -> witness);
            beans.registerBean(WitnessStore.class, () -> store, bean -> bean.setDestroyMethodName("close"));
        });
        // Virtual threads keep no process alive.
        return application.run(
                "--spring.main.keep-alive=true",
                "--server.address=" + settings.address(),
                "--server.port=" + settings.port());
    }

    @Bean
    RouterFunction<ServerResponse> routes(Witness witness) {
        return new WitnessRoutes(witness).routes();
    }

    /** The web server itself refuses some requests, and answers TRACE with an echo. */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> plainErrors() {
        return factory -> factory.addServerCustomizers(server -> server.setErrorHandler(new PlainErrors()));
    }

    @Bean
    OncePerRequestFilter replyHeaders() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                response.setHeader("X-Content-Type-Options", "nosniff");
                if (request.getMethod().equals("TRACE")) {
                    response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
                    return;
                }
                chain.doFilter(request, response);
            }
        };
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> announcement(WitnessSettings settings, Witness witness) {
        return event -> {
            for (NoteKey key : witness.keys()) {
                LOG.info("witness key note.vkey={}", key);
            }
            LOG.info(
                    "witness ready witness.url={} witness.logs={} data.folder={}",
                    ListeningAddress.url(
                            settings.address(), event.getWebServer().getPort()),
                    settings.logs().stream().map(NoteKey::name).distinct().count(),
                    settings.data());
        };
    }
}
