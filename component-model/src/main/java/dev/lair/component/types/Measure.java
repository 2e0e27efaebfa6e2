package dev.lair.component.types;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.PrimitiveType;

/**
 * What a type measures, known when it is built from its parts.
 *
 * @param size nodes when everything that it names is written out
 * @param depth value types inside each other
 * @param bytes of a value in memory, with pointers of 64 bits
 * @param alignment of a value in memory, in bytes
 * @param borrows whether it holds a borrow handle
 * @param pointers whether a value refers to memory: strings, lists of any length, maps
 * @param resources whether it mentions any resource, so that substitution has to look into it
 */
public record Measure(
        long size, int depth, long bytes, int alignment, boolean borrows, boolean pointers, boolean resources) {
    private static final Measure EMPTY = new Measure(1, 0, 0, 1, false, false, false);

    /** One node without parts. */
    static Measure leaf() {
        return EMPTY;
    }

    static Measure of(PrimitiveType type) {
        return switch (type) {
            case BOOL, S8, U8 -> scalar(1);
            case S16, U16 -> scalar(2);
            case S32, U32, F32, CHAR, ERROR_CONTEXT -> scalar(4);
            case S64, U64, F64 -> scalar(8);
            case STRING -> new Measure(1, 0, 16, 8, false, true, false);
        };
    }

    /** One node of a value of this many bytes, aligned to them. */
    static Measure scalar(int bytes) {
        return new Measure(1, 0, bytes, bytes, false, false, false);
    }

    /** Adds a part: its nodes, and what it holds. The part's bytes are not laid out. */
    Measure and(Measure part) throws TypeException {
        long sum = size + part.size;
        if (sum > ComponentLimits.TYPE_SIZE) {
            throw new TypeException("effective type size exceeds the limit of " + ComponentLimits.TYPE_SIZE);
        }
        return new Measure(
                sum,
                Math.max(depth, part.depth),
                bytes,
                alignment,
                borrows || part.borrows,
                pointers || part.pointers,
                resources || part.resources);
    }

    /** The same with a value of this many bytes in memory. */
    Measure withLayout(long valueBytes, int valueAlignment) throws TypeException {
        if (valueBytes > ComponentLimits.VALUE_BYTES) {
            throw new TypeException(
                    "value type's maximum in-memory size exceeds maximum byte size of " + ComponentLimits.VALUE_BYTES);
        }
        return new Measure(size, depth, valueBytes, valueAlignment, borrows, pointers, resources);
    }

    /** One level deeper. */
    Measure deeper() throws TypeException {
        if (depth + 1 > ComponentLimits.TYPE_DEPTH) {
            throw new TypeException("type nesting is too deep: more than " + ComponentLimits.TYPE_DEPTH);
        }
        return new Measure(size, depth + 1, bytes, alignment, borrows, pointers, resources);
    }

    Measure withPointers() {
        return new Measure(size, depth, bytes, alignment, borrows, true, resources);
    }

    /** For what passes its elements by handle. */
    Measure withoutPointers() {
        return new Measure(size, depth, bytes, alignment, borrows, false, resources);
    }

    Measure withResources(boolean borrowed) {
        return new Measure(size, depth, bytes, alignment, borrows || borrowed, pointers, true);
    }

    static long align(long offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
