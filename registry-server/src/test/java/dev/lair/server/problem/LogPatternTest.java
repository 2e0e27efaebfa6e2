package dev.lair.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.lair.registry.api.TokenText;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** What the log's own pattern does with lines that hold a secret, also lines of libraries. */
class LogPatternTest {

    private static final String TOKEN =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOmFjbWUifQ.c2lnbmF0dXJl-_x";

    private static String line(String message, @Nullable Throwable thrown) {
        YamlPropertiesFactoryBean settings = new YamlPropertiesFactoryBean();
        settings.setResources(new ClassPathResource("application.yaml"));
        LoggerContext context = new LoggerContext();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(Objects.requireNonNull(settings.getObject()).getProperty("logging.pattern.console"));
        layout.start();
        LoggingEvent event =
                new LoggingEvent("", context.getLogger("of.a.Library"), Level.WARN, message, thrown, new Object[0]);
        event.setMDCPropertyMap(Map.of());
        return layout.doLayout(event);
    }

    @Test
    void tokensAndJwtsAreMaskedInMessageAndStackTrace() {
        String line = line(
                "asked for /x/" + TOKEN + " with " + JWT + "; done",
                new IllegalStateException("no name: " + TOKEN, new IllegalArgumentException(JWT)));
        assertThat(line)
                .contains("WARN  Library asked for /x/lair_pat_*** with eyJ***; done\n")
                .contains("IllegalStateException: no name: lair_pat_***")
                .contains("IllegalArgumentException: eyJ***")
                .doesNotContain(TOKEN, "eyJhbGci", "c2lnbmF0dXJl");
        // Once, with twelve frames of each of the two.
        assertThat(line.split("no name: ", -1)).hasSize(2);
        assertThat(line.lines().filter(each -> each.startsWith("\tat ")).count())
                .isBetween(4L, 24L);
    }

    @Test
    void linesWithoutSecretsAreAsTheyWere() {
        assertThat(line("registry ready server.public_url=https://lair.example data.folder=/srv/lair_data", null))
                .endsWith("registry ready server.public_url=https://lair.example data.folder=/srv/lair_data\n");
    }
}
