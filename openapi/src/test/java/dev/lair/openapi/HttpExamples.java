package dev.lair.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's example messages, `httpExamples` of warg-vectors.json. */
final class HttpExamples {
    static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode ROOT = resource("/warg-vectors.json");

    private HttpExamples() {}

    /** The example at a JSON pointer below `httpExamples`. */
    static JsonNode at(String pointer) {
        return vector("/httpExamples" + pointer);
    }

    /** Any value of the vector file. */
    static JsonNode vector(String pointer) {
        JsonNode node = ROOT.at(pointer);
        if (node.isMissingNode()) {
            throw new IllegalArgumentException("no vector at " + pointer);
        }
        return node;
    }

    static JsonNode resource(String name) {
        try (InputStream in = Objects.requireNonNull(HttpExamples.class.getResourceAsStream(name), name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
