package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.cli.wit.Inspection;
import dev.lair.component.validate.FeatureSet;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.facts.FactsOf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lair inspect --json} says of a content what the registry's API says, in the same form. */
class InspectJsonTest {

    private static final Path FILES = Path.of("src", "test", "resources", "commands", "inspect");

    @TempDir
    Path folder;

    private JsonNode inspected(byte[] bytes) throws Exception {
        Files.write(folder.resolve("it.wasm"), bytes);
        return JsonMapper.shared()
                .readTree(
                        new LairRun(folder).run("inspect", "it.wasm", "--json").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeter.wasm", "greeter-wit.wasm", "core.wasm", "broken.wasm", "text.wasm"})
    void contentIsAsTheApiTellsIt(String file) throws Exception {
        byte[] bytes = Files.readAllBytes(FILES.resolve(file));
        Inspection inspection = Inspection.of(ByteBuffer.wrap(bytes), FeatureSet.stable());
        byte[] told = ApiJson.write(FactsOf.of(inspection.facts(), FeatureSet.stable(), inspection.wit()));

        JsonNode content = inspected(bytes).get("content");
        assertThat(content).isEqualTo(JsonMapper.shared().readTree(told));
        // No member more than the records of the API have.
        byte[] readBack = ApiJson.write(
                ApiJson.readCompressed(content.toString().getBytes(StandardCharsets.UTF_8), ContentFacts.class));
        assertThat(JsonMapper.shared().readTree(readBack)).isEqualTo(content);
    }

    @Test
    void witIsToldAsTextAndResolved() throws Exception {
        JsonNode wit =
                inspected(Files.readAllBytes(FILES.resolve("greeter.wasm"))).at("/content/wit");
        assertThat(wit.get("text").asString()).contains("world root");
        assertThat(wit.at("/model/main").asString()).isEqualTo("root:component");
        assertThat(wit.at("/model/packages").toString())
                .contains(
                        "\"name\":\"greet\",\"kind\":\"freestanding\",\"async\":false,"
                                + "\"params\":[{\"name\":\"name\",\"type\":{\"kind\":\"string\"}}],\"result\":{\"kind\":\"string\"}");
    }
}
