package dev.lair.component;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passes over the sections of a core module (core specification 3.0, section 5.5) before the validator sees them.
 *
 * <p>The validator allocates what a count declares before it looks for the items, and does not know every feature. So
 * this scan makes sure that each count is backed by bytes, that its work and memory are bounded, and that the module
 * uses known features only. What the items mean is the validator's part.
 */
final class CoreScan {
    /**
     * Functions that fit one pass of the validator, and maybe others among them that need none.
     *
     * @param first index of the first one in the code section
     * @param end index behind the last one
     * @param bodies the bytes of all of them, sizes included
     */
    record Run(int first, int end, WasmReader bodies) {}

    /** Which functions of the code section are proven already; the validator need not see them. */
    private BitSet proven = new BitSet();

    /** The data section with segments of no bytes: what they hold cannot be invalid, and need not be held. */
    private final ByteArrayOutputStream emptied = new ByteArrayOutputStream();

    private final CoreWork work;
    private final Operands operands;
    private final Instructions instructions;
    private final List<Run> runs = new ArrayList<>();
    private final Set<String> exports = new HashSet<>();
    private int tables;
    private int memories;
    private int globals;
    private int tags;
    private int declared;
    private int functions;

    /**
     * For one module.
     *
     * @param work of the modules before it in the same binary
     */
    CoreScan(CoreWork work) {
        this.work = work;
        this.operands = new Operands(work);
        this.instructions = new Instructions(operands, work);
    }

    /** The code section in runs; empty when there is no function that the validator has to see. */
    List<Run> runs() {
        return runs;
    }

    /** Number of functions in the code section. */
    int functions() {
        return functions;
    }

    /** Whether each declared function has a body, and all are proven: then the validator need not see functions. */
    boolean isAllProven() {
        return runs.isEmpty() && functions == declared;
    }

    /** The content of the data section without what the segments hold. */
    byte[] emptiedData() {
        return emptied.toByteArray();
    }

    /** Whether the function of this index in the code section needs no validator. */
    boolean isProven(int function) {
        return proven.get(function);
    }

    void section(int id, WasmReader in) throws InvalidWasmException, NotCheckableException {
        switch (id) {
            case 1 -> each(in, this::type);
            case 2 -> each(in, this::importItem);
            case 3 -> each(in, this::function);
            case 4 -> each(in, this::table);
            case 5 -> each(in, this::memory);
            case 6 -> each(in, this::global);
            case 7 -> each(in, this::exportItem);
            case 8, 12 -> in.u32(); // start, data count
            case 9 -> each(in, this::element);
            case 11 -> {
                u32(emptied, in.again().count());
                each(in, this::data);
            }
            case 13 -> each(in, this::tag);
            default -> throw new IllegalArgumentException("no such section: " + id);
        }
        nothingLeft(in);
    }

    private static void nothingLeft(WasmReader in) throws InvalidWasmException {
        if (in.hasRemaining()) {
            throw in.invalid("section size mismatch: unexpected data at the end of the section");
        }
    }

    private interface Item {
        void pass(WasmReader in) throws InvalidWasmException, NotCheckableException;
    }

    private static void each(WasmReader in, Item item) throws InvalidWasmException, NotCheckableException {
        int count = in.count();
        for (int i = 0; i < count; i++) {
            item.pass(in);
        }
    }

    private void type(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        operands.type(CoreTypes.functionType(in), at);
    }

    private void function(WasmReader in) throws InvalidWasmException {
        long at = in.offset();
        operands.function(in.u32(), at);
        declared++;
    }

    private void importItem(WasmReader in) throws InvalidWasmException, NotCheckableException {
        in.name();
        in.name();
        long at = in.offset();
        int kind = in.u8();
        switch (kind) {
            case 0 -> operands.function(knownType(in), at);
            case 1 -> {
                CoreTypes.tableType(in);
                tables++;
            }
            case 2 -> memory(in);
            case 3 -> {
                CoreTypes.valueType(in);
                CoreTypes.mutability(in);
                globals++;
            }
            case 4 -> tag(in);
            case 0x20 -> throw new NotCheckableException("custom descriptors", at);
            case 0x7e, 0x7f -> throw new NotCheckableException("compact import section", at);
            default -> throw new InvalidWasmException("malformed import kind", at);
        }
    }

    private long knownType(WasmReader in) throws InvalidWasmException {
        long at = in.offset();
        long index = in.u32();
        if (index >= operands.types()) {
            throw new InvalidWasmException("unknown type " + index + ": type index out of bounds", at);
        }
        return index;
    }

    /** The validator behind us looks at none of this (core specification, "Exports" and "Modules"). */
    private void exportItem(WasmReader in) throws InvalidWasmException {
        long at = in.offset();
        String name = in.name();
        if (!exports.add(name)) {
            throw new InvalidWasmException("duplicate export name `" + name + "` already defined", at);
        }
        long kindAt = in.offset();
        int kind = in.u8();
        String what =
                switch (kind) {
                    case 0 -> "function";
                    case 1 -> "table";
                    case 2 -> "memory";
                    case 3 -> "global";
                    case 4 -> "tag";
                    default -> throw new InvalidWasmException("malformed export kind", kindAt);
                };
        int known =
                switch (kind) {
                    case 0 -> operands.functions();
                    case 1 -> tables;
                    case 2 -> memories;
                    case 3 -> globals;
                    default -> tags;
                };
        long indexAt = in.offset();
        long index = in.u32();
        if (index >= known) {
            throw new InvalidWasmException("unknown " + what + " " + index + ": exported index out of bounds", indexAt);
        }
    }

    private void memory(WasmReader in) throws InvalidWasmException, NotCheckableException {
        CoreTypes.memoryType(in);
        memories++;
    }

    private void tag(WasmReader in) throws InvalidWasmException {
        in.u8();
        operands.tag(in.u32());
        tags++;
    }

    private void table(WasmReader in) throws InvalidWasmException, NotCheckableException {
        boolean initialised = in.again().u8() == 0x40;
        if (initialised) {
            in.skip(1);
            if (in.u8() != 0) {
                throw in.invalid("invalid table encoding");
            }
        }
        CoreTypes.tableType(in);
        tables++;
        if (initialised) {
            instructions.expression(in);
        }
    }

    private void global(WasmReader in) throws InvalidWasmException, NotCheckableException {
        CoreTypes.valueType(in);
        CoreTypes.mutability(in);
        instructions.expression(in);
        globals++;
    }

    private void element(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        long flags = in.u32();
        if (flags > 7) {
            throw new InvalidWasmException("invalid flags byte in element segment", at);
        }
        boolean active = (flags & 1) == 0;
        boolean expressions = (flags & 4) != 0;
        if (active) {
            if ((flags & 2) != 0) {
                in.u32();
            }
            instructions.expression(in);
        }
        if ((flags & 3) != 0) {
            if (expressions) {
                CoreTypes.valueType(in);
            } else {
                in.u8();
            }
        }
        each(in, expressions ? instructions::expression : WasmReader::u32);
    }

    private void data(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        WasmReader start = in.again();
        long mode = in.u32();
        if (mode > 2) {
            throw new InvalidWasmException("invalid flags byte in data segment", at);
        }
        if (mode == 2) {
            in.u32();
        }
        if (mode != 1) {
            instructions.expression(in);
        }
        emptied.writeBytes(start.part(Math.toIntExact(in.offset() - at)).toByteArray());
        emptied.write(0);
        in.skip(in.size());
    }

    /** Unsigned LEB128. */
    static void u32(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** The code section; bodies that can be proven valid are passed over. */
    void code(WasmReader in, @Nullable ModuleShape shape) throws InvalidWasmException, NotCheckableException {
        functions = in.count();
        if (shape != null) {
            BodyProofs.Proven found = BodyProofs.of(in, functions, shape, work.provableOperands());
            work.proven(found.moved());
            proven = found.bodies();
        }
        WasmReader start = in.again();
        long startCount = instructions.count();
        int imported = operands.functions() - declared;
        int first = 0;
        boolean unproven = false;
        for (int i = 0; i < functions; i++) {
            long at = in.offset();
            int bodyBytes = in.size();
            if (proven.get(i)) {
                in.skip(bodyBytes);
            } else {
                unproven = true;
                instructions(in.part(bodyBytes), at, imported + i);
            }
            boolean last = i == functions - 1;
            if (unproven && (last || instructions.count() - startCount >= Limits.INSTRUCTIONS_PER_PASS)) {
                int sizeBytes = Math.toIntExact(in.offset() - start.offset());
                runs.add(new Run(first, i + 1, start.part(sizeBytes)));
                first = i + 1;
                startCount = instructions.count();
                unproven = false;
            }
        }
        nothingLeft(in);
    }

    private void instructions(WasmReader in, long at, int function) throws InvalidWasmException, NotCheckableException {
        long before = instructions.count();
        locals(in);
        instructions.body(in, function);
        if (instructions.count() - before > Limits.INSTRUCTIONS_PER_FUNCTION_CHECKED) {
            throw new NotCheckableException("a function of too many instructions", at);
        }
    }

    private void locals(WasmReader body) throws InvalidWasmException, NotCheckableException {
        long at = body.offset();
        int groups = body.count();
        long inFunction = 0;
        for (int i = 0; i < groups; i++) {
            inFunction += body.u32();
            CoreTypes.valueType(body);
            if (inFunction > Limits.LOCALS_PER_FUNCTION) {
                throw new InvalidWasmException(
                        "too many locals: locals exceed maximum of " + Limits.LOCALS_PER_FUNCTION, at);
            }
        }
        work.locals(inFunction, at);
    }
}
