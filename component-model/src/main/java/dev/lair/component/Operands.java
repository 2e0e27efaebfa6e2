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
    /**
     * Sizes of a function type; of a block without type index, too.
     *
     * @param passes whether an {@code if} of this type may go without {@code else}
     */
    record Signature(int params, int results, boolean passes) {
        static final Signature EMPTY = new Signature(0, 0, true);
        static final Signature ONE_RESULT = new Signature(0, 1, false);

        int size() {
            return params + results;
        }
    }

    private static final int BLOCK = 0x02;

    private final List<Signature> types = new ArrayList<>();
    private final List<Signature> functions = new ArrayList<>();
    private final List<Signature> tags = new ArrayList<>();
    private final CoreWork work;

    /** In the function or expression at hand. */
    private long moved;

    /** Blocks around the current instruction, outermost first: the function itself, then its blocks. */
    private Signature[] blocks = new Signature[16];

    /** The opcodes that opened them; that of a block for an `if` behind its `else`. */
    private int[] openers = new int[16];

    private int depth;

    /** Whether the function's own block has ended. */
    private boolean ended;

    Operands(CoreWork work) {
        this.work = work;
    }

    void type(Signature type, long at) throws InvalidWasmException, NotCheckableException {
        if (types.size() == Limits.TYPES) {
            throw new InvalidWasmException("types count exceeds the limit of " + Limits.TYPES, at);
        }
        types.add(type);
        work.typeItems(type.size(), at);
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
        openers[0] = BLOCK;
        ended = false;
        moved = 0;
        move(signature.size(), at);
    }

    void open(Signature signature, int opcode, long at) throws NotCheckableException {
        move(signature.size(), at);
        depth++;
        if (depth == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * depth);
            openers = Arrays.copyOf(openers, 2 * depth);
        }
        blocks[depth] = signature;
        openers[depth] = opcode;
    }

    void orElse(long at) throws NotCheckableException {
        openers[depth] = BLOCK;
        move(blocks[depth].size(), at);
    }

    void end(long at) throws InvalidWasmException, NotCheckableException {
        if (openers[depth] == Instructions.IF && !blocks[depth].passes()) {
            throw new InvalidWasmException(
                    "type mismatch: an `if` without `else` whose parameters are not its results", at);
        }
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
        move(openers[block] == Instructions.LOOP ? blocks[block].params() : blocks[block].results(), at);
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
        if (moved > Limits.OPERANDS_PER_FUNCTION_CHECKED) {
            throw new NotCheckableException("a function that moves too many operands", at);
        }
        work.operands(operands, at);
    }

    private static Signature get(List<Signature> list, long index) {
        return index >= 0 && index < list.size() ? list.get((int) index) : Signature.EMPTY;
    }
}
