package dev.lair.cli;

import dev.lair.signing.PrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code warg-vectors.json}, made with the reference (warg protocol, section 8). */
final class Vectors {

    private static final JsonNode ROOT = load();

    /** The registry of seven records that most tests play. */
    static final JsonNode WORKED = ROOT.get("workedRegistry");

    /** Operator of the worked registry. */
    static final PrivateKey ALICE = key(0);

    /** Publisher of the worked registry. */
    static final PrivateKey BOB = key(1);

    /** The one content of the worked registry: an empty component. */
    static final byte[] CONTENT =
            HexFormat.of().parseHex(WORKED.get("content").get("hex").asString());

    private Vectors() {}

    private static PrivateKey key(int index) {
        return PrivateKey.parse(ROOT.get("keys").get(index).get("private").asString());
    }

    private static JsonNode load() {
        try (InputStream in = Vectors.class.getResourceAsStream("/warg-vectors.json")) {
            return new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
