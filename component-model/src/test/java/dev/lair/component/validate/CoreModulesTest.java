package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.CoreCheck;
import dev.lair.component.binary.Alias;
import dev.lair.component.binary.ByteSink;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.CoreInstance;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.Sort;
import dev.lair.component.types.CoreEntity;
import dev.lair.component.types.Entity;
import dev.lair.component.types.ModuleType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Core modules inside of components: their types, and where their errors are. */
class CoreModulesTest {
    private static final byte[] PREAMBLE = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};

    private static Section module(ByteSink sections) {
        return new Section.CoreModule(
                0,
                ByteBuffer.wrap(new ByteSink()
                        .bytes(PREAMBLE)
                        .bytes(sections.toByteArray())
                        .toByteArray()));
    }

    private static Verdict.Valid valid(Section... sections) throws InvalidComponentException {
        byte[] bytes = ComponentWriter.write(List.of(sections));
        return (Verdict.Valid) ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.stable());
    }

    /** Each kind of constant expression stands before the global that is exported. */
    @Test
    void exportsAreFoundBehindEveryKindOfConstantExpression() throws Exception {
        ByteSink sections = new ByteSink()
                .section(1, s -> s.unsigned(1).u8(0x60).u8(0).u8(0))
                .section(3, s -> s.unsigned(1).unsigned(0))
                .section(6, s -> {
                    s.unsigned(9);
                    s.u8(0x7f).u8(0).u8(0x41).signed(-5).u8(0x0b);
                    s.u8(0x7e).u8(0).u8(0x42).signed(Long.MIN_VALUE).u8(0x0b);
                    s.u8(0x7d)
                            .u8(0)
                            .u8(0x43)
                            .bytes(new byte[] {0x0b, 0x0b, 0x0b, 0x0b})
                            .u8(0x0b);
                    s.u8(0x7c).u8(0).u8(0x44).bytes(new byte[8]).u8(0x0b);
                    s.u8(0x7b).u8(0).u8(0xfd).unsigned(12).bytes(new byte[16]).u8(0x0b);
                    s.u8(0x70).u8(0).u8(0xd0).u8(0x70).u8(0x0b);
                    s.u8(0x70).u8(0).u8(0xd2).unsigned(0).u8(0x0b);
                    s.u8(0x7f)
                            .u8(0)
                            .u8(0x41)
                            .signed(1)
                            .u8(0x41)
                            .signed(2)
                            .u8(0x6a)
                            .u8(0x0b);
                    s.u8(0x7e).u8(1).u8(0x42).signed(7).u8(0x0b);
                })
                .section(
                        7,
                        s -> s.unsigned(2)
                                .name("g")
                                .u8(3)
                                .unsigned(8)
                                .name("f")
                                .u8(0)
                                .unsigned(0))
                .section(10, s -> s.unsigned(1).sized(new byte[] {0x00, 0x0b}));

        Verdict.Valid verdict = valid(
                module(sections),
                new Section.Exports(0, List.of(new Section.Export(0, RawName.plain("m"), Sort.CORE_MODULE, 0, null))));

        assertThat(verdict.coreModules()).isEqualTo(new CoreCheck.Valid());
        Entity exported = Objects.requireNonNull(
                        verdict.component().type().exports().get("m"))
                .entity();
        ModuleType type = ((Entity.Module) exported).type();
        assertThat(type.exports().keySet()).containsExactly("g", "f");
        assertThat(type.exports().get("g"))
                .isInstanceOfSatisfying(
                        CoreEntity.Global.class,
                        global -> assertThat(global.type().mutable()).isTrue());
    }

    @Test
    void anInvalidModuleIsRejectedAtItsPlaceInTheComponent() {
        ByteSink sections = new ByteSink()
                .section(1, s -> s.unsigned(1).u8(0x60).u8(0).u8(0))
                .section(3, s -> s.unsigned(1).unsigned(0))
                .section(10, s -> s.unsigned(1).sized(new byte[] {0x00, 0x6a, 0x0b}));
        assertThatThrownBy(() -> valid(module(sections)))
                .isInstanceOfSatisfying(
                        InvalidComponentException.class,
                        e -> assertThat(e.offset()).isEqualTo(10));
    }

    @Test
    void aModuleThatCannotBeCheckedIsLinkedAndNoted() throws Exception {
        ByteSink memory64 = new ByteSink()
                .section(5, s -> s.unsigned(1).u8(0x04).unsigned(1))
                .section(7, s -> s.unsigned(1).name("m").u8(2).unsigned(0));
        Section instance = new Section.CoreInstances(0, List.of(new CoreInstance.Instantiate(0, 0, List.of())));
        Section alias = new Section.Aliases(0, List.of(new Alias.CoreInstanceExport(0, Sort.CORE_MEMORY, 0, "m")));

        Verdict.Valid verdict = valid(module(memory64), instance, alias);
        assertThat(verdict.coreModules()).isEqualTo(new CoreCheck.NotChecked("64-bit memory (at offset 0x15)"));

        Section wrong = new Section.Aliases(0, List.of(new Alias.CoreInstanceExport(0, Sort.CORE_MEMORY, 0, "x")));
        assertThatThrownBy(() -> valid(module(memory64), instance, wrong))
                .hasMessageContaining("core instance 0 has no export named `x`");
    }
}
