package dev.lair.component;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What function bodies of one core module may refer to (core specification 3.0, section 3.1.1, "Contexts"), read from
 * the sections before the code. Only modules of plain types have one: numbers, vectors, {@code funcref} and
 * {@code externref}, one memory of 32 bits. The others are the validator's alone.
 */
final class ModuleShape {
    static final byte I32 = 0x7f;
    static final byte I64 = 0x7e;
    static final byte F32 = 0x7d;
    static final byte F64 = 0x7c;
    static final byte V128 = 0x7b;
    static final byte FUNCREF = 0x70;
    static final byte EXTERNREF = 0x6f;

    private static final int FUNC_FORM = 0x60;

    /** Parameters and results by type index. */
    private byte[][] params = new byte[16][];

    private byte[][] results = new byte[16][];
    private int types;

    /** Type index by function index, imported functions first. */
    private int[] functions = new int[64];

    private int functionCount;
    private int importedFunctions;

    /** Type by global index, and whether it may be set. */
    private byte[] globals = new byte[16];

    private boolean[] mutable = new boolean[16];
    private int globalCount;

    /** Element type by table index. */
    private byte[] tables = new byte[4];

    private int tableCount;
    private int memories;
    private long dataCount;

    private ModuleShape() {}

    /** Reads sections, each with its id. */
    interface Source {
        /** The body of the section with this id, or null if there is none. */
        @Nullable
        WasmReader section(int id);
    }

    /** The shape, or null when the module is not plain. */
    static @Nullable ModuleShape of(Source source) {
        ModuleShape shape = new ModuleShape();
        try {
            boolean plain = shape.each(source.section(1), shape::type)
                    && shape.each(source.section(2), shape::importItem)
                    && shape.imported()
                    && shape.each(source.section(3), shape::function)
                    && shape.each(source.section(4), shape::table)
                    && shape.each(source.section(5), shape::memory)
                    && shape.each(source.section(6), shape::global);
            WasmReader count = source.section(12);
            shape.dataCount = count == null ? -1 : count.again().u32();
            return plain && shape.memories <= 1 ? shape : null;
        } catch (InvalidWasmException invalid) {
            return null; // the validator says where and why
        }
    }

    private interface Item {
        boolean read(WasmReader in) throws InvalidWasmException;
    }

    private boolean each(@Nullable WasmReader section, Item item) throws InvalidWasmException {
        if (section == null) {
            return true;
        }
        WasmReader in = section.again();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            if (!item.read(in)) {
                return false;
            }
        }
        return true;
    }

    private boolean imported() {
        importedFunctions = functionCount;
        return true;
    }

    private boolean type(WasmReader in) throws InvalidWasmException {
        if (in.u8() != FUNC_FORM) {
            return false;
        }
        if (types == params.length) {
            params = Arrays.copyOf(params, 2 * types);
            results = Arrays.copyOf(results, 2 * types);
        }
        byte[] taken = valueTypes(in);
        byte[] given = valueTypes(in);
        if (taken == null || given == null) {
            return false;
        }
        params[types] = taken;
        results[types++] = given;
        return true;
    }

    private static byte @Nullable [] valueTypes(WasmReader in) throws InvalidWasmException {
        int count = in.count(Limits.TYPE_ITEMS, "function type");
        byte[] list = new byte[count];
        for (int i = 0; i < count; i++) {
            list[i] = (byte) in.u8();
            if (!isPlain(list[i])) {
                return null;
            }
        }
        return list;
    }

    /** Whether this byte is a value type by itself. */
    static boolean isPlain(byte type) {
        return isNumeric(type) || type == FUNCREF || type == EXTERNREF;
    }

    /** Whether this byte is a number or vector type. */
    static boolean isNumeric(byte type) {
        return type >= V128; // numbers are 0x7c to 0x7f, the greatest bytes there are
    }

    private boolean importItem(WasmReader in) throws InvalidWasmException {
        in.skip(in.size());
        in.skip(in.size());
        return switch (in.u8()) {
            case 0 -> function(in);
            case 1 -> table(in);
            case 2 -> memory(in);
            case 3 -> globalType(in);
            default -> false;
        };
    }

    private boolean function(WasmReader in) throws InvalidWasmException {
        long type = in.u32();
        if (type >= types) {
            return false;
        }
        if (functionCount == functions.length) {
            functions = Arrays.copyOf(functions, 2 * functionCount);
        }
        functions[functionCount++] = (int) type;
        return true;
    }

    private boolean table(WasmReader in) throws InvalidWasmException {
        byte type = (byte) in.u8();
        if (type != FUNCREF && type != EXTERNREF) {
            return false; // also tables with an initial value
        }
        if (tableCount == tables.length) {
            tables = Arrays.copyOf(tables, 2 * tableCount);
        }
        tables[tableCount++] = type;
        return limits(in, 0x01);
    }

    private boolean memory(WasmReader in) throws InvalidWasmException {
        memories++;
        return limits(in, 0x03);
    }

    private static boolean limits(WasmReader in, int mostFlags) throws InvalidWasmException {
        int flags = in.u8();
        in.u32();
        if ((flags & 0x01) != 0) {
            in.u32();
        }
        return flags <= mostFlags;
    }

    private boolean global(WasmReader in) throws InvalidWasmException {
        // Only the plainest constants are passed over here: one instruction and `end`.
        if (!globalType(in)) {
            return false;
        }
        switch (in.u8()) {
            case 0x41 -> in.skipLeb(5);
            case 0x42 -> in.skipLeb(10);
            case 0x43 -> in.skip(4);
            case 0x44 -> in.skip(8);
            case 0x23, 0xd2 -> in.u32();
            case 0xd0 -> in.skip(1);
            default -> {
                return false;
            }
        }
        return in.u8() == Instructions.END;
    }

    private boolean globalType(WasmReader in) throws InvalidWasmException {
        byte type = (byte) in.u8();
        int flags = in.u8();
        if (!isPlain(type) || flags > 1) {
            return false;
        }
        if (globalCount == globals.length) {
            globals = Arrays.copyOf(globals, 2 * globalCount);
            mutable = Arrays.copyOf(mutable, 2 * globalCount);
        }
        mutable[globalCount] = flags == 1;
        globals[globalCount++] = type;
        return true;
    }

    int types() {
        return types;
    }

    byte[] params(int type) {
        return params[type];
    }

    byte[] results(int type) {
        return results[type];
    }

    int functions() {
        return functionCount;
    }

    int typeOfFunction(int function) {
        return functions[function];
    }

    /** Type of the body with this index in the code section; negative when no function is declared for it. */
    int typeOfBody(int body) {
        return body < functionCount - importedFunctions ? functions[importedFunctions + body] : -1;
    }

    int globals() {
        return globalCount;
    }

    byte global(int index) {
        return globals[index];
    }

    boolean isMutable(int index) {
        return mutable[index];
    }

    boolean isFuncrefTable(int index) {
        return index < tableCount && tables[index] == FUNCREF;
    }

    boolean hasMemory() {
        return memories == 1;
    }

    /** Whether a data segment of this index is declared before the code, as instructions need it. */
    boolean hasData(int index) {
        return index < dataCount;
    }
}
