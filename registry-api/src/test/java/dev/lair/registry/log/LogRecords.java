package dev.lair.registry.log;

import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedRecord;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Reads the records of the vectors. */
final class LogRecords {

    private LogRecords() {}

    static SignedRecord envelope(JsonNode record, String signatureField) {
        return new SignedRecord(
                Base64.getDecoder().decode(record.get("contentBytesBase64").asString()),
                KeyId.parse(record.get("keyId").asString()),
                Signature.parse(record.get(signatureField).asString()));
    }
}
