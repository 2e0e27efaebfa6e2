package dev.lair.transparency;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two vector files, read once. */
final class Vectors {

    static final JsonNode WARG = read("/warg-vectors.json");
    static final JsonNode TLOG = read("/tlog-vectors.json");

    private Vectors() {}

    private static JsonNode read(String resource) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream(resource))) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asString());
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] base64(JsonNode node) {
        return Base64.getDecoder().decode(node.asString());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A root written with or without its {@code sha256:} prefix. */
    static RootHash root(JsonNode node) {
        String text = node.asString();
        return RootHash.parse(text.startsWith("sha256:") ? text : "sha256:" + text);
    }

    static List<NodeHash> nodeHashes(JsonNode array) {
        List<NodeHash> hashes = new ArrayList<>();
        for (JsonNode hash : array) {
            hashes.add(NodeHash.ofBytes(hex(hash)));
        }
        return hashes;
    }

    static List<Long> longs(JsonNode array) {
        List<Long> values = new ArrayList<>();
        for (JsonNode value : array) {
            values.add(value.asLong());
        }
        return values;
    }
}
