package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.PostgresSettings;
import dev.lair.server.settings.LairSettings.S3Settings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The variables of docker-compose.yml and of the Dockerfile are settings: an environment variable that names none is not
 * noticed by the server, so a typing error there would mean the default.
 */
class ComposeSettingsTest {

    private static Map<String, Object> node(String name) {
        try (Reader file = Files.newBufferedReader(Path.of("../docker-compose.yml"))) {
            Map<?, ?> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
            Map<String, Object> variables = new HashMap<>();
            map(map(map(root, "services"), name), "environment")
                    .forEach((key, value) -> variables.put(
                            String.valueOf(key),
                            // What Compose puts in the place of ${NAME:-default} when NAME is not set.
                            String.valueOf(value).replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1")));
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(Map<?, ?> node, String key) {
        return (Map<?, ?>) Objects.requireNonNull(node.get(key), key);
    }

    /** Every variable that sets something, as {@code LAIR_S3_ACCESS_KEY_FILE}. */
    private static Set<String> variables(String prefix, Class<?> settings) {
        Set<String> names = new HashSet<>();
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = prefix
                    + "_"
                    + component.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                names.addAll(variables(name, component.getType()));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static LairSettings bind(Map<String, Object> environment) {
        MutablePropertySources sources = new MutablePropertySources();
        sources.addLast(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
        return new Binder(ConfigurationPropertySources.from(sources))
                .bind("lair", Bindable.of(LairSettings.class))
                .get();
    }

    @Test
    void everyVariableOfANodeIsASetting() {
        for (String node : Set.of("lair-1", "lair-2")) {
            assertThat(node(node).keySet()).allMatch(name -> name.startsWith("LAIR_"));
            assertThat(variables("LAIR", LairSettings.class))
                    .containsAll(node(node).keySet());
        }
    }

    @Test
    void theSettingsOfANodeAreTakenAsTheyStandThere() {
        Map<String, Object> node = node("lair-1");
        LairSettings settings = bind(node);
        assertThat(settings.storage()).hasToString("POSTGRES");
        assertThat(settings.publicUrl()).hasToString("https://localhost:8443");
        assertThat(settings.masterKeyFile()).isEqualTo(Path.of("/run/lair/master.key"));
        assertThat(settings.namespaces()).isEmpty();
        assertThat(settings.metrics().port()).isEqualTo(9464);
        assertThat(settings.metrics().address()).isEqualTo("0.0.0.0");
        PostgresSettings postgres = Objects.requireNonNull(settings.postgres());
        assertThat(postgres.url()).isEqualTo("jdbc:postgresql://postgres:5432/lair");
        assertThat(postgres.user()).isEqualTo("lair");
        assertThat(postgres.passwordFile()).isEqualTo(Path.of("/run/lair/postgres-password"));
        S3Settings s3 = Objects.requireNonNull(settings.s3());
        assertThat(s3.endpoint()).hasToString("http://s3:9000");
        assertThat(s3.bucket()).isEqualTo("lair");
        assertThat(s3.pathStyle()).isTrue();
        assertThat(s3.accessKeyFile()).isEqualTo(Path.of("/run/lair/s3-access-key"));
        assertThat(s3.secretKeyFile()).isEqualTo(Path.of("/run/lair/s3-secret-key"));
    }
}
