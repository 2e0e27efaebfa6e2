package dev.lair.server.witness;

import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log, the witness and the eight requests of tlog-vectors.json. */
final class WitnessVectors {

    private static final JsonNode OWN = load();

    static final String ORIGIN = text(OWN, "origin");
    static final String ORIGIN_HASH = text(OWN, "origin_hash");
    static final NoteKey LOG_KEY = NoteKey.parse(text(OWN, "log_vkey"));
    static final NotePrivateKey LOG = key(NoteKeyType.ED25519, ORIGIN, OWN, "log_seed_hex");
    static final NotePrivateKey ED25519 = cosigner(NoteKeyType.COSIGNATURE_ED25519, "witness_ed25519");
    static final NotePrivateKey ML_DSA_44 = cosigner(NoteKeyType.COSIGNATURE_ML_DSA_44, "witness_mldsa44");

    private WitnessVectors() {}

    /** A request and what a witness in a state has to answer. */
    record Request(int number, String state, String body, String expected) {

        @Override
        public String toString() {
            return number + ": " + state + " -> " + expected;
        }
    }

    static List<Request> requests() {
        JsonNode requests = Objects.requireNonNull(OWN.get("witness_requests"));
        return IntStream.range(0, requests.size())
                .mapToObj(i -> new Request(
                        i,
                        text(requests.get(i), "state"),
                        text(requests.get(i), "body"),
                        text(requests.get(i), "expect")))
                .toList();
    }

    /** The log's note over its first leaves: 0, 1, 3, 7 or 8 of them. */
    static String checkpoint(int size) {
        return text(Objects.requireNonNull(OWN.get("checkpoints")), Integer.toString(size));
    }

    /** The recorded cosignature line of the Ed25519 witness over 8 leaves, and when it was made. */
    static String cosignatureOfEight() {
        return text(Objects.requireNonNull(OWN.get("witness_ed25519")), "line");
    }

    static long cosignatureTime() {
        return Objects.requireNonNull(OWN.get("witness_ed25519"))
                .get("timestamp")
                .asLong();
    }

    private static NotePrivateKey cosigner(NoteKeyType type, String field) {
        JsonNode node = Objects.requireNonNull(OWN.get(field));
        return key(type, text(node, "name"), node, "seed_hex");
    }

    private static NotePrivateKey key(NoteKeyType type, String name, JsonNode node, String field) {
        return NotePrivateKey.ofSeed(type, name, HexFormat.of().parseHex(text(node, field)));
    }

    private static String text(JsonNode node, String field) {
        return Objects.requireNonNull(node.get(field), field).asString();
    }

    private static JsonNode load() {
        try (InputStream in = WitnessVectors.class.getResourceAsStream("/tlog-vectors.json")) {
            JsonNode root = JsonMapper.shared().readTree(Objects.requireNonNull(in, "tlog-vectors.json"));
            return Objects.requireNonNull(root.get("own_log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
