package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Binaries that are small or regular but ask for much work: they are refused, left unchecked, or checked in passes. */
class BoundedWorkTest {
    private static final int NOP = 0x01;
    private static final int I32_ADD = 0x6a;
    private static final int END = 0x0b;

    /** A null reference, dropped: keeps a body from being proven without the validator, whose limits are at issue. */
    private static final byte[] FOR_THE_VALIDATOR = {(byte) 0xd0, 0x70, 0x1a};

    @Test
    void moduleOfManyInstructionsIsValidatedInPasses() throws Exception {
        assertThat(check(functions(3, Limits.INSTRUCTIONS_PER_PASS / 2, NOP))).isEqualTo(new CoreCheck.Valid());
    }

    @Test
    void invalidFunctionOfALaterPassIsFound() {
        byte[] module = functions(5, Limits.INSTRUCTIONS_PER_PASS / 2, NOP);
        module[module.length - 2] = I32_ADD; // needs operands that nobody left

        assertThatThrownBy(() -> check(module))
                .isInstanceOf(InvalidWasmException.class)
                .hasMessageStartingWith("invalid core module: type mismatch");
    }

    @Test
    void hugeFunctionOfPlainInstructionsIsProvenWithoutTheValidator() throws Exception {
        byte[] body = new byte[2 * Limits.INSTRUCTIONS_PER_FUNCTION_CHECKED];
        Arrays.fill(body, (byte) NOP);
        body[0] = 0; // no locals
        body[body.length - 1] = END;

        assertThat(check(module(1, body))).isEqualTo(new CoreCheck.Valid());
    }

    @Test
    void localsThatAreProvenCountAsWork() throws Exception {
        int functions = (int) (Limits.OPERANDS_PROVEN / Limits.LOCALS_PER_FUNCTION) + 300;
        byte[] body = HexFormat.of().parseHex("01d086037f0b"); // 50,000 i32 locals

        assertThat(check(module(functions, body))).isInstanceOf(CoreCheck.NotChecked.class);
    }

    @Test
    void hugeFunctionIsNotChecked() throws Exception {
        assertThat(check(functions(1, Limits.INSTRUCTIONS_PER_FUNCTION_CHECKED + 1, NOP)))
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith("a function of too many instructions"));
    }

    @Test
    void localsOfAllFunctionsTogetherAreBounded() throws Exception {
        int functions = (int) (Limits.LOCALS_CHECKED / Limits.LOCALS_PER_FUNCTION) + 1;
        byte[] body = HexFormat.of().parseHex("01d086037fd0701a0b"); // 50,000 i32 locals

        assertThat(check(module(functions, body)))
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith("more than 10000000 locals"));
    }

    @Test
    void branchesOutOfManyBlocksAreBounded() throws Exception {
        int depth = 20_000;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0); // no locals
        body.writeBytes(FOR_THE_VALIDATOR);
        for (int i = 0; i < depth; i++) {
            body.writeBytes(new byte[] {0x02, 0x40}); // block
        }
        body.writeBytes(new byte[] {0x41, 0x00, 0x0e}); // i32.const 0, br_table
        u32(body, depth);
        for (int i = 0; i <= depth; i++) {
            u32(body, depth);
        }
        for (int i = 0; i <= depth; i++) {
            body.write(END);
        }

        assertThat(check(module(1, body.toByteArray())))
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith("branches out of too many blocks"));
    }

    private static CoreCheck check(byte[] bytes) throws InvalidWasmException {
        return CoreValidator.validate(ByteBuffer.wrap(bytes));
    }

    /** Functions without parameters and results, each a number of times the same instruction. */
    private static byte[] functions(int count, int instructions, int opcode) {
        byte[] body = new byte[instructions + 5];
        Arrays.fill(body, (byte) opcode);
        body[0] = 0; // no locals
        System.arraycopy(FOR_THE_VALIDATOR, 0, body, 1, 3);
        body[body.length - 1] = END;
        return module(count, body);
    }

    private static byte[] module(int functions, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex("0061736d01000000" + "010401600000"));
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        u32(types, functions);
        u32(code, functions);
        for (int i = 0; i < functions; i++) {
            types.write(0);
            u32(code, body.length);
            code.writeBytes(body);
        }
        section(out, 3, types.toByteArray());
        section(out, 10, code.toByteArray());
        return out.toByteArray();
    }

    private static void section(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        u32(out, body.length);
        out.writeBytes(body);
    }

    private static void u32(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
