package dev.lair.transparency;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Wire form of {@link LogProofBundle} (warg protocol, section 3), protobuf:
 *
 * <pre>
 * message LogProofBundle {
 *   uint32 log_length = 1;
 *   repeated uint32 consistent_lengths = 2;   // packed
 *   repeated uint32 included_indices = 3;     // packed; node numbers, 2 x leaf index
 *   repeated HashEntry hashes = 4;            // ascending node numbers, none twice
 * }
 * message HashEntry { uint32 index = 1; bytes hash = 2; }
 * </pre>
 *
 * <p>Only the canonical encoding is accepted: fields in order, defaults left out, shortest varints, nothing unknown. That
 * is what the reference writes, and it leaves one byte string per bundle.
 */
final class LogProofBundleCodec {

    private static final int LOG_LENGTH = 1 << 3;
    private static final int CONSISTENT_LENGTHS = 2 << 3 | 2;
    private static final int INCLUDED_INDICES = 3 << 3 | 2;
    private static final int HASHES = 4 << 3 | 2;
    private static final int ENTRY_INDEX = 1 << 3;
    private static final int ENTRY_HASH = 2 << 3 | 2;

    private LogProofBundleCodec() {}

    static byte[] format(LogProofBundle bundle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            if (bundle.logLength() != 0) {
                out.writeUInt32(1, (int) bundle.logLength());
            }
            writePacked(out, 2, bundle.consistentLengths());
            writePacked(out, 3, bundle.includedNodes());
            for (Map.Entry<Long, NodeHash> entry : bundle.hashes().entrySet()) {
                out.writeByteArray(4, formatEntry(entry.getKey().intValue(), entry.getValue()));
            }
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void writePacked(CodedOutputStream out, int field, List<Long> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        int length = 0;
        for (long value : values) {
            length += CodedOutputStream.computeUInt32SizeNoTag((int) value);
        }
        out.writeTag(field, 2);
        out.writeUInt32NoTag(length);
        for (long value : values) {
            out.writeUInt32NoTag((int) value);
        }
    }

    private static byte[] formatEntry(int index, NodeHash hash) throws IOException {
        byte[] raw = hash.raw();
        // Into an array of the right size: a stream has a buffer of 4 KiB, and a proof has dozens of these.
        byte[] bytes = new byte
                [(index == 0 ? 0 : CodedOutputStream.computeUInt32Size(1, index))
                        + CodedOutputStream.computeByteArraySize(2, raw)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        if (index != 0) {
            out.writeUInt32(1, index);
        }
        out.writeByteArray(2, raw);
        out.checkNoSpaceLeft();
        return bytes;
    }

    static LogProofBundle parse(byte[] bytes) throws ProofRejected {
        if (bytes.length > Limits.MAX_BUNDLE_BYTES) {
            throw new ProofRejected("a log proof bundle has at most " + Limits.MAX_BUNDLE_BYTES + " bytes");
        }
        LogProofBundle bundle;
        try {
            bundle = read(CodedInputStream.newInstance(bytes));
        } catch (IOException malformed) {
            throw new ProofRejected("not a log proof bundle: " + malformed.getMessage(), malformed);
        }
        if (!Arrays.equals(format(bundle), bytes)) {
            throw new ProofRejected("the log proof bundle is not in canonical encoding");
        }
        return bundle;
    }

    private static LogProofBundle read(CodedInputStream in) throws IOException, ProofRejected {
        long logLength = 0;
        List<Long> consistentLengths = new ArrayList<>();
        List<Long> includedNodes = new ArrayList<>();
        TreeMap<Long, NodeHash> hashes = new TreeMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case LOG_LENGTH -> logLength = readUInt32(in);
                case CONSISTENT_LENGTHS -> readPacked(in, consistentLengths);
                case INCLUDED_INDICES -> readPacked(in, includedNodes);
                case HASHES -> readEntry(in, hashes);
                default -> throw new ProofRejected("a log proof bundle has no field with tag " + tag);
            }
        }
        if (logLength > Limits.MAX_WARG_LOG_LENGTH) {
            throw new ProofRejected("warg can not number the nodes of " + logLength + " leaves");
        }
        return new LogProofBundle(logLength, consistentLengths, includedNodes, hashes);
    }

    private static long readUInt32(CodedInputStream in) throws IOException {
        return Integer.toUnsignedLong(in.readUInt32());
    }

    private static void readPacked(CodedInputStream in, List<Long> values) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            values.add(readUInt32(in));
        }
        in.popLimit(outer);
    }

    private static void readEntry(CodedInputStream in, NavigableMap<Long, NodeHash> hashes)
            throws IOException, ProofRejected {
        long index = 0;
        byte[] hash = {};
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case ENTRY_INDEX -> index = readUInt32(in);
                case ENTRY_HASH -> hash = in.readByteArray();
                default -> throw new ProofRejected("a hash entry has no field with tag " + tag);
            }
        }
        in.popLimit(outer);
        if (hash.length != Sha256Value.LENGTH) {
            throw new ProofRejected("the hash of node " + index + " has " + hash.length + " bytes, not 32");
        }
        if (!hashes.isEmpty() && hashes.lastKey() >= index) {
            throw new ProofRejected("node " + index + " is not in ascending order");
        }
        hashes.put(index, NodeHash.ofBytes(hash));
    }
}
