package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.Alias;
import dev.lair.component.binary.ByteSink;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.Decl;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.Sort;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.binary.ValRef;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Binaries made to explode end in the typed rejection, by counting: no clock is needed. */
class BudgetTest {
    private static final ValRef U8 = new ValRef.Primitive(PrimitiveType.U8);

    private static Verdict.Valid valid(Section... sections) throws Exception {
        byte[] bytes = ComponentWriter.write(List.of(sections));
        return (Verdict.Valid) ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
    }

    private static void rejected(String rule, Section... sections) {
        rejected(rule, ComponentWriter.write(List.of(sections)));
    }

    private static void rejected(String rule, byte[] bytes) {
        assertThatThrownBy(() -> ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all()))
                .isInstanceOf(InvalidComponentException.class)
                .hasMessageContaining(rule);
    }

    private static Section types(List<TypeDef> types) {
        return new Section.Types(0, types);
    }

    private static TypeDef tupleOf(int type, int times) {
        return new TypeDef.Tuple(0, Collections.nCopies(times, new ValRef.Index(type)));
    }

    @Test
    void tuplesOfTuplesStopAtTheTypeSize() throws Exception {
        List<TypeDef> nest = new ArrayList<>();
        nest.add(new TypeDef.Tuple(0, List.of(U8)));
        for (int i = 0; i < 4; i++) {
            nest.add(tupleOf(i, 10));
        }
        valid(types(nest));

        for (int i = 4; i < 60; i++) {
            nest.add(tupleOf(i, 10));
        }
        rejected("effective type size exceeds the limit of 1000000", types(nest));
    }

    @Test
    void listsInListsStopAtTheTypeDepth() throws Exception {
        List<TypeDef> nest = new ArrayList<>();
        nest.add(new TypeDef.ListOf(0, U8));
        while (nest.size() < ComponentLimits.TYPE_DEPTH) {
            nest.add(new TypeDef.ListOf(0, new ValRef.Index(nest.size() - 1)));
        }
        valid(types(nest));

        nest.add(new TypeDef.ListOf(0, new ValRef.Index(nest.size() - 1)));
        rejected("type nesting is too deep", types(nest));
    }

    @Test
    void instancesInInstancesStopAtTheTypeDepth() {
        List<TypeDef> nest = new ArrayList<>();
        nest.add(new TypeDef.Instance(0, List.of()));
        for (int i = 0; i < 20_000; i++) {
            nest.add(new TypeDef.Instance(
                    0,
                    List.of(
                            new Decl.AliasOf(new Alias.Outer(0, Sort.TYPE, 1, i)),
                            new Decl.Export(0, RawName.plain("i"), new ExternDesc.Instance(0)))));
        }
        rejected("type nesting is too deep", types(nest));
    }

    @Test
    void valuesLargerThanTheStaticLimitAreRejected() throws Exception {
        long most = ComponentLimits.VALUE_BYTES;
        valid(types(List.of(new TypeDef.FixedList(0, U8, most))));
        rejected("exceeds maximum byte size", types(List.of(new TypeDef.FixedList(0, U8, most + 1))));
        rejected(
                "exceeds maximum byte size",
                types(List.of(
                        new TypeDef.FixedList(0, U8, most),
                        new TypeDef.FixedList(0, new ValRef.Index(0), 0xffff_ffffL))));
    }

    /**
     * Each import of an instance type with a resource copies the type: a small binary that would copy 10^8
     * exports.
     */
    @Test
    void copiesOfAnInstanceTypeStopAtTheStepLimit() {
        List<Decl> decls = new ArrayList<>();
        decls.add(new Decl.Export(0, RawName.plain("r"), new ExternDesc.SubResource()));
        decls.add(new Decl.Type(new TypeDef.Func(0, false, List.of(), null)));
        for (int i = 0; i < 20_000; i++) {
            decls.add(new Decl.Export(0, RawName.plain("f" + i), new ExternDesc.Func(1)));
        }
        List<Section.Import> imports = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            imports.add(new Section.Import(0, RawName.plain("i" + i), new ExternDesc.Instance(0)));
        }
        rejected("steps to check", types(List.of(new TypeDef.Instance(0, decls))), new Section.Imports(0, imports));
    }

    /** Names of names are a chain, not a nest: they may be many, and walking them takes no stack. */
    @Test
    void longChainsOfRenamedTypesAreWalked() throws Exception {
        int length = 20_000;
        List<Decl> decls = new ArrayList<>();
        decls.add(new Decl.Export(0, RawName.plain("r"), new ExternDesc.SubResource()));
        decls.add(new Decl.Type(new TypeDef.Own(0, 0)));
        for (int i = 0; i < length; i++) {
            decls.add(new Decl.Export(0, RawName.plain("t" + i), new ExternDesc.TypeEq(1 + i)));
        }
        Verdict.Valid verdict = valid(
                types(List.of(new TypeDef.Instance(0, decls))),
                new Section.Imports(0, List.of(new Section.Import(0, RawName.plain("i"), new ExternDesc.Instance(0)))));
        assertThat(verdict.component().workSteps()).isBetween((long) length, 20L * length);
    }

    @Test
    void nestsOfComponentsStop() {
        byte[] nest = ComponentWriter.write(List.<Section>of());
        for (int i = 0; i < ComponentLimits.NESTING; i++) {
            byte[] inner = nest;
            nest = new ByteSink()
                    .bytes(ComponentWriter.write(List.<Section>of()))
                    .section(4, body -> body.bytes(inner))
                    .toByteArray();
        }
        rejected("components are nested deeper than 100", nest);
    }

    @Test
    void moreNestedModulesThanTheLimitAreRejected() {
        byte[] module = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i <= ComponentLimits.NESTED_BINARIES; i++) {
            sections.add(new Section.CoreModule(0, ByteBuffer.wrap(module)));
        }
        rejected("more than 1000 nested modules and components", ComponentWriter.write(sections));
    }

    @Test
    void moreItemsThanTheLimitAreNotDecoded() {
        List<TypeDef> many = Collections.nCopies(900_000, new TypeDef.Primitive(0, PrimitiveType.U8));
        rejected("more than 2000000 definitions", types(many), types(many), types(many));
    }

    @Test
    void countsWithoutBytesAreRejectedBeforeAnythingIsAllocated() {
        byte[] bytes = new ByteSink()
                .bytes(ComponentWriter.write(List.<Section>of()))
                .section(7, body -> body.unsigned(999_999).u8(0x7f))
                .toByteArray();
        rejected("unexpected end-of-file", bytes);
    }

    @Test
    void messagesDoNotRepeatLongNamesInFull() {
        String name = "a".repeat(90_000);
        byte[] bytes = ComponentWriter.write(List.of(types(List.of(new TypeDef.Flags(0, List.of(name, name))))));
        assertThatThrownBy(() -> ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all()))
                .hasMessageStartingWith("flag name `aaa")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(3_000));
    }
}
