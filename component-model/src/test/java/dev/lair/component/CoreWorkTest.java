package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.ByteSink;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.validate.Verdict;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A component may hold a thousand modules: each of these is checked alone, and a few of them together are too much. */
class CoreWorkTest {
    private static final byte[] PREAMBLE = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
    private static final int WIDTH = Limits.TYPE_ITEMS;

    /** The share of a limit that one module takes, in percent. */
    private static final int SHARE = 60;

    private static int share(long limit) {
        return Math.toIntExact(limit * SHARE / 100);
    }

    @Test
    void typesOfAllModulesAreBoundedTogether() throws Exception {
        int types = share(Limits.TYPE_ITEMS_CHECKED) / WIDTH;
        byte[] module = module(out -> out.section(1, body -> {
            body.unsigned(types);
            for (int i = 0; i < types; i++) {
                wideType(body);
            }
        }));
        assertCheckedAloneOnly(module, "function types of too many parameters and results");
    }

    @Test
    void constantExpressionsOfAllModulesAreBoundedTogether() throws Exception {
        int additions = share(Limits.CONSTANT_INSTRUCTIONS_CHECKED) / 2;
        byte[] module = module(out -> out.section(6, body -> {
            body.unsigned(1).u8(0x7f).u8(0x00).u8(0x41).u8(0x00);
            for (int i = 0; i < additions; i++) {
                body.u8(0x41).u8(0x00).u8(0x6a);
            }
            body.u8(0x0b);
        }));
        assertCheckedAloneOnly(module, "too many instructions in constant expressions");
    }

    @Test
    void localsOfAllModulesAreBoundedTogether() throws Exception {
        int functions = share(Limits.LOCALS_CHECKED) / Limits.LOCALS_PER_FUNCTION;
        byte[] module = functions(functions, body -> {
            body.u8(0x01).unsigned(Limits.LOCALS_PER_FUNCTION).u8(0x7f);
            forTheValidator(body);
        });
        assertCheckedAloneOnly(module, "more than 10000000 locals");
    }

    @Test
    void operandsOfAllModulesAreBoundedTogether() throws Exception {
        int calls = 500;
        byte[] module = functions(share(Limits.OPERANDS_CHECKED) / WIDTH / calls, body -> {
            body.u8(0x00);
            forTheValidator(body);
            calls(body, calls);
        });
        assertCheckedAloneOnly(module, "calls and blocks that move too many operands");
    }

    @Test
    void operandsOfProvenBodiesOfAllModulesAreBoundedTogether() throws Exception {
        int calls = 500;
        byte[] module = functions(share(Limits.OPERANDS_PROVEN) / WIDTH / calls, body -> {
            body.u8(0x00);
            calls(body, calls);
        });
        // What is not proven any more is the validator's, which has a limit of its own.
        assertCheckedAloneOnly(module, "calls and blocks that move too many operands");
    }

    @Test
    void branchesOfAllModulesAreBoundedTogether() throws Exception {
        int depth = 10_000;
        int targets = share(Limits.LABEL_STEPS_CHECKED) / depth;
        byte[] module = functions(1, body -> {
            body.u8(0x00);
            forTheValidator(body);
            for (int i = 0; i < depth; i++) {
                body.u8(0x02).u8(0x40); // block
            }
            body.u8(0x41).u8(0x00).u8(0x0e).unsigned(targets); // i32.const 0, br_table
            for (int i = 0; i <= targets; i++) {
                body.unsigned(depth - 1);
            }
            for (int i = 0; i < depth; i++) {
                body.u8(0x0b);
            }
            body.u8(0x00);
        });
        assertCheckedAloneOnly(module, "branches out of too many blocks");
    }

    @Test
    void bytesOfAllModulesAreBoundedTogether(@TempDir Path folder) throws Exception {
        int dataBytes = Limits.CORE_MODULE_BYTES_CHECKED - 100;
        byte[] head = new ByteSink()
                .bytes(PREAMBLE)
                .u8(11)
                .unsigned(dataBytes + 6)
                .unsigned(1)
                .u8(0x01)
                .unsigned(dataBytes)
                .toByteArray();
        int modules = (int) (Limits.CORE_BYTES_CHECKED / dataBytes) + 1;
        // The data is a hole in a file: nobody reads it.
        Path file = folder.resolve("holes.wasm");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long at = out.write(ByteBuffer.wrap(ComponentWriter.write(List.<Section>of())));
            for (int i = 0; i < modules; i++) {
                byte[] start = new ByteSink()
                        .u8(1)
                        .unsigned(head.length + dataBytes)
                        .bytes(head)
                        .toByteArray();
                out.write(ByteBuffer.wrap(start), at);
                at += start.length + dataBytes;
            }
            out.write(ByteBuffer.wrap(new byte[1]), at - 1);
        }
        assertThat(verdict(Workspace.map(file)))
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith("too many bytes of core modules"));
    }

    @Test
    void instructionsOfAllModulesAreBoundedTogether() throws Exception {
        CoreWork work = new CoreWork();
        for (long i = 0; i < Limits.INSTRUCTIONS_CHECKED; i++) {
            work.instruction(0);
        }
        assertThatThrownBy(() -> work.instruction(7))
                .isInstanceOf(NotCheckableException.class)
                .hasMessage("more than 20000000 instructions (at offset 0x7)");
    }

    private static void assertCheckedAloneOnly(byte[] module, String reason) throws InvalidComponentException {
        assertThat(verdict(component(module, 1))).isEqualTo(new CoreCheck.Valid());
        assertThat(verdict(component(module, 2)))
                .isInstanceOfSatisfying(
                        CoreCheck.NotChecked.class,
                        not -> assertThat(not.reason()).startsWith(reason));
    }

    private static ByteBuffer component(byte[] module, int times) {
        Section section = new Section.CoreModule(0, ByteBuffer.wrap(module));
        return ByteBuffer.wrap(ComponentWriter.write(Collections.nCopies(times, section)));
    }

    private static CoreCheck verdict(ByteBuffer component) throws InvalidComponentException {
        return ((Verdict.Valid) ComponentValidator.validate(component, FeatureSet.stable())).coreModules();
    }

    private static byte[] module(Consumer<ByteSink> sections) {
        ByteSink out = new ByteSink().bytes(PREAMBLE);
        sections.accept(out);
        return out.toByteArray();
    }

    /** Functions of one wide type, each with this body, which ends in `unreachable`. */
    private static byte[] functions(int count, Consumer<ByteSink> body) {
        ByteSink one = new ByteSink();
        body.accept(one);
        byte[] bytes = one.u8(0x00).u8(0x0b).toByteArray();
        return module(out -> {
            out.section(1, types -> wideType(types.unsigned(1)));
            out.section(3, declared -> {
                declared.unsigned(count);
                for (int i = 0; i < count; i++) {
                    declared.unsigned(0);
                }
            });
            out.section(10, code -> {
                code.unsigned(count);
                for (int i = 0; i < count; i++) {
                    code.sized(bytes);
                }
            });
        });
    }

    private static void wideType(ByteSink out) {
        out.u8(0x60).u8(0x00).unsigned(WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            out.u8(0x7f);
        }
    }

    /** Calls of the first function. */
    private static void calls(ByteSink body, int count) {
        for (int i = 0; i < count; i++) {
            body.u8(0x10).u8(0x00);
        }
    }

    /** A null reference, dropped: keeps a body from being proven without the validator. */
    private static void forTheValidator(ByteSink body) {
        body.u8(0xd0).u8(0x70).u8(0x1a);
    }
}
