package dev.lair.registry.warg;

import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.Sha256Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The packed ledger (warg protocol, section 4, {@code v1/ledger/records}), a piece of the registry's log in binary:
 *
 * <pre>
 *   piece  = *record              ; in the order of their leaves, without a header and without a count
 *   record = log-id record-id     ; 64 bytes
 *   log-id = record-id = 32 bytes ; SHA-256, raw
 * </pre>
 *
 * <p>Any 64 bytes are a record: whether they are the true ones, only the roots of a checkpoint say.
 */
public final class PackedLedger {

    /** Media type of a piece, as the list of pieces names it. */
    public static final String CONTENT_TYPE = "application/vnd.warg.ledger.packed";

    /** Length of one record in bytes. */
    public static final int RECORD_BYTES = 2 * Sha256Value.LENGTH;

    private PackedLedger() {}

    /** The bytes of these leaves. */
    public static byte[] format(List<LogLeaf> leaves) {
        ByteBuffer packed = ByteBuffer.allocate(Math.multiplyExact(RECORD_BYTES, leaves.size()));
        for (LogLeaf leaf : leaves) {
            packed.put(leaf.logId().bytes()).put(leaf.recordId().bytes());
        }
        return packed.array();
    }

    /**
     * The leaves of these bytes; none when there are no bytes.
     *
     * @throws MalformedLedgerException when the last record is cut off
     */
    public static List<LogLeaf> parse(byte[] packed) throws MalformedLedgerException {
        if (packed.length % RECORD_BYTES != 0) {
            throw new MalformedLedgerException(packed.length);
        }
        List<LogLeaf> leaves = new ArrayList<>(packed.length / RECORD_BYTES);
        ByteBuffer rest = ByteBuffer.wrap(packed);
        while (rest.hasRemaining()) {
            leaves.add(new LogLeaf(LogId.ofBytes(next(rest)), RecordId.ofBytes(next(rest))));
        }
        return leaves;
    }

    private static byte[] next(ByteBuffer rest) {
        byte[] id = new byte[Sha256Value.LENGTH];
        rest.get(id);
        return id;
    }
}
