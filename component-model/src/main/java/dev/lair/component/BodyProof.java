package dev.lair.component;

import static dev.lair.component.ModuleShape.F32;
import static dev.lair.component.ModuleShape.F64;
import static dev.lair.component.ModuleShape.I32;
import static dev.lair.component.ModuleShape.I64;

import java.util.Arrays;

/**
 * Proves function bodies valid by the algorithm of the core specification 3.0, appendix "Validation Algorithm", in one
 * pass over the bytes and without an object per instruction: some thirty times faster than the validator of modules.
 *
 * <p>It only ever says yes. Whatever it does not know (vectors, references, exceptions, tail calls, atomics) or finds
 * wrong is left to the validator, which has the last word and the error's text. So a mistake here can only be to take
 * something invalid for valid; a test holds every answer on damaged code against the validator's.
 */
final class BodyProof {
    private static final byte ANY = 0;
    private static final byte[] NOTHING = {};
    private static final byte[][] ONE = new byte[128][];

    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;

    static {
        for (byte type :
                new byte[] {I32, I64, F32, F64, ModuleShape.V128, ModuleShape.FUNCREF, ModuleShape.EXTERNREF}) {
            ONE[type] = new byte[] {type};
        }
    }

    private final ModuleShape shape;

    private final BodyBytes code = new BodyBytes();

    /** Set by the first thing that is wrong or unknown; checked after each instruction. */
    private boolean failed;

    private byte[] locals = new byte[64];
    private int localCount;

    private byte[] stack = new byte[256];
    private int height;

    /** Open blocks, the function's first. */
    private int[] kinds = new int[32];

    private byte[][] starts = new byte[32][];
    private byte[][] ends = new byte[32][];
    private int[] bases = new int[32];
    private boolean[] unreachable = new boolean[32];
    private int top;

    /** Operands moved by calls, blocks and branches, and locals, of all bodies so far: work that bytes do not bound. */
    private long moved;

    private long movedBefore;

    private final long mostMoved;

    /**
     * For bodies of one chunk of a module.
     *
     * @param mostMoved operands that calls, blocks and branches of all bodies may move; then nothing is proven any more
     */
    BodyProof(ModuleShape shape, long mostMoved) {
        this.shape = shape;
        this.mostMoved = mostMoved;
    }

    /**
     * Whether a function body is valid for sure.
     *
     * @param bytes has the body from `from` to `to`, and {@link BodyBytes#SLACK} more bytes of any value
     * @param type index of the function's type
     */
    boolean proves(byte[] bytes, int from, int to, int type) {
        code.set(bytes, from, to);
        failed = false;
        height = 0;
        top = -1;
        movedBefore = moved;
        if (!readLocals(shape.params(type))) {
            return false;
        }
        open(BLOCK, NOTHING, shape.results(type));
        while (code.hasNext() && top >= 0) {
            instruction(code.next() & 0xff);
            if (failed || code.isBeyond() || tooMuch()) {
                return false;
            }
        }
        return code.isAtEnd() && top < 0;
    }

    /** Operands moved so far, by bodies that were not proven too. */
    long moved() {
        return moved;
    }

    private boolean tooMuch() {
        return moved - movedBefore > Limits.OPERANDS_PER_FUNCTION_CHECKED || moved > mostMoved;
    }

    private boolean readLocals(byte[] params) {
        ensureLocals(params.length);
        System.arraycopy(params, 0, locals, 0, params.length);
        localCount = params.length;
        int groups = code.u32();
        long declared = 0;
        for (int i = 0; i < groups; i++) {
            int count = code.u32();
            if (failed || !code.hasNext() || code.isBeyond() || count > Limits.LOCALS_PER_FUNCTION) {
                return false;
            }
            byte type = code.next();
            declared += count;
            moved += count;
            if (!ModuleShape.isPlain(type) || declared > Limits.LOCALS_PER_FUNCTION || tooMuch()) {
                return false;
            }
            ensureLocals(localCount + count);
            Arrays.fill(locals, localCount, localCount + count, type);
            localCount += count;
        }
        return !code.isBeyond();
    }

    private void ensureLocals(int count) {
        if (count > locals.length) {
            locals = Arrays.copyOf(locals, Math.max(count, 2 * locals.length));
        }
    }

    private void instruction(int opcode) {
        if (opcode >= 0x45 && opcode <= 0xc4) {
            byte operand = PlainInstructions.OPERAND[opcode];
            pop(operand);
            if (PlainInstructions.BINARY[opcode]) {
                pop(operand);
            }
            push(PlainInstructions.RESULT[opcode]);
        } else if (opcode >= 0x28 && opcode <= 0x3e) {
            access(opcode);
        } else {
            switch (opcode) {
                case 0x20 -> push(local());
                case 0x21 -> pop(local());
                case 0x22 -> {
                    byte type = local();
                    pop(type);
                    push(type);
                }
                case 0x41 -> {
                    code.signed(5, 32);
                    push(I32);
                }
                case 0x42 -> {
                    code.signed(10, 64);
                    push(I64);
                }
                case 0x43 -> {
                    code.skip(4);
                    push(F32);
                }
                case 0x44 -> {
                    code.skip(8);
                    push(F64);
                }
                case 0x23 -> {
                    int index = code.u32();
                    push(index < shape.globals() ? shape.global(index) : fail());
                }
                case 0x24 -> {
                    int index = code.u32();
                    pop(index < shape.globals() && shape.isMutable(index) ? shape.global(index) : fail());
                }
                case 0x3f -> {
                    memory();
                    push(I32);
                }
                case 0x40 -> {
                    memory();
                    pop(I32);
                    push(I32);
                }
                default -> control(opcode);
            }
        }
    }

    private void control(int opcode) {
        switch (opcode) {
            case 0x00 -> unreachable();
            case 0x01 -> {} // nop
            case BLOCK, LOOP -> block(opcode);
            case IF -> {
                pop(I32);
                block(opcode);
            }
            case 0x05 -> orElse();
            case 0x0b -> close();
            case 0x0c -> {
                popAll(label());
                unreachable();
            }
            case 0x0d -> {
                pop(I32);
                byte[] types = label();
                popAll(types);
                pushAll(types);
            }
            case 0x0e -> branchTable();
            case 0x0f -> {
                popAll(ends[0]);
                unreachable();
            }
            case 0x10 -> {
                int function = code.u32();
                call(function < shape.functions() ? shape.typeOfFunction(function) : fail());
            }
            case 0x11 -> {
                int type = code.u32();
                int table = code.u32();
                pop(I32);
                call(type < shape.types() && shape.isFuncrefTable(table) ? type : fail());
            }
            case 0x1a -> popAny();
            case 0x1b -> select();
            case 0xfc -> prefixed();
            default -> fail();
        }
    }

    private void access(int opcode) {
        int flags = code.u32();
        code.u32();
        if (flags > PlainInstructions.ALIGN[opcode - 0x28] || !shape.hasMemory()) {
            fail();
        }
        byte type = PlainInstructions.ACCESS[opcode - 0x28];
        if (opcode <= 0x35) {
            pop(I32);
            push(type);
        } else {
            pop(type);
            pop(I32);
        }
    }

    private void prefixed() {
        int sub = code.u32();
        switch (sub) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> { // truncations that saturate
                pop((sub & 2) == 0 ? F32 : F64);
                push(sub < 4 ? I32 : I64);
            }
            case 8 -> { // memory.init
                data();
                memory();
                popThree();
            }
            case 9 -> data();
            case 10 -> { // memory.copy
                memory();
                memory();
                popThree();
            }
            case 11 -> { // memory.fill
                memory();
                popThree();
            }
            default -> fail();
        }
    }

    private void popThree() {
        pop(I32);
        pop(I32);
        pop(I32);
    }

    private void data() {
        if (!shape.hasData(code.u32())) {
            fail();
        }
    }

    /** The index of the one memory. */
    private void memory() {
        if (code.next() != 0 || !shape.hasMemory()) {
            fail();
        }
    }

    private byte local() {
        int index = code.u32();
        return index < localCount ? locals[index] : fail();
    }

    private void select() {
        pop(I32);
        byte second = popAny();
        byte first = popAny();
        boolean numeric =
                (first == ANY || ModuleShape.isNumeric(first)) && (second == ANY || ModuleShape.isNumeric(second));
        if (!numeric || (first != second && first != ANY && second != ANY)) {
            fail();
        }
        push(first == ANY ? second : first);
    }

    private void call(int type) {
        if (failed) {
            return;
        }
        byte[] params = shape.params(type);
        byte[] results = shape.results(type);
        popAll(params);
        pushAll(results);
    }

    private void block(int kind) {
        byte first = code.peek();
        if (first == 0x40) {
            code.skip(1);
            open(kind, NOTHING, NOTHING);
        } else if (first > 0x40) {
            code.skip(1);
            byte[] one = ONE[first];
            if (one == null) {
                fail();
            } else {
                open(kind, NOTHING, one);
            }
        } else {
            // A type index: s33, so a single byte goes to 0x3f. Longer ones are rare enough to be read as the validator
            // does.
            int index = first >= 0 ? code.next() : code.typeIndex();
            if (failed || index >= shape.types()) {
                fail();
                return;
            }
            popAll(shape.params(index));
            open(kind, shape.params(index), shape.results(index));
        }
    }

    private void open(int kind, byte[] params, byte[] results) {
        top++;
        if (top == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * top);
            starts = Arrays.copyOf(starts, 2 * top);
            ends = Arrays.copyOf(ends, 2 * top);
            bases = Arrays.copyOf(bases, 2 * top);
            unreachable = Arrays.copyOf(unreachable, 2 * top);
        }
        kinds[top] = kind;
        starts[top] = params;
        ends[top] = results;
        bases[top] = height;
        unreachable[top] = false;
        pushAll(params);
    }

    private void orElse() {
        if (kinds[top] != IF) {
            fail();
            return;
        }
        popAll(ends[top]);
        if (height != bases[top]) {
            fail();
        }
        kinds[top] = BLOCK;
        unreachable[top] = false;
        pushAll(starts[top]);
    }

    private void close() {
        popAll(ends[top]);
        boolean withoutElse = kinds[top] == IF && !Arrays.equals(starts[top], ends[top]);
        if (height != bases[top] || withoutElse) {
            fail();
        }
        byte[] results = ends[top--];
        pushAll(results);
    }

    private byte[] label() {
        return label(code.u32());
    }

    private byte[] label(int depth) {
        if (failed || depth > top) {
            fail();
            return NOTHING;
        }
        int block = top - depth;
        return kinds[block] == LOOP ? starts[block] : ends[block];
    }

    private void branchTable() {
        pop(I32);
        int targets = code.u32();
        int arity = -1;
        for (int i = 0; i <= targets; i++) {
            if (failed || !code.hasNext() || code.isBeyond()) {
                fail();
                return;
            }
            byte[] types = label(code.u32());
            if (arity >= 0 && types.length != arity) {
                fail();
                return;
            }
            arity = types.length;
            onStack(types);
        }
        unreachable();
    }

    /** Fails unless these types could be popped; leaves them. */
    private void onStack(byte[] types) {
        moved += types.length;
        for (int i = types.length - 1, place = height - 1; i >= 0; i--, place--) {
            if (place < bases[top]) {
                if (!unreachable[top]) {
                    fail();
                }
                return;
            }
            if (stack[place] != types[i] && stack[place] != ANY) {
                fail();
                return;
            }
        }
    }

    private void unreachable() {
        height = bases[top];
        unreachable[top] = true;
    }

    private void popAll(byte[] types) {
        moved += types.length;
        for (int i = types.length - 1; i >= 0; i--) {
            pop(types[i]);
        }
    }

    private void pushAll(byte[] types) {
        moved += types.length;
        for (byte type : types) {
            push(type);
        }
    }

    private void push(byte type) {
        if (height == stack.length) {
            stack = Arrays.copyOf(stack, 2 * height);
        }
        stack[height++] = type;
    }

    private void pop(byte type) {
        byte found = popAny();
        if (found != type && found != ANY) {
            failed = true;
        }
    }

    private byte popAny() {
        if (height == bases[top]) {
            if (!unreachable[top]) {
                failed = true;
            }
            return ANY;
        }
        return stack[--height];
    }

    /** Says no; the value stands for an index or type that is not there, and is not used for a yes. */
    private byte fail() {
        failed = true;
        return 0;
    }
}
