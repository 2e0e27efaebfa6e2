package dev.lair.component.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.ByteSink;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.validate.FeatureSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Components that import instances and export them again, so that all are types. */
class ComponentCompatibilityTest {
    private static final VersionStep PATCH = new VersionStep(SemanticVersion.of(0, 2, 0), SemanticVersion.of(0, 2, 1));
    private static final int U32 = 0x79;
    private static final int U64 = 0x77;

    /** A function {@code name: func(a: type)}. */
    private record Func(String name, int type) {}

    /** An instance that is imported, and exported again under another name unless that is null. */
    private record Port(String imported, String exported, List<Func> functions) {
        static Port imported(String name, Func... functions) {
            return new Port(name, "", List.of(functions));
        }

        static Port exported(String name, Func... functions) {
            return new Port("from-" + name.replaceAll("[^a-z]", ""), name, List.of(functions));
        }
    }

    private static byte[] component(Port... ports) {
        List<Port> all = List.of(ports);
        List<Port> exported = all.stream().filter(p -> !p.exported().isEmpty()).toList();
        ByteSink out = new ByteSink().bytes(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0});
        out.section(7, body -> body.each(all, port -> instanceType(body, port)));
        out.section(
                10,
                body -> body.each(
                        all, port -> body.u8(0).name(port.imported()).u8(0x05).unsigned(all.indexOf(port))));
        out.section(
                11,
                body -> body.each(
                        exported,
                        port -> body.u8(0)
                                .name(port.exported())
                                .u8(0x05)
                                .unsigned(all.indexOf(port))
                                .u8(0)));
        return out.toByteArray();
    }

    private static void instanceType(ByteSink out, Port port) {
        List<Runnable> decls = new ArrayList<>();
        for (int i = 0; i < port.functions().size(); i++) {
            Func func = port.functions().get(i);
            int index = i;
            decls.add(() -> out.u8(0x01)
                    .u8(0x40)
                    .unsigned(1)
                    .name("a")
                    .u8(func.type())
                    .u8(0x01)
                    .u8(0x00));
            decls.add(() -> out.u8(0x04).u8(0).name(func.name()).u8(0x01).unsigned(index));
        }
        out.u8(0x42).each(decls, Runnable::run);
    }

    private static Compatibility compare(byte[] before, byte[] after) throws IncomparableException {
        return CompatibilityCheck.binaries(ByteBuffer.wrap(before), ByteBuffer.wrap(after), FeatureSet.stable(), PATCH);
    }

    @Test
    void namesOnOneTrackMeanTheSame() throws Exception {
        Compatibility verdict = compare(
                component(Port.imported("a:b/c@0.2.0", new Func("f", U32)), Port.exported("a:b/d@1.0.0")),
                component(Port.imported("a:b/c@0.2.7", new Func("f", U32)), Port.exported("a:b/d@1.3.0")));

        assertThat(verdict.level()).as(verdict.report()).isEqualTo(Compatibility.Level.COMPATIBLE);
        assertThat(verdict.differences())
                .extracting(Difference::message)
                .contains("import goes from a:b/c@0.2.0 to a:b/c@0.2.7, on the same track")
                .contains("export goes from a:b/d@1.0.0 to a:b/d@1.3.0, on the same track");
    }

    @Test
    void namesOnOtherTracksAreOtherNames() throws Exception {
        Compatibility verdict = compare(
                component(Port.imported("a:b/c@0.2.0", new Func("f", U32))),
                component(Port.imported("a:b/c@0.3.0", new Func("f", U32))));

        assertThat(verdict.isPermitted()).as(verdict.report()).isFalse();
        assertThat(verdict.breaking()).singleElement().satisfies(difference -> {
            assertThat(difference).isInstanceOf(Difference.Added.class);
            assertThat(difference.spot().owner()).isEqualTo("import a:b/c@0.3.0");
            assertThat(difference.advice(PATCH))
                    .isEqualTo("take the import out, or release it as 0.3.0 or another new track");
        });
    }

    @Test
    void fewerImportsAndMoreExportsBreakNobody() throws Exception {
        Compatibility verdict = compare(
                component(Port.imported("a:b/c", new Func("f", U32), new Func("g", U32)), Port.imported("a:b/e")),
                component(Port.imported("a:b/c", new Func("f", U32))));
        assertThat(verdict.level()).as(verdict.report()).isEqualTo(Compatibility.Level.COMPATIBLE);
        assertThat(verdict.differences()).hasSize(2).allMatch(Difference.Removed.class::isInstance);
    }

    @Test
    void lessInAnExportBreaksConsumers() throws Exception {
        Port full = new Port("host", "a:b/c", List.of(new Func("f", U32), new Func("g", U32)));
        Port fewer = new Port("host", "a:b/c", List.of(new Func("f", U32)));

        Compatibility less = compare(component(full), component(fewer));
        assertThat(less.broken()).isEqualTo(Set.of(Party.CONSUMERS));
        assertThat(less.breaking()).extracting(d -> d.spot().text()).containsExactly("export a:b/c, g");

        // More in the export comes with more in the import here, which is what breaks.
        Compatibility more = compare(component(fewer), component(full));
        assertThat(more.breaking()).extracting(d -> d.spot().text()).containsExactly("import host, g");
    }

    @Test
    void anotherParameterTypeIsFoundOnBothSides() throws Exception {
        Compatibility verdict = compare(
                component(new Port("host", "a:b/c", List.of(new Func("f", U32)))),
                component(new Port("host", "a:b/c", List.of(new Func("f", U64)))));

        assertThat(verdict.breaking())
                .extracting(d -> d.spot().text())
                .containsExactly("import host, f", "export a:b/c, f");
        assertThat(verdict.report()).contains("expected u64, found u32").contains("expected u32, found u64");
    }

    @Test
    void breakingOnANewTrackIsPermitted() throws Exception {
        Compatibility verdict = CompatibilityCheck.binaries(
                ByteBuffer.wrap(component()),
                ByteBuffer.wrap(component(Port.imported("a:b/c"))),
                FeatureSet.stable(),
                new VersionStep(SemanticVersion.of(1, 4, 0), SemanticVersion.of(2, 0, 0)));

        assertThat(verdict.level()).isEqualTo(Compatibility.Level.BREAKING);
        assertThat(verdict.isPermitted()).isTrue();
    }

    /**
     * A component that imports a core module `m`, which exports functions of one parameter.
     *
     * @param unused types in front, so that those of the functions have other indices
     * @param functions name and core type of the parameter
     */
    private static byte[] moduleImport(int unused, Func... functions) {
        List<Runnable> decls = new ArrayList<>();
        ByteSink out = new ByteSink().bytes(new byte[] {0, 'a', 's', 'm', 0x0d, 0, 1, 0});
        ByteSink type = new ByteSink().u8(0x50).unsigned(unused + 2L * functions.length);
        for (int i = 0; i < unused; i++) {
            decls.add(() -> type.u8(0x01)
                    .u8(0x60)
                    .unsigned(3)
                    .u8(0x7c)
                    .u8(0x7c)
                    .u8(0x7c)
                    .unsigned(0));
        }
        for (int i = 0; i < functions.length; i++) {
            Func func = functions[i];
            int index = unused + i;
            decls.add(() -> type.u8(0x01).u8(0x60).unsigned(1).u8(func.type()).unsigned(0));
            decls.add(() -> type.u8(0x03).name(func.name()).u8(0x00).unsigned(index));
        }
        decls.forEach(Runnable::run);
        out.section(3, body -> body.unsigned(1).bytes(type.toByteArray()));
        out.section(
                10, body -> body.unsigned(1).u8(0).name("m").u8(0x00).u8(0x11).unsigned(0));
        return out.toByteArray();
    }

    @Test
    void coreModulesAreComparedByTheirTypesHoweverThoseAreNumbered() throws Exception {
        int i32 = 0x7f;
        int i64 = 0x7e;
        byte[] old = moduleImport(0, new Func("f", i32), new Func("g", i64));

        Compatibility same = compare(old, moduleImport(2, new Func("f", i32), new Func("g", i64)));
        assertThat(same.level()).as(same.report()).isEqualTo(Compatibility.Level.UNCHANGED);

        Compatibility fewer = compare(old, moduleImport(1, new Func("g", i64)));
        assertThat(fewer.isPermitted()).as(fewer.report()).isTrue();

        Compatibility other = compare(old, moduleImport(1, new Func("f", i64), new Func("g", i64)));
        assertThat(other.broken()).isEqualTo(Set.of(Party.CONSUMERS));
        assertThat(other.report()).contains("type mismatch in export `f`");

        Compatibility more = compare(old, moduleImport(0, new Func("f", i32), new Func("g", i64), new Func("h", i32)));
        assertThat(more.broken()).isEqualTo(Set.of(Party.CONSUMERS));
        assertThat(more.report()).contains("missing expected export `h`");
    }

    @Test
    void bytesThatAreNoComponentHaveNoVerdict() {
        byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0};
        assertThatThrownBy(() -> compare(component(), module))
                .isInstanceOf(IncomparableException.class)
                .hasMessageStartingWith("the new version is no valid component: ");
    }
}
