package dev.lair.registry.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.WitModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Resolved WIT as JSON: every form that a text can have, against {@code facts/every-form.json}, which {@code -Dbless}
 * rewrites.
 */
class WitModelsTest {

    private static final Path FILES = Path.of("src", "test", "resources", "facts");

    private static final JsonMapper READABLE =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static Resolved everyForm() throws Exception {
        return new WitResolver(Features.NONE)
                .resolve(SourceGroup.of("every-form.wit", Files.readString(FILES.resolve("every-form.wit"))));
    }

    @Test
    void everyFormIsWrittenAsItsFileSays() throws Exception {
        JsonNode model = READABLE.readTree(
                ApiJson.write(WitModels.of(everyForm(), 1 << 20).orElseThrow()));
        Path expected = FILES.resolve("every-form.json");
        if (System.getProperty("bless") != null) {
            Files.writeString(expected, READABLE.writeValueAsString(model) + "\n");
        }
        assertThat(model).isEqualTo(READABLE.readTree(Files.readString(expected)));
    }

    @Test
    void everyFormIsReadBack() throws Exception {
        WitModel model = WitModels.of(everyForm(), 1 << 20).orElseThrow();
        assertThat(ApiJson.readCompressed(ApiJson.write(model), WitModel.class)).isEqualTo(model);
    }

    @Test
    void nothingIsBuiltBeyondTheCharactersThatAreAllowed() throws Exception {
        int length = ApiJson.write(WitModels.of(everyForm(), 1 << 20).orElseThrow()).length;
        assertThat(WitModels.of(everyForm(), length * 2L)).isPresent();
        assertThat(WitModels.of(everyForm(), length / 4)).isEmpty();
    }
}
