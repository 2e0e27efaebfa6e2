package dev.lair.component.validate;

import dev.lair.component.binary.ByteCursor;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.UncheckedComponentException;

/** Passes over a constant expression (core specification 3.0, "Constant Expressions"). */
final class ConstantExpression {
    private ConstantExpression() {}

    static void skip(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        while (true) {
            long at = in.offset();
            int opcode = in.u8();
            switch (opcode) {
                case 0x0b -> {
                    return;
                }
                case 0x23, 0xd2 -> in.u32(); // global.get, ref.func
                case 0x41, 0x42, 0xd0 -> leb(in); // i32.const, i64.const, ref.null
                case 0x43 -> in.skip(4);
                case 0x44 -> in.skip(8);
                case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {} // extended constant arithmetic
                case 0xfb -> reference(in);
                case 0xfd -> {
                    if (in.u32() != 12) {
                        throw new UncheckedComponentException("instruction in a constant expression", at);
                    }
                    in.skip(16);
                }
                default -> throw new UncheckedComponentException("instruction in a constant expression", at);
            }
        }
    }

    private static void reference(ByteCursor in) throws InvalidComponentException, UncheckedComponentException {
        long at = in.offset();
        int opcode = (int) in.u32();
        switch (opcode) {
            case 0, 1, 6, 7 -> in.u32(); // struct.new and array.new with their defaults
            case 8 -> {
                in.u32();
                in.u32();
            }
            case 26, 27, 28 -> {} // conversions, ref.i31
            default -> throw new UncheckedComponentException("instruction in a constant expression", at);
        }
    }

    private static void leb(ByteCursor in) throws InvalidComponentException {
        for (int i = 0; i < 10; i++) {
            if ((in.u8() & 0x80) == 0) {
                return;
            }
        }
        throw in.invalid("integer representation too long");
    }
}
