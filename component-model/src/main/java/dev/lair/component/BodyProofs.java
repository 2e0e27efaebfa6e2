package dev.lair.component;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Proves the bodies of a code section, those of large ones on several threads of the common pool. Each holds one body at a
 * time; the module is not held.
 */
final class BodyProofs {
    /** Bodies that one thread proves in one go. */
    private static final int CHUNK_BYTES = 256 << 10;

    /**
     * Consecutive bodies.
     *
     * @param first index of the first one
     * @param count of them
     * @param bodies their bytes, sizes included
     */
    private record Chunk(int first, int count, WasmReader bodies) {}

    /**
     * What came of it.
     *
     * @param bodies which are valid for sure
     * @param moved operands that this took
     */
    record Proven(BitSet bodies, long moved) {}

    private BodyProofs() {}

    /**
     * Proves bodies.
     *
     * @param in behind the count of functions
     * @param functions the count
     * @param mostMoved operands that all together may move; then nothing is proven any more
     */
    static Proven of(WasmReader in, int functions, ModuleShape shape, long mostMoved) {
        List<Chunk> chunks = chunks(in.again(), functions);
        // Each has its share, so that the verdict does not depend on which thread is faster.
        long share = mostMoved / Math.max(1, chunks.size());
        if (chunks.size() == 1) {
            return proven(chunks.get(0), shape, share);
        }
        List<Proven> found = chunks.parallelStream()
                .map(chunk -> proven(chunk, shape, share))
                .toList();
        BitSet all = new BitSet(functions);
        found.forEach(each -> all.or(each.bodies()));
        return new Proven(all, found.stream().mapToLong(Proven::moved).sum());
    }

    private static List<Chunk> chunks(WasmReader in, int functions) {
        List<Chunk> chunks = new ArrayList<>();
        try {
            WasmReader start = in.again();
            int first = 0;
            for (int i = 0; i < functions; i++) {
                in.skip(in.size());
                int sizeBytes = start.remaining() - in.remaining();
                if (sizeBytes >= CHUNK_BYTES || i == functions - 1) {
                    chunks.add(new Chunk(first, i + 1 - first, start.part(sizeBytes)));
                    start = in.again();
                    first = i + 1;
                }
            }
        } catch (InvalidWasmException cutOff) {
            return chunks; // the scan says so, when it comes to that function
        }
        return chunks;
    }

    private static Proven proven(Chunk chunk, ModuleShape shape, long share) {
        BitSet proven = new BitSet();
        BodyProof proof = new BodyProof(shape, share);
        byte[] held = {};
        try {
            WasmReader in = chunk.bodies().again();
            for (int i = chunk.first(); i < chunk.first() + chunk.count(); i++) {
                int sizeBytes = in.size();
                int type = shape.typeOfBody(i);
                if (type < 0 || sizeBytes > Limits.BODY_BYTES_PROVEN) {
                    in.skip(sizeBytes);
                    continue;
                }
                if (held.length < sizeBytes + BodyBytes.SLACK) {
                    held = new byte[Math.max(2 * held.length, sizeBytes + BodyBytes.SLACK)];
                }
                in.copyTo(held, sizeBytes);
                if (proof.proves(held, 0, sizeBytes, type)) {
                    proven.set(i);
                }
            }
        } catch (InvalidWasmException impossible) {
            throw new IllegalStateException("the sizes were read before", impossible);
        }
        return new Proven(proven, proof.moved());
    }
}
