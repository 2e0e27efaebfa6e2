package dev.lair.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code warg-vectors.json}, made with the reference (warg protocol, section 8). */
public final class Vectors {

    private static final JsonNode ROOT = load();

    private Vectors() {}

    /** One top-level part of the vectors. */
    public static JsonNode part(String name) {
        JsonNode part = ROOT.get(name);
        if (part == null) {
            throw new IllegalArgumentException("no vectors called " + name);
        }
        return part;
    }

    private static JsonNode load() {
        try (InputStream in = Vectors.class.getResourceAsStream("/warg-vectors.json")) {
            return new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
