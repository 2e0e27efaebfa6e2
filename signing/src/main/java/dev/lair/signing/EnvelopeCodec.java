package dev.lair.signing;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * The stored form of a {@link SignedRecord}: protobuf message {@code warg.protocol.Envelope}, written out in the
 * resource {@code envelope.proto} beside this class (warg protocol, section 1). HTTP carries the same parts as JSON.
 *
 * <pre>
 * 0a len content-bytes    field 1, left out when empty
 * 12 47  key-id text      field 2
 * 1a len signature text   field 3
 * </pre>
 *
 * <p>There is one encoding per record: {@link #parse} refuses unknown, repeated and reordered fields, padded lengths
 * and anything else that {@link #format} would not write. It does not look into the content bytes.
 */
public final class EnvelopeCodec {

    private static final int CONTENTS = 1;
    private static final int KEY_ID = 2;
    private static final int SIGNATURE = 3;

    /** Tag of a field with wire type 2 (length-delimited), the only one in this message. */
    private static final int LENGTH_DELIMITED = 2;

    private EnvelopeCodec() {}

    /**
     * The envelope of {@code record}.
     *
     * @throws IllegalArgumentException when its content is larger than {@link #parse} would read back
     */
    public static byte[] format(SignedRecord record) {
        if (record.contentSizeBytes() > Limits.RECORD_CONTENT_BYTES) {
            throw new MalformedEnvelopeException("the content has " + record.contentSizeBytes() + " bytes, at most "
                    + Limits.RECORD_CONTENT_BYTES + " are allowed");
        }
        byte[] contents = record.contentBytes();
        String keyId = record.keyId().toString();
        String signature = record.signature().text();
        int size = (contents.length == 0 ? 0 : CodedOutputStream.computeByteArraySize(CONTENTS, contents))
                + CodedOutputStream.computeStringSize(KEY_ID, keyId)
                + CodedOutputStream.computeStringSize(SIGNATURE, signature);
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            if (contents.length > 0) {
                out.writeByteArray(CONTENTS, contents);
            }
            out.writeString(KEY_ID, keyId);
            out.writeString(SIGNATURE, signature);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("an array of the computed size cannot overflow", e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /**
     * The inverse of {@link #format}.
     *
     * @throws MalformedEnvelopeException when {@code bytes} are not the one encoding of a record, or too many
     */
    public static SignedRecord parse(byte[] bytes) {
        if (bytes.length > Limits.ENVELOPE_BYTES) {
            throw new MalformedEnvelopeException(
                    "it has " + bytes.length + " bytes, at most " + Limits.ENVELOPE_BYTES + " are allowed");
        }
        SignedRecord record;
        try {
            record = parseFields(CodedInputStream.newInstance(bytes));
        } catch (IOException e) {
            throw new MalformedEnvelopeException("the protobuf encoding is broken", e);
        } catch (MalformedKeyException | MalformedSignatureException e) {
            throw new MalformedEnvelopeException(String.valueOf(e.getMessage()), e);
        }
        if (!Arrays.equals(format(record), bytes)) {
            throw new MalformedEnvelopeException(
                    "it is not in canonical form (fields in order, once, shortest lengths)");
        }
        return record;
    }

    private static SignedRecord parseFields(CodedInputStream in) throws IOException {
        byte[] contents = {};
        String keyId = "";
        String signature = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case CONTENTS << 3 | LENGTH_DELIMITED -> contents = in.readByteArray();
                case KEY_ID << 3 | LENGTH_DELIMITED -> keyId = in.readStringRequireUtf8();
                case SIGNATURE << 3 | LENGTH_DELIMITED -> signature = in.readStringRequireUtf8();
                default ->
                    throw new MalformedEnvelopeException(
                            "field " + (tag >>> 3) + " with wire type " + (tag & 7) + " is not part of it");
            }
        }
        return new SignedRecord(contents, KeyId.parse(keyId), Signature.parse(signature));
    }
}
