package dev.lair.component;

/**
 * Passes over instructions (core specification 3.0, section 5.4) without their meaning, and counts what validating them
 * will cost. Opcodes of proposals that the validator lacks end the check; unknown ones are invalid.
 */
final class Instructions {
    static final int END = 0x0b;
    static final int LOOP = 0x03;
    static final int IF = 0x04;

    private static final int TRY_TABLE = 0x1f;

    /** What an empty block type reads as: a single byte that is a negative number. */
    private static final long NOTHING = -64;

    private long count;
    private final Operands operands;
    private final CoreWork work;

    Instructions(Operands operands, CoreWork work) {
        this.operands = operands;
        this.work = work;
    }

    /** Instructions passed since the start of the module. */
    long count() {
        return count;
    }

    /** Passes over an expression up to its `end`, as constants have it. */
    void expression(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        long before = count;
        operands.enterExpression(at);
        while (next(in) != END) {}
        work.constants(count - before, at);
    }

    /** Passes over a function's instructions, which fill the reader and end in `end`. */
    void body(WasmReader in, int functionIndex) throws InvalidWasmException, NotCheckableException {
        operands.enterFunction(functionIndex, in.offset());
        while (in.hasRemaining()) {
            // The validator behind us takes what follows the function's end for more of it.
            if (operands.haveAllEnded()) {
                throw in.invalid("operators remaining after end of function");
            }
            next(in);
        }
        if (!operands.haveAllEnded()) {
            throw in.invalid("control frames remain at end of function: END opcode expected");
        }
    }

    private int next(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        count++;
        work.instruction(at);
        int opcode = in.u8();
        switch (opcode) {
            case 0x00, 0x01, 0x0a, 0x1a, 0x1b, 0xd1, 0xd3, 0xd4 -> {} // no immediates
            case 0x05 -> operands.orElse(at);
            case END -> operands.end(at);
            case 0x0f -> operands.leave(at);
            case 0x02, LOOP, IF -> operands.open(blockType(in), opcode, at);
            case 0x06, 0x07, 0x09, 0x18, 0x19 -> throw new NotCheckableException("legacy exception handling", at);
            case 0x08 -> operands.throwTag(in.u32(), at);
            case 0x10, 0x12 -> operands.call(in.u32(), at);
            case 0x14, 0x15 -> operands.callOfType(in.u32(), at); // calls of references
            case 0xd2 -> in.u32(); // ref.func
            case 0x0c, 0x0d, 0xd5, 0xd6 -> label(in, at); // br, br_if, br_on_null, br_on_non_null
            case 0x0e -> brTable(in, at);
            case 0x11, 0x13 -> { // indirect calls
                operands.callOfType(in.u32(), at);
                in.u32();
            }
            case 0x1c -> selectTyped(in);
            case TRY_TABLE -> tryTable(in, at);
            case 0x41 -> in.skipLeb(5);
            case 0x42 -> in.skipLeb(10);
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0xd0 -> CoreTypes.heapType(in);
            case 0xfb -> gc(in, at);
            case 0xfc -> misc(in, at);
            case 0xfd -> simd(in, at);
            case 0xfe -> atomic(in, at);
            default -> plain(in, opcode, at);
        }
        return opcode;
    }

    private static void plain(WasmReader in, int opcode, long at) throws InvalidWasmException, NotCheckableException {
        if (opcode >= 0x20 && opcode <= 0x26) { // locals, globals, table.get, table.set
            in.u32();
        } else if (opcode >= 0x28 && opcode <= 0x3e) { // loads and stores
            memArg(in);
        } else if (opcode == 0x3f || opcode == 0x40) { // memory.size, memory.grow
            in.u32();
        } else if (opcode >= 0xe0 && opcode <= 0xe6) {
            throw new NotCheckableException("stack switching", at);
        } else if (opcode < 0x45 || opcode > 0xc4) { // between them: numeric, no immediates
            throw illegal(opcode, -1, at);
        }
    }

    private Operands.Signature blockType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long index = CoreTypes.blockType(in);
        if (index >= 0) {
            return operands.typeAt(index);
        }
        return index == NOTHING ? Operands.Signature.EMPTY : Operands.Signature.ONE_RESULT;
    }

    private void tryTable(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        Operands.Signature type = blockType(in);
        int catches = in.count();
        for (int i = 0; i < catches; i++) {
            int kind = in.u8();
            if (kind > 3) {
                throw in.invalid("invalid leading byte (0x" + Integer.toHexString(kind) + ") for catch");
            }
            if (kind < 2) {
                operands.throwTag(in.u32(), at);
            }
            label(in, at);
        }
        operands.open(type, TRY_TABLE, at);
    }

    private void brTable(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        int targets = in.count();
        for (int i = 0; i <= targets; i++) {
            label(in, at);
        }
    }

    private void label(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        work.labelSteps(operands.branch(in.u32(), at), at);
    }

    private static void selectTyped(WasmReader in) throws InvalidWasmException, NotCheckableException {
        int types = in.count();
        for (int i = 0; i < types; i++) {
            CoreTypes.valueType(in);
        }
    }

    private void gc(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        int sub = subOpcode(in, 0xfb, at);
        switch (sub) {
            case 0x0f, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e -> {} // array.len, conversions, i31
            case 0x00, 0x01, 0x06, 0x07, 0x0b, 0x0c, 0x0d, 0x0e, 0x10 -> in.u32();
            case 0x02, 0x03, 0x04, 0x05, 0x08, 0x09, 0x0a, 0x11, 0x12, 0x13 -> indexes(in, 2);
            case 0x14, 0x15, 0x16, 0x17 -> CoreTypes.heapType(in);
            case 0x18, 0x19 -> { // br_on_cast, br_on_cast_fail
                in.u8();
                label(in, at);
                CoreTypes.heapType(in);
                CoreTypes.heapType(in);
            }
            case 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27 ->
                throw new NotCheckableException("custom descriptors", at);
            default -> throw illegal(0xfb, sub, at);
        }
    }

    private static void misc(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        int sub = subOpcode(in, 0xfc, at);
        switch (sub) {
            case 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07 -> {} // saturating truncation
            case 0x09, 0x0b, 0x0d, 0x0f, 0x10, 0x11 -> in.u32();
            case 0x08, 0x0a, 0x0c, 0x0e -> indexes(in, 2);
            case 0x12 -> throw new NotCheckableException("memory control", at);
            case 0x13, 0x14, 0x15, 0x16 -> throw new NotCheckableException("wide arithmetic", at);
            default -> throw illegal(0xfc, sub, at);
        }
    }

    private static void simd(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        int sub = subOpcode(in, 0xfd, at);
        if (sub <= 0x0b || sub == 0x5c || sub == 0x5d) { // loads and stores
            memArg(in);
        } else if (sub == 0x0c || sub == 0x0d) { // v128.const, i8x16.shuffle
            in.skip(16);
        } else if (sub >= 0x15 && sub <= 0x22) { // lanes
            in.u8();
        } else if (sub >= 0x54 && sub <= 0x5b) { // loads and stores of a lane
            memArg(in);
            in.u8();
        } else if (sub >= 0x100 && sub <= 0x12f) {
            // The validator would take these for atomic instructions.
            throw new NotCheckableException("relaxed SIMD", at);
        } else if (sub > 0xff) {
            throw illegal(0xfd, sub, at);
        }
    }

    private static void atomic(WasmReader in, long at) throws InvalidWasmException, NotCheckableException {
        int sub = subOpcode(in, 0xfe, at);
        if (sub <= 0x02 || (sub >= 0x10 && sub <= 0x4e)) {
            memArg(in);
        } else if (sub == 0x03) { // atomic.fence
            in.u8();
        } else if (sub >= 0x4f && sub <= 0x7f) {
            throw new NotCheckableException("shared-everything threads", at);
        } else {
            throw illegal(0xfe, sub, at);
        }
    }

    private static int subOpcode(WasmReader in, int prefix, long at) throws InvalidWasmException {
        long sub = in.u32();
        if (sub > 0xffff) {
            throw illegal(prefix, sub, at);
        }
        return (int) sub;
    }

    private static void indexes(WasmReader in, int count) throws InvalidWasmException {
        for (int i = 0; i < count; i++) {
            in.u32();
        }
    }

    /** Alignment with a flag for a memory index, and an offset of up to 64 bits. */
    private static void memArg(WasmReader in) throws InvalidWasmException {
        long flags = in.u32();
        if ((flags & 0x40) != 0) {
            in.u32();
        }
        in.skipLeb(10);
    }

    private static InvalidWasmException illegal(int opcode, long sub, long at) {
        String text = "illegal opcode: 0x" + Integer.toHexString(opcode);
        return new InvalidWasmException(sub < 0 ? text : text + " 0x" + Long.toHexString(sub), at);
    }
}
