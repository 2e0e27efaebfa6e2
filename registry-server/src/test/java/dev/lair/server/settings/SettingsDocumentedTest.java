package dev.lair.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The table of docs/OPERATIONS.md is the list of settings for people: complete, nothing else in it, defaults true. */
class SettingsDocumentedTest {

    /** The first two cells of a row that begins with a setting. */
    private static final Pattern ROW = Pattern.compile("\\| (`lair\\.[^|]*) \\| ([^|]*) \\|[^|]*\\|");

    private static final Pattern KEY = Pattern.compile("`(lair)?(\\.[a-z0-9.-]+)`");

    private static final Pattern PLACEHOLDER = Pattern.compile("\"\\$\\{(lair\\.[a-z.-]+):([^}]*)}\"");

    /** Documented default by key, in the order of the page; one that stands twice would be seen. */
    private static List<Map.Entry<String, String>> documented() throws IOException {
        List<Map.Entry<String, String>> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/OPERATIONS.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            List<String> keys = keys(row.group(1));
            List<String> defaults = List.of(row.group(2).replace("`", "").split(", ", -1));
            for (int i = 0; i < keys.size(); i++) {
                rows.add(Map.entry(keys.get(i), defaults.get(defaults.size() == keys.size() ? i : 0)));
            }
        }
        return rows;
    }

    /** Every key of a cell; {@code .user} behind {@code lair.postgres.url} is {@code lair.postgres.user}. */
    private static List<String> keys(String cell) {
        List<String> keys = new ArrayList<>();
        Matcher key = KEY.matcher(cell);
        while (key.find()) {
            keys.add(
                    key.group(1) != null
                            ? "lair" + key.group(2)
                            : keys.getFirst().substring(0, keys.getFirst().lastIndexOf('.')) + key.group(2));
        }
        return keys;
    }

    private static void defaults(String prefix, Class<?> settings, Map<String, String> found) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String key = prefix
                    + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                defaults(key, component.getType(), found);
                continue;
            }
            DefaultValue value = parameter(settings, component.getName());
            if (value != null) {
                found.put(key, String.join(", ", value.value()));
            }
        }
    }

    private static @Nullable DefaultValue parameter(Class<?> settings, String name) {
        RecordComponent[] components = settings.getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(name)) {
                return settings.getDeclaredConstructors()[0].getParameters()[i].getAnnotation(DefaultValue.class);
            }
        }
        return null;
    }

    @Test
    void everySettingIsInTheTableOnceAndEveryRowIsASetting() throws IOException {
        assertThat(documented().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(SettingNames.keys());
    }

    @Test
    void theDefaultsOfTheTableAreThoseOfTheCode() throws IOException {
        Map<String, String> written = new HashMap<>();
        documented().forEach(row -> written.put(row.getKey(), row.getValue()));
        Map<String, String> coded = new HashMap<>();
        defaults("lair", LairSettings.class, coded);
        assertThat(coded).hasSizeGreaterThan(20);
        coded.forEach((key, value) ->
                assertThat(written.get(key)).as("the default of " + key).isEqualTo(value.isEmpty() ? "none" : value));
    }

    @Test
    void aScheduleThatReadsASettingHasTheSettingsDefault() throws IOException {
        Map<String, String> coded = new HashMap<>();
        defaults("lair", LairSettings.class, coded);
        Map<String, String> scheduled = new HashMap<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher placeholder = PLACEHOLDER.matcher(Files.readString(source));
                while (placeholder.find()) {
                    scheduled.put(placeholder.group(1), placeholder.group(2));
                }
            }
        }
        assertThat(scheduled).containsKeys("lair.content.collect-every", "lair.publish.sweep-every");
        scheduled.forEach((key, value) -> assertThat(value).as(key).isEqualTo(coded.get(key)));
    }

    @Test
    void theKeyThatWasProbablyMeantIsNamed() {
        assertThat(SettingNames.nearest("lair.publish.max-contents")).contains("lair.publish.max-content");
        assertThat(SettingNames.nearest("lair.leger.origin")).contains("lair.ledger.origin");
        assertThat(SettingNames.nearest("lair.something-else-altogether")).isEmpty();
    }

    @Test
    void variablesOfTheLauncherAreNoSettings() throws IOException {
        Matcher used = Pattern.compile("\\bLAIR_[A-Z]+").matcher(Files.readString(Path.of("../lair")));
        List<String> variables = used.results().map(MatchResult::group).toList();
        assertThat(variables).contains("LAIR_FAST", "LAIR_BUILT");
        assertThat(SettingNames.unknownVariables(variables)).isEmpty();
    }

    @Test
    void variablesThatLookLikeSettingsAndAreNoneAreNamed() {
        assertThat(SettingNames.unknownVariables(List.of(
                        "LAIR_PUBLISH_MAXCONTENT",
                        "LAIR_PUBLISH_MAX_CONTENT",
                        "LAIR_NAMESPACES_0",
                        "LAIR_TRUSTEDPUBLISHING_ISSUERS_0_JWKSHOST",
                        "LAIR_TRUSTED_PUBLISHING_ISSUERS_1_URL",
                        "LAIR_TRUSTED_PUBLISHING_ISSUERS_1_HOST",
                        "LAIR_S3_ACCESS_KEY_FILE",
                        "LAIR_HOME",
                        "LAIR_TOKEN",
                        "LAIR_CA_FILE",
                        "LAIR_TEST_REQUIRE",
                        "PATH",
                        "LAIR_STORAGES",
                        "LAIR_PUBLISH_MAX_CONTENTS")))
                .containsExactly(
                        "LAIR_PUBLISH_MAX_CONTENTS", "LAIR_STORAGES", "LAIR_TRUSTED_PUBLISHING_ISSUERS_1_HOST");
    }
}
