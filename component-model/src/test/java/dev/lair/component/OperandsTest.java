package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Small modules whose instructions move many operands at once, and modules of too many items, are not validated. */
class OperandsTest {
    private static final int WIDTH = Limits.TYPE_ITEMS;

    @Test
    void fewWideCallsAreValidated() throws Exception {
        assertThat(check(1, "1000".repeat(10))).isEqualTo(new CoreCheck.Valid());
    }

    @Test
    void wideCallsOfOneFunctionAreBounded() throws Exception {
        int calls = (int) Limits.OPERANDS_PER_FUNCTION_CHECKED / WIDTH + 1;

        assertNotChecked(check(1, "1000".repeat(calls)), "a function that moves too many operands");
    }

    @Test
    void indirectCallsBlocksAndBranchesCountToo() throws Exception {
        int uses = (int) Limits.OPERANDS_PER_FUNCTION_CHECKED / WIDTH + 1;

        assertNotChecked(check(1, "110000".repeat(uses)), "a function that moves too many operands");
        assertNotChecked(check(1, "0200000b".repeat(uses)), "a function that moves too many operands");
        assertNotChecked(check(1, "0200" + "0d00".repeat(uses) + "0b"), "a function that moves too many operands");
        assertNotChecked(check(1, "0f".repeat(uses)), "a function that moves too many operands");
    }

    @Test
    void wideCallsOfAllFunctionsTogetherAreBounded() throws Exception {
        int callsEach = (int) Limits.OPERANDS_PER_FUNCTION_CHECKED / WIDTH / 2;
        long bounded = Limits.OPERANDS_PROVEN + Limits.OPERANDS_CHECKED;
        int functions = (int) (bounded / WIDTH / callsEach) + 2;

        assertNotChecked(check(functions, "1000".repeat(callsEach)), "calls and blocks that move too many operands");
    }

    @Test
    void typesTogetherAreBounded() throws Exception {
        int count = (int) (Limits.TYPE_ITEMS_CHECKED / WIDTH) + 1;
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        u32(types, count);
        for (int i = 0; i < count; i++) {
            types.writeBytes(wideType());
        }

        assertNotChecked(verdict(sections(1, types.toByteArray())), "function types of too many parameters");
    }

    @Test
    void constantExpressionsAreBounded() throws Exception {
        int nops = (int) Limits.CONSTANT_INSTRUCTIONS_CHECKED;
        byte[] body = new byte[nops + 4];
        Arrays.fill(body, (byte) 0x01);
        body[0] = 1; // one global
        body[1] = 0x7f;
        body[2] = 0;
        body[body.length - 1] = 0x0b;

        assertNotChecked(verdict(sections(6, body)), "too many instructions in constant expressions");
    }

    @Test
    void countsOfTypesAndFunctionsAreLimited() {
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        u32(types, Limits.TYPES + 1);
        for (int i = 0; i <= Limits.TYPES; i++) {
            types.writeBytes(new byte[] {0x60, 0, 0});
        }
        assertThatThrownBy(() -> verdict(sections(1, types.toByteArray())))
                .isInstanceOf(InvalidWasmException.class)
                .hasMessageStartingWith("types count exceeds the limit of 1000000");

        ByteArrayOutputStream functions = new ByteArrayOutputStream();
        u32(functions, Limits.FUNCTIONS + 1);
        functions.writeBytes(new byte[Limits.FUNCTIONS + 1]);
        assertThatThrownBy(() -> verdict(sections(3, functions.toByteArray())))
                .isInstanceOf(InvalidWasmException.class)
                .hasMessageStartingWith("functions count exceeds the limit of 1000000");
    }

    @Test
    void runningOutOfMemoryOrStackIsNoVerdict() {
        for (Error error : new Error[] {new OutOfMemoryError("as the validator would"), new StackOverflowError()}) {
            assertThatThrownBy(() -> CoreModule.guard(0, () -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
    }

    private static void assertNotChecked(CoreCheck check, String reason) {
        assertThat(check)
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith(reason));
    }

    private static CoreCheck verdict(byte[] module) throws InvalidWasmException {
        return CoreValidator.validate(ByteBuffer.wrap(module));
    }

    /** Functions of type 0, without parameters and with 1,000 results; `unreachable` makes the rest valid. */
    private static CoreCheck check(int functions, String instructions) throws InvalidWasmException {
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        u32(types, 1);
        types.writeBytes(wideType());
        byte[] body = HexFormat.of().parseHex("00" + instructions + "000b");
        ByteArrayOutputStream declared = new ByteArrayOutputStream();
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        u32(declared, functions);
        u32(code, functions);
        for (int i = 0; i < functions; i++) {
            declared.write(0);
            u32(code, body.length);
            code.writeBytes(body);
        }
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(sections(1, types.toByteArray()));
        section(module, 3, declared.toByteArray());
        section(module, 10, code.toByteArray());
        return verdict(module.toByteArray());
    }

    private static byte[] wideType() {
        ByteArrayOutputStream type = new ByteArrayOutputStream();
        type.write(0x60);
        type.write(0);
        u32(type, WIDTH);
        byte[] results = new byte[WIDTH];
        Arrays.fill(results, (byte) 0x7f);
        type.writeBytes(results);
        return type.toByteArray();
    }

    private static byte[] sections(int id, byte[] body) {
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(HexFormat.of().parseHex("0061736d01000000"));
        section(module, id, body);
        return module.toByteArray();
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
