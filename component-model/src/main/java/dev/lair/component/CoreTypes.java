package dev.lair.component;

/** Passes over the types of the core specification 3.0, section 5.3; types of proposals end the check. */
final class CoreTypes {
    private static final int SHARED = 0x65;

    private CoreTypes() {}

    /** Passes over an entry of the type section, which can be checked if it is a plain function type. */
    static Operands.Signature functionType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int form = in.u8();
        switch (form) {
            case 0x60 -> {
                WasmReader start = in.again();
                int params = parameters(in, "function params");
                int middle = Math.toIntExact(in.offset() - start.offset());
                int results = parameters(in, "function returns");
                WasmReader taken = start.part(middle);
                WasmReader given = start.part(Math.toIntExact(in.offset() - start.offset()));
                boolean passes = params == results && ElseRule.mayBeLeftOut(behindCount(taken), behindCount(given));
                return new Operands.Signature(params, results, passes);
            }
            // Endive compares these by walking both trees: two short chains of structs cost it hours.
            case 0x4e, 0x4f, 0x50, 0x5e, 0x5f -> throw new NotCheckableException("garbage-collected types", at);
            case 0x5d -> throw new NotCheckableException("stack switching", at);
            case 0x4c, 0x4d -> throw new NotCheckableException("custom descriptors", at);
            case SHARED -> throw new NotCheckableException("shared types", at);
            default ->
                throw new InvalidWasmException(
                        "invalid leading byte (0x" + Integer.toHexString(form) + ") for type", at);
        }
    }

    private static WasmReader behindCount(WasmReader types) throws InvalidWasmException {
        types.u32();
        return types;
    }

    private static int parameters(WasmReader in, String what) throws InvalidWasmException, NotCheckableException {
        int count = in.count(Limits.TYPE_ITEMS, what);
        for (int i = 0; i < count; i++) {
            long at = in.offset();
            WasmReader ahead = in.again();
            int form = ahead.u8();
            if ((form == 0x63 || form == 0x64) && isTypeIndex(ahead.u8())) {
                // Chains of such function types are compared like chains of structs.
                throw new NotCheckableException("function types that refer to types", at);
            }
            valueType(in);
        }
        return count;
    }

    /** Abstract heap types are single bytes that read as negative numbers. */
    private static boolean isTypeIndex(int firstByte) {
        return firstByte < 0x40 || firstByte > 0x7f;
    }

    static void mutability(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int flags = in.u8();
        if (flags == 2 || flags == 3) {
            throw new NotCheckableException("shared globals or fields", at);
        }
        if (flags > 3) {
            throw new InvalidWasmException("malformed mutability", at);
        }
    }

    /** A value type, reference type or storage type: which of them is legal here is left to the validator. */
    static void valueType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int form = in.u8();
        switch (form) {
            case 0x63, 0x64 -> heapType(in);
            case SHARED -> throw new NotCheckableException("shared types", at);
            case 0x68, 0x75 -> throw new NotCheckableException("stack switching", at);
            default -> {
                boolean number = form >= 0x7b && form <= 0x7f;
                boolean packed = form == 0x77 || form == 0x78;
                boolean reference = form >= 0x69 && form <= 0x74;
                if (!number && !packed && !reference) {
                    throw new InvalidWasmException("invalid value type", at);
                }
            }
        }
    }

    static void heapType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int form = in.again().u8();
        if (form == SHARED) {
            throw new NotCheckableException("shared types", at);
        }
        if (form == 0x62) {
            throw new NotCheckableException("custom descriptors", at);
        }
        in.skipLeb(5);
    }

    /** Passes over a block type; returns its type index, or a negative number if it has none. */
    static long blockType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int form = in.again().u8();
        if (form == 0x63 || form == 0x64 || form == SHARED) {
            valueType(in);
            return -1;
        }
        long index = in.s33(); // empty and abbreviated value types are single bytes that read as negative numbers
        if (index < 0 && in.offset() != at + 1) {
            throw new InvalidWasmException("invalid block type", at);
        }
        return index;
    }

    static void tableType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        valueType(in);
        limits(in, "table");
    }

    static void memoryType(WasmReader in) throws InvalidWasmException, NotCheckableException {
        limits(in, "memory");
    }

    private static void limits(WasmReader in, String what) throws InvalidWasmException, NotCheckableException {
        long at = in.offset();
        int flags = in.u8();
        if (flags > 0x0f) {
            throw new InvalidWasmException("malformed limits flags of a " + what, at);
        }
        if ((flags & 0x08) != 0) {
            throw new NotCheckableException("custom page sizes", at);
        }
        if ((flags & 0x04) != 0) {
            throw new NotCheckableException("64-bit " + what, at);
        }
        if ((flags & 0x02) != 0 && what.equals("table")) {
            throw new NotCheckableException("shared table", at);
        }
        in.u32();
        if ((flags & 0x01) != 0) {
            in.u32();
        }
    }
}
