package dev.lair.transparency;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Map proofs for a list of logs, in the order in which they were asked for (warg protocol, section 3), protobuf:
 *
 * <pre>
 * message MapProofBundle { repeated MapInclusionProof proofs = 1; }
 * message MapInclusionProof { repeated OptionalHash hashes = 1; }   // leaf side first, at most 256
 * message OptionalHash { optional bytes hash = 1; }                 // absent: empty at this height
 * </pre>
 *
 * <p>Only the canonical encoding is accepted, as in {@link LogProofBundleCodec}. Whoever verifies compares the number of
 * proofs with the number of logs asked for: a bundle does not say what it is about.
 */
public final class MapProofBundle {

    /** The one field of each of the three messages: number 1, length-delimited. */
    private static final int FIELD_1 = 1 << 3 | 2;

    private final List<MapProof> proofs;

    private MapProofBundle(List<MapProof> proofs) {
        this.proofs = List.copyOf(proofs);
    }

    /** A bundle of these proofs. */
    public static MapProofBundle of(List<MapProof> proofs) {
        return new MapProofBundle(proofs);
    }

    /** The proofs, in order. */
    public List<MapProof> proofs() {
        return proofs;
    }

    /**
     * One log and the head that the map must have for it.
     *
     * @param head newest record of the log
     */
    public record Head(LogId logId, RecordId head) {}

    /** Checks that there is one proof per head, in this order, and that each shows presence under {@code mapRoot}. */
    public void verifyPresence(List<Head> heads, RootHash mapRoot) throws ProofRejected {
        if (heads.isEmpty() || heads.size() != proofs.size()) {
            throw new ProofRejected("the bundle has " + proofs.size() + " map proofs for " + heads.size() + " logs");
        }
        for (int i = 0; i < heads.size(); i++) {
            proofs.get(i).verifyPresence(heads.get(i).logId(), heads.get(i).head(), mapRoot);
        }
    }

    /** The canonical wire form. */
    public byte[] encode() {
        List<byte[]> messages = new ArrayList<>();
        for (MapProof proof : proofs) {
            messages.add(formatProof(proof));
        }
        return repeated(messages);
    }

    private static byte[] formatProof(MapProof proof) {
        List<byte[]> messages = new ArrayList<>();
        for (NodeHash sibling : proof.siblings()) {
            messages.add(repeated(sibling == null ? List.of() : List.of(sibling.raw())));
        }
        return repeated(messages);
    }

    private static byte[] repeated(List<byte[]> values) {
        int size = 0;
        for (byte[] value : values) {
            size += CodedOutputStream.computeByteArraySize(1, value);
        }
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (byte[] value : values) {
                out.writeByteArray(1, value);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /** Parses the canonical wire form; any other bytes are refused. */
    public static MapProofBundle parse(byte[] bytes) throws ProofRejected {
        if (bytes.length > Limits.MAX_BUNDLE_BYTES) {
            throw new ProofRejected("a map proof bundle has at most " + Limits.MAX_BUNDLE_BYTES + " bytes");
        }
        MapProofBundle bundle;
        try {
            bundle = read(CodedInputStream.newInstance(bytes));
        } catch (IOException malformed) {
            throw new ProofRejected("not a map proof bundle: " + malformed.getMessage(), malformed);
        }
        if (!Arrays.equals(bundle.encode(), bytes)) {
            throw new ProofRejected("the map proof bundle is not in canonical encoding");
        }
        return bundle;
    }

    private static MapProofBundle read(CodedInputStream in) throws IOException, ProofRejected {
        List<MapProof> proofs = new ArrayList<>();
        while (hasField1(in)) {
            if (proofs.size() == Limits.MAX_MAP_PROOFS) {
                throw new ProofRejected("a map proof bundle has at most " + Limits.MAX_MAP_PROOFS + " proofs");
            }
            int outer = in.pushLimit(in.readRawVarint32());
            proofs.add(readProof(in));
            in.popLimit(outer);
        }
        return new MapProofBundle(proofs);
    }

    private static MapProof readProof(CodedInputStream in) throws IOException, ProofRejected {
        List<@Nullable NodeHash> siblings = new ArrayList<>();
        while (hasField1(in)) {
            if (siblings.size() == Limits.MAP_DEPTH) {
                throw new ProofRejected("a map proof has at most 256 siblings");
            }
            int outer = in.pushLimit(in.readRawVarint32());
            siblings.add(readOptionalHash(in));
            in.popLimit(outer);
        }
        return new MapProof(siblings);
    }

    private static @Nullable NodeHash readOptionalHash(CodedInputStream in) throws IOException, ProofRejected {
        if (!hasField1(in)) {
            return null;
        }
        byte[] hash = in.readByteArray();
        if (hash.length != Sha256Value.LENGTH) {
            throw new ProofRejected("a sibling in a map proof has " + hash.length + " bytes, not 32");
        }
        if (hasField1(in)) {
            throw new ProofRejected("a sibling in a map proof is given twice");
        }
        return NodeHash.ofBytes(hash);
    }

    /** Whether another field 1 follows in the message being read; any other field is refused. */
    private static boolean hasField1(CodedInputStream in) throws IOException, ProofRejected {
        int tag = in.readTag();
        if (tag != 0 && tag != FIELD_1) {
            throw new ProofRejected("the messages of a map proof bundle have no field with tag " + tag);
        }
        return tag == FIELD_1;
    }
}
