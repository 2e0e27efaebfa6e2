package dev.lair.component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the operands that validating will push and pop because of function types.
 *
 * <p>A call takes two bytes and moves as many operands as its type has parameters and results; so does a block or a
 * branch. Indexes that point nowhere count nothing here: the validator refuses them.
 */
final class Operands {
    /** Sizes of a function type; of a block without type index, too. */
    record Signature(int params, int results) {
        static final Signature EMPTY = new Signature(0, 0);

        int size() {
            return params + results;
        }
    }

    private final List<Signature> types = new ArrayList<>();
    private final List<Signature> functions = new ArrayList<>();
    private final List<Signature> tags = new ArrayList<>();
    private long typeItems;
    private long moved;
    private long movedBefore;

    /** Blocks around the current instruction, outermost first: the function itself, then its blocks. */
    private Signature[] blocks = new Signature[16];

    private boolean[] loops = new boolean[16];
    private int depth;

    /** Whether the function's own block has ended. */
    private boolean ended;

    void type(Signature type, long at) throws InvalidWasmException, NotCheckableException {
        if (types.size() == Limits.TYPES) {
            throw new InvalidWasmException("types count exceeds the limit of " + Limits.TYPES, at);
        }
        types.add(type);
        typeItems += type.size();
        if (typeItems > Limits.TYPE_ITEMS_CHECKED) {
            throw new NotCheckableException("function types of too many parameters and results", at);
        }
    }

    void function(long typeIndex, long at) throws InvalidWasmException {
        if (functions.size() == Limits.FUNCTIONS) {
            throw new InvalidWasmException("functions count exceeds the limit of " + Limits.FUNCTIONS, at);
        }
        functions.add(get(types, typeIndex));
    }

    void tag(long typeIndex) {
        tags.add(get(types, typeIndex));
    }

    /** Number of types so far. */
    int types() {
        return types.size();
    }

    /** Number of functions so far, imported ones first. */
    int functions() {
        return functions.size();
    }

    Signature typeAt(long index) {
        return get(types, index);
    }

    /** Starts a constant expression: no block is open. */
    void enterExpression(long at) throws NotCheckableException {
        enter(Signature.EMPTY, at);
    }

    void enterFunction(long index, long at) throws NotCheckableException {
        enter(get(functions, index), at);
    }

    private void enter(Signature signature, long at) throws NotCheckableException {
        depth = 0;
        blocks[0] = signature;
        loops[0] = false;
        ended = false;
        movedBefore = moved;
        move(signature.size(), at);
    }

    void open(Signature signature, boolean loop, long at) throws NotCheckableException {
        move(signature.size(), at);
        depth++;
        if (depth == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * depth);
            loops = Arrays.copyOf(loops, 2 * depth);
        }
        blocks[depth] = signature;
        loops[depth] = loop;
    }

    void orElse(long at) throws NotCheckableException {
        move(blocks[depth].size(), at);
    }

    void end(long at) throws NotCheckableException {
        move(blocks[depth].size(), at);
        ended |= depth == 0;
        depth = Math.max(0, depth - 1);
    }

    /** Whether every block that was opened has ended, the function's own too. */
    boolean haveAllEnded() {
        return ended;
    }

    /** Returns how many blocks the validator walks to find the label. */
    long branch(long label, long at) throws NotCheckableException {
        if (label > depth) {
            return depth + 1L;
        }
        int block = depth - (int) label;
        move(loops[block] ? blocks[block].params() : blocks[block].results(), at);
        return label + 1;
    }

    void leave(long at) throws NotCheckableException {
        move(blocks[0].results(), at);
    }

    void call(long functionIndex, long at) throws NotCheckableException {
        move(get(functions, functionIndex).size(), at);
    }

    void callOfType(long typeIndex, long at) throws NotCheckableException {
        move(get(types, typeIndex).size(), at);
    }

    void throwTag(long tagIndex, long at) throws NotCheckableException {
        move(get(tags, tagIndex).size(), at);
    }

    private void move(int operands, long at) throws NotCheckableException {
        moved += operands;
        if (moved - movedBefore > Limits.OPERANDS_PER_FUNCTION_CHECKED) {
            throw new NotCheckableException("a function that moves too many operands", at);
        }
        if (moved > Limits.OPERANDS_CHECKED) {
            throw new NotCheckableException("calls and blocks that move too many operands", at);
        }
    }

    private static Signature get(List<Signature> list, long index) {
        return index >= 0 && index < list.size() ? list.get((int) index) : Signature.EMPTY;
    }
}
