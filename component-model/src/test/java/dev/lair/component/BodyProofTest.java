package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.binary.ComponentBinary;
import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.Section;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is proven without the validator is valid to the validator; and what real code consists of is proven. */
class BodyProofTest {
    private static final byte[] TYPES = {0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f};
    private static final int WITHOUT_RESULT = TYPES.length;

    /** Immediates to try behind each opcode: none, indexes, memory arguments, constants, block types with bodies. */
    private static final List<byte[]> IMMEDIATES = List.of(
            hex(""),
            hex("00"),
            hex("01"),
            hex("0000"),
            hex("0200"),
            hex("0800"),
            hex("000000"),
            hex("00000000"),
            hex("0000000000000000"),
            hex("400b"),
            hex("7f0b"),
            hex("7f41000b"),
            hex("4005 0b".replace(" ", "")),
            hex("7f41000541000b"),
            hex("00000b"));

    private static final int RANDOM_BODIES = 80_000;

    /** By the result of the one function. */
    private final List<BodyProof> proofs = IntStream.rangeClosed(0, WITHOUT_RESULT)
            .mapToObj(result -> new BodyProof(shape(module(result, hex("000b"))), Limits.OPERANDS_PROVEN))
            .toList();

    private final Set<Integer> provenOpcodes = new TreeSet<>();
    private int proven;

    @Test
    void everyOpcodeOverAllOperandsIsProvenOnlyWhereItIsValid() {
        for (int opcode = 0; opcode < 0xc5; opcode++) {
            boolean prefixed = opcode == 0x13;
            for (int sub = 0; sub < (prefixed ? 0x14 : 1); sub++) {
                byte[] code = prefixed ? new byte[] {(byte) 0xfc, (byte) sub} : new byte[] {(byte) opcode};
                for (byte[] immediates : IMMEDIATES) {
                    overOperands(joined(code, immediates), prefixed ? 0xfc00 + sub : opcode);
                }
            }
        }
        // All of the first version of the language, sign extensions, saturating truncations and bulk memory.
        Set<Integer> left = new TreeSet<>();
        for (int opcode = 0; opcode < 0xc5; opcode++) {
            if (!provenOpcodes.contains(opcode)) {
                left.add(opcode);
            }
        }
        assertThat(left)
                .allSatisfy(opcode -> assertThat(opcode)
                        .satisfiesAnyOf(
                                o -> assertThat(o).isBetween(0x05, 0x0a), // else; exceptions
                                o -> assertThat(o).isIn(0x0b, 0x0e, 0x10), // end, branch tables, calls: other tests
                                o -> assertThat(o).isBetween(0x12, 0x19),
                                o -> assertThat(o).isBetween(0x1c, 0x1f),
                                o -> assertThat(o).isBetween(0x25, 0x27)));
        assertThat(provenOpcodes)
                .contains(0xfc00, 0xfc07, 0xfc08, 0xfc09, 0xfc0a, 0xfc0b)
                .doesNotContain(0xfc0c);
    }

    private void overOperands(byte[] code, int opcode) {
        int[] counts = {1, 7, 49, 343};
        int most = opcode >= 0x45 && opcode < 0xfc00 ? 2 : 3;
        for (int operands = 0; operands <= most; operands++) {
            for (int choice = 0; choice < counts[operands]; choice++) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                body.write(0);
                for (int i = 0, rest = choice; i < operands; i++, rest /= 7) {
                    body.write(0x20);
                    body.write(rest % 7);
                }
                body.writeBytes(code);
                body.write(0x0b);
                for (int result = 0; result <= WITHOUT_RESULT; result++) {
                    if (holds(body.toByteArray(), result)) {
                        provenOpcodes.add(opcode);
                    }
                }
            }
        }
    }

    @Test
    void randomBodiesAreProvenOnlyWhereTheyAreValid() {
        Random random = new Random(5);
        for (int i = 0; i < RANDOM_BODIES; i++) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.write(0);
            int open = 1;
            for (int j = 1 + random.nextInt(9); j > 0; j--) {
                open += instruction(body, random);
            }
            for (; open > 0; open--) {
                body.write(0x0b);
            }
            holds(body.toByteArray(), random.nextInt(WITHOUT_RESULT + 1));
        }
        assertThat(proven).isGreaterThan(RANDOM_BODIES / 100);
    }

    /** Writes one of the instructions by which control and operands go wrong; returns how many blocks it opens. */
    private static int instruction(ByteArrayOutputStream body, Random random) {
        byte[][] plain = {
            {0x00},
            {0x1a},
            {0x1b},
            {0x0f},
            {0x6a},
            {(byte) 0xa7},
            {0x41, 0x00},
            {0x42, 0x00},
            {0x10, 0x00},
            {0x0c, 0x00},
            {0x0c, 0x01},
            {0x0d, 0x00},
            {0x0d, 0x01},
            {0x0e, 0x01, 0x00, 0x01},
            {0x0e, 0x02, 0x01, 0x00, 0x02},
            {0x20, 0x00},
            {0x20, 0x01},
            {0x20, 0x04},
            {0x20, 0x05},
            {0x21, 0x00},
            {0x22, 0x01},
            {0x24, 0x00},
            {0x23, 0x00}
        };
        switch (random.nextInt(8)) {
            case 0 -> {
                byte[] blockTypes = {0x40, 0x7f, 0x7e, 0x00, 0x08, 0x09, 0x0a};
                body.write(2 + random.nextInt(3));
                body.write(blockTypes[random.nextInt(blockTypes.length)]);
                return 1;
            }
            case 1 -> {
                body.write(0x0b);
                return -1;
            }
            case 2 -> body.write(0x05);
            default -> body.writeBytes(plain[random.nextInt(plain.length)]);
        }
        return 0;
    }

    @Test
    void damagedRealCodeIsProvenOnlyWhereItIsValid() throws Exception {
        byte[] component = Files.readAllBytes(Workspace.repository().resolve("examples/greeter/greeter.wasm"));
        byte[] preamble = hex("0061736d01000000");
        int start = 8;
        while (!Arrays.equals(component, start, start + 8, preamble, 0, 8)) {
            start++;
        }
        byte[] module = Arrays.copyOfRange(component, start, moduleEnd(component, start));
        assertThat(CoreVerdicts.verdict(module, true)).isEqualTo("valid");
        Random random = new Random(11);
        for (int i = 0; i < 8_000; i++) {
            byte[] damaged = module.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                damaged[8 + random.nextInt(module.length - 8)] = (byte) random.nextInt(0xc5);
            }
            CoreVerdicts.proofsAgreeWithTheValidator(damaged);
        }
    }

    /** The size of the module stands in front of it, in up to five bytes. */
    private static int moduleEnd(byte[] component, int start) {
        int at = start - 1;
        while (component[at - 1] < 0) {
            at--;
        }
        int size = 0;
        for (int shift = 0; at < start; at++, shift += 7) {
            size |= (component[at] & 0x7f) << shift;
        }
        return start + size;
    }

    @Test
    void realComponentsAreProvenToTheLastFunction() throws Exception {
        int seen = 0;
        for (Path file : Workspace.files(Workspace.corpus("real"), ".wasm")) {
            for (byte[] module : modules(ComponentReader.read(Workspace.map(file)))) {
                Map<Integer, WasmReader> sections = sections(module);
                WasmReader code = sections.get(10);
                ModuleShape shape = ModuleShape.of(sections::get);
                if (code != null && shape != null) {
                    CoreScan scan = new CoreScan(new CoreWork());
                    scan.code(code, shape);
                    assertThat(scan.runs())
                            .as("functions of %s that the validator has to see", file.getFileName())
                            .isEmpty();
                    seen += scan.functions();
                }
            }
        }
        assertThat(seen).isGreaterThan(10_000);
    }

    private static List<byte[]> modules(ComponentBinary component) {
        List<byte[]> modules = new ArrayList<>();
        for (Section section : component.sections()) {
            if (section instanceof Section.CoreModule module) {
                modules.add(new WasmReader(module.bytes()).toByteArray());
            } else if (section instanceof Section.Nested nested) {
                modules.addAll(modules(nested.component()));
            }
        }
        return modules;
    }

    /** Whether the body is proven; if so, the validator has to agree. */
    private boolean holds(byte[] body, int result) {
        byte[] slack = Arrays.copyOf(body, body.length + BodyBytes.SLACK);
        if (!proofs.get(result).proves(slack, 0, body.length, result)) {
            return false;
        }
        proven++;
        assertThat(CoreVerdicts.verdict(module(result, body), false))
                .as(() -> "body " + HexFormat.of().formatHex(body) + " of type " + result)
                .isEqualTo("valid");
        return true;
    }

    private static ModuleShape shape(byte[] module) {
        return Objects.requireNonNull(ModuleShape.of(sections(module)::get));
    }

    private static Map<Integer, WasmReader> sections(byte[] module) {
        WasmReader in = new WasmReader(ByteBuffer.wrap(module));
        Map<Integer, WasmReader> sections = new HashMap<>();
        try {
            in.skip(8);
            while (in.hasRemaining()) {
                int id = in.u8();
                sections.put(id, in.part(in.size()));
            }
            return sections;
        } catch (InvalidWasmException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * A module of one function, which takes one value of each type and gives one of the type with this index, or none.
     * Types 8, 9 and 10 are for blocks and calls. There are a table, a memory, globals and a data segment.
     */
    private static byte[] module(int result, byte[] body) {
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        types.write(11);
        for (int i = 0; i <= WITHOUT_RESULT; i++) {
            types.writeBytes(joined(hex("6007"), TYPES));
            types.writeBytes(i == WITHOUT_RESULT ? hex("00") : new byte[] {1, TYPES[i]});
        }
        types.writeBytes(hex("60017f017f60027f7e017e60017f027f7f"));
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.write(1);
        code.write(body.length);
        code.writeBytes(body);
        return joined(
                hex("0061736d01000000"),
                section(1, types.toByteArray()),
                section(3, new byte[] {1, (byte) result}),
                section(4, hex("01700001")),
                section(5, hex("010001")),
                section(6, hex("027f0141000b7e0042000b")),
                section(12, hex("01")),
                section(10, code.toByteArray()),
                section(11, hex("010100")));
    }

    private static byte[] section(int id, byte[] content) {
        return joined(
                new byte[] {(byte) id, (byte) (content.length & 0x7f | 0x80), (byte) (content.length >> 7)}, content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
