package dev.lair.signing.note;

import dev.lair.transparency.CheckpointText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors of C2SP's formats, as far as notes go. */
final class NoteVectors {

    static final JsonNode ROOT = load();
    static final JsonNode OWN = at(ROOT, "own_log");

    static final String ORIGIN = text(OWN, "origin");
    static final NotePrivateKey LOG =
            NotePrivateKey.ofSeed(NoteKeyType.ED25519, ORIGIN, hex(text(OWN, "log_seed_hex")));
    static final JsonNode W1 = at(OWN, "witness_ed25519");
    static final JsonNode W2 = at(OWN, "witness_mldsa44");
    static final NotePrivateKey WITNESS_1 =
            NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ED25519, text(W1, "name"), hex(text(W1, "seed_hex")));
    static final NotePrivateKey WITNESS_2 =
            NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ML_DSA_44, text(W2, "name"), hex(text(W2, "seed_hex")));
    static final long TIME = at(W1, "timestamp").asLong();

    private NoteVectors() {}

    /** A note that others made. */
    record Foreign(String name, NoteKey key, String note) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Foreign> foreignNotes() {
        return StreamSupport.stream(at(ROOT, "notes_verified").spliterator(), false)
                .map(node -> new Foreign(text(node, "name"), NoteKey.parse(text(node, "vkey")), text(node, "note")))
                .toList();
    }

    /** The log's note over its first leaves: 0, 1, 3, 7 or 8 of them. */
    static String checkpoint(int size) {
        return text(at(OWN, "checkpoints"), Integer.toString(size));
    }

    static CheckpointText checkpointText(int size) {
        return CheckpointText.parse(SignedNote.parse(checkpoint(size)).text());
    }

    /** The log's note over 8 leaves with both cosignatures of the vectors. */
    static SignedNote cosigned() {
        return SignedNote.parse(checkpoint(8) + text(W1, "line") + text(W2, "line"));
    }

    static List<NoteKey> allKeys() {
        return List.of(LOG.key(), WITNESS_1.key(), WITNESS_2.key());
    }

    static JsonNode at(JsonNode node, String field) {
        return Objects.requireNonNull(node.get(field), field);
    }

    static String text(JsonNode node, String field) {
        return at(node, field).asString();
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static JsonNode load() {
        try (InputStream in = NoteVectors.class.getResourceAsStream("/tlog-vectors.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in, "tlog-vectors.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
