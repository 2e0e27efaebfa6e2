package dev.lair.signing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors of the warg protocol's spec, as far as keys, records and signed checkpoints go. */
final class WargVectors {

    static final JsonNode ROOT = load();

    static final PrivateKey ALICE = PrivateKey.parse(text(ROOT.get("keys").get(0), "private"));
    static final PrivateKey BOB = PrivateKey.parse(text(ROOT.get("keys").get(1), "private"));

    private WargVectors() {}

    /** One record with what is expected of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(
            String name,
            RecordDomain domain,
            byte[] content,
            KeyId keyId,
            Signature signature,
            String recordId,
            String envelopeHex) {

        PrivateKey signer() {
            return Stream.of(ALICE, BOB)
                    .filter(key -> key.keyId().equals(keyId))
                    .findFirst()
                    .orElseThrow();
        }

        SignedRecord record() {
            return new SignedRecord(content, keyId, signature);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All records of the reference's own logs and of the worked registry. */
    static List<Case> records() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode log : ROOT.get("referenceLogs")) {
            for (JsonNode record : log.get("records")) {
                cases.add(read(text(log, "file"), text(log, "kind"), record, "signatureRfc6979"));
            }
        }
        for (JsonNode record : ROOT.get("workedRegistry").get("records")) {
            cases.add(read("worked registry", text(record, "kind"), record, "signature"));
        }
        return cases;
    }

    private static Case read(String name, String kind, JsonNode record, String signatureField) {
        return new Case(
                name + " " + text(record, "recordId"),
                kind.equals("operator") ? RecordDomain.OPERATOR : RecordDomain.PACKAGE,
                Base64.getDecoder().decode(text(record, "contentBytesBase64")),
                KeyId.parse(text(record, "keyId")),
                Signature.parse(text(record, signatureField)),
                text(record, "recordId"),
                text(record, "envelopeProtobufHex"));
    }

    static String text(JsonNode node, String field) {
        return Objects.requireNonNull(node.get(field), field).asString();
    }

    private static JsonNode load() {
        try (InputStream in = WargVectors.class.getResourceAsStream("/warg-vectors.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in, "warg-vectors.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
