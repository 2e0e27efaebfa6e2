package dev.lair.component;

import static dev.lair.component.ModuleShape.F32;
import static dev.lair.component.ModuleShape.F64;
import static dev.lair.component.ModuleShape.I32;
import static dev.lair.component.ModuleShape.I64;

import java.util.Arrays;

/** Types of numeric instructions and of loads and stores (core specification 3.0, sections 5.4.7 and 5.4.8). */
final class PlainInstructions {
    /** By opcode from 0x45: type of the operands, result, and whether there are two operands. */
    static final byte[] OPERAND = new byte[0xc5];

    static final byte[] RESULT = new byte[0xc5];
    static final boolean[] BINARY = new boolean[0xc5];

    /** By opcode from 0x28 to 0x3e: type of what is loaded or stored, and the greatest exponent of the alignment. */
    static final byte[] ACCESS = {
        I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64, I32, I64, F32, F64, I32, I32, I64, I64,
        I64
    };

    static final byte[] ALIGN = {2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2};

    static {
        numeric(0x45, 0x45, I32, I32, false);
        numeric(0x46, 0x4f, I32, I32, true);
        numeric(0x50, 0x50, I64, I32, false);
        numeric(0x51, 0x5a, I64, I32, true);
        numeric(0x5b, 0x60, F32, I32, true);
        numeric(0x61, 0x66, F64, I32, true);
        numeric(0x67, 0x69, I32, I32, false);
        numeric(0x6a, 0x78, I32, I32, true);
        numeric(0x79, 0x7b, I64, I64, false);
        numeric(0x7c, 0x8a, I64, I64, true);
        numeric(0x8b, 0x91, F32, F32, false);
        numeric(0x92, 0x98, F32, F32, true);
        numeric(0x99, 0x9f, F64, F64, false);
        numeric(0xa0, 0xa6, F64, F64, true);
        numeric(0xa7, 0xa7, I64, I32, false); // from here on conversions
        numeric(0xa8, 0xa9, F32, I32, false);
        numeric(0xaa, 0xab, F64, I32, false);
        numeric(0xac, 0xad, I32, I64, false);
        numeric(0xae, 0xaf, F32, I64, false);
        numeric(0xb0, 0xb1, F64, I64, false);
        numeric(0xb2, 0xb3, I32, F32, false);
        numeric(0xb4, 0xb5, I64, F32, false);
        numeric(0xb6, 0xb6, F64, F32, false);
        numeric(0xb7, 0xb8, I32, F64, false);
        numeric(0xb9, 0xba, I64, F64, false);
        numeric(0xbb, 0xbb, F32, F64, false);
        numeric(0xbc, 0xbc, F32, I32, false);
        numeric(0xbd, 0xbd, F64, I64, false);
        numeric(0xbe, 0xbe, I32, F32, false);
        numeric(0xbf, 0xbf, I64, F64, false);
        numeric(0xc0, 0xc1, I32, I32, false);
        numeric(0xc2, 0xc4, I64, I64, false);
    }

    private PlainInstructions() {}

    private static void numeric(int first, int last, byte operand, byte result, boolean binary) {
        Arrays.fill(OPERAND, first, last + 1, operand);
        Arrays.fill(RESULT, first, last + 1, result);
        Arrays.fill(BINARY, first, last + 1, binary);
    }
}
