package dev.lair.registry.tree;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.MalformedEnvelopeException;
import dev.lair.signing.SignedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Full signed records in leaf order, for monitors and mirrors (transparency log, section 4, point 8). A bundle belongs to
 * the same leaves as the entry bundle of the same number, and a partial one is a prefix of the full one:
 *
 * <pre>
 *   bundle = *record                      ; up to 256, without a header and without a count
 *   record = length envelope              ; length: 32 bits, big-endian, of the envelope
 *   envelope                              ; {@link EnvelopeCodec}
 * </pre>
 *
 * <p>The length has 32 bits where C2SP's entry bundles have 16: a record may have more than 65,535 bytes. Nothing is
 * verified here: the content of each record hashes to the record id that its leaf names.
 */
public final class RecordBundle {

    /** Records of a full bundle. */
    public static final int RECORDS = 256;

    private RecordBundle() {}

    /** One record of a bundle, with its length in front. */
    public static byte[] frame(SignedRecord record) {
        byte[] envelope = EnvelopeCodec.format(record);
        return ByteBuffer.allocate(Integer.BYTES + envelope.length)
                .putInt(envelope.length)
                .put(envelope)
                .array();
    }

    /**
     * The body of a bundle.
     *
     * @throws IllegalArgumentException when there are more than {@value #RECORDS}
     */
    public static byte[] encode(List<SignedRecord> records) {
        if (records.size() > RECORDS) {
            throw new IllegalArgumentException("a bundle has at most " + RECORDS + " records, not " + records.size());
        }
        List<byte[]> frames = records.stream().map(RecordBundle::frame).toList();
        ByteBuffer out = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(out::put);
        return out.array();
    }

    /**
     * The records of a body.
     *
     * @param count number of records that it must have, 0 to {@value #RECORDS}
     * @throws MalformedBundleException when it has fewer, more, ends within one, or one is not the canonical envelope
     */
    public static List<SignedRecord> parse(byte[] body, int count) throws MalformedBundleException {
        ByteBuffer in = ByteBuffer.wrap(body);
        List<SignedRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || in.remaining() < length) {
                throw new MalformedBundleException("the bundle ends within record " + i + " of " + count);
            }
            byte[] envelope = new byte[length];
            in.get(envelope);
            try {
                records.add(EnvelopeCodec.parse(envelope));
            } catch (MalformedEnvelopeException e) {
                throw new MalformedBundleException("record " + i + " of the bundle is malformed: " + e.getMessage(), e);
            }
        }
        if (in.hasRemaining()) {
            throw new MalformedBundleException(in.remaining() + " bytes follow record " + count + " of the bundle");
        }
        return records;
    }
}
