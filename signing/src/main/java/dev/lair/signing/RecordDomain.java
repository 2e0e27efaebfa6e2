package dev.lair.signing;

import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The kind of log that a record belongs to, as far as hashing goes: its bytes are hashed and signed under prefixes of
 * their own, so that a record of one kind is never taken for the other (warg protocol, section 1, table).
 */
public enum RecordDomain {
    /** Records of a package log. */
    PACKAGE("WARG-PACKAGE-LOG-RECORD-V0:", "WARG-PACKAGE-RECORD-SIGNATURE-V0:"),

    /** Records of the operator log. */
    OPERATOR("WARG-OPERATOR-LOG-RECORD-V0:", "WARG-OPERATOR-RECORD-SIGNATURE-V0:");

    private final String idPrefix;
    private final String signaturePrefix;

    RecordDomain(String idPrefix, String signaturePrefix) {
        this.idPrefix = idPrefix;
        this.signaturePrefix = signaturePrefix;
    }

    /**
     * The id of a record with these content bytes, exactly as received. Key id and signature are no part of it, so two
     * signed records may share one id.
     */
    public RecordId recordId(byte[] content) {
        return RecordId.ofBytes(Digest.of(ascii(idPrefix), content).bytes());
    }

    /** The message that a record's signature is over: prefix and content bytes. */
    public byte[] signingInput(byte[] content) {
        return prefixed(ascii(signaturePrefix), content);
    }

    private static byte[] ascii(String prefix) {
        return prefix.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] prefixed(byte[] prefix, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(prefix.length + rest.length);
        out.writeBytes(prefix);
        out.writeBytes(rest);
        return out.toByteArray();
    }
}
