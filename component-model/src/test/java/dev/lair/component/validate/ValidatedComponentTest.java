package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.CoreCheck;
import dev.lair.component.Workspace;
import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.Decl;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.Sort;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.binary.ValRef;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.ValType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a valid component tells about itself: enough for WIT and for compatibility. */
class ValidatedComponentTest {
    private static final ValType STRING = new ValType.Primitive(PrimitiveType.STRING);

    private static Verdict.Valid valid(ByteBuffer bytes) throws InvalidComponentException {
        return (Verdict.Valid) ComponentValidator.validate(bytes, FeatureSet.stable());
    }

    private static Entity at(Map<String, Entity.Item> items, String name) {
        return Objects.requireNonNull(items.get(name), name).entity();
    }

    private static ByteBuffer greeter(String file) {
        return Workspace.map(Workspace.repository().resolve("examples/greeter").resolve(file));
    }

    @Test
    void aComponentTellsItsExportsInFull() throws Exception {
        Verdict.Valid verdict = valid(greeter("greeter.wasm"));

        assertThat(verdict.coreModules()).isEqualTo(new CoreCheck.Valid());
        ComponentType type = verdict.component().type();
        assertThat(type.imports()).isEmpty();
        assertThat(type.exports()).containsOnlyKeys("example:greeter/greet@0.1.0");
        InstanceType greet = ((Entity.Instance) at(type.exports(), "example:greeter/greet@0.1.0")).type();
        greets(greet);
    }

    private static void greets(InstanceType greet) {
        assertThat(greet.exports()).containsOnlyKeys("greet");
        FuncType func = ((Entity.Func) at(greet.exports(), "greet")).type();
        assertThat(func.params()).containsExactly(new FuncType.Param("name", STRING));
        assertThat(func.result()).isEqualTo(STRING);
        assertThat(func.isAsync()).isFalse();
    }

    @Test
    void aWitPackageTellsItsInterfacesAndWorlds() throws Exception {
        ComponentType type = valid(greeter("greeter-wit.wasm")).component().type();

        assertThat(type.exports()).containsOnlyKeys("greet", "greeter");
        ComponentType wrapper = (ComponentType) ((Entity.Type) at(type.exports(), "greet")).created();
        assertThat(wrapper.exports()).containsOnlyKeys("example:greeter/greet@0.1.0");
        greets(((Entity.Instance) wrapper.exports().values().iterator().next().entity()).type());

        ComponentType worldWrapper = (ComponentType) ((Entity.Type) at(type.exports(), "greeter")).created();
        ComponentType world = ((Entity.Component) at(worldWrapper.exports(), "example:greeter/greeter@0.1.0")).type();
        greets(((Entity.Instance) at(world.exports(), "example:greeter/greet@0.1.0")).type());
    }

    /** The import "r" brings a resource, "h" is a record of it; the function mentions both by their names. */
    @Test
    void importsKeepOrderNamesAndResourceIdentity() throws Exception {
        byte[] bytes = ComponentWriter.write(List.of(
                new Section.Types(
                        0,
                        List.of(new TypeDef.Instance(
                                0,
                                List.of(
                                        new Decl.Export(0, RawName.plain("r"), new ExternDesc.SubResource()),
                                        new Decl.Type(new TypeDef.Own(0, 0)),
                                        new Decl.Type(new TypeDef.RecordOf(
                                                0, List.of(new TypeDef.NamedVal("own", new ValRef.Index(1))))),
                                        new Decl.Export(0, RawName.plain("h"), new ExternDesc.TypeEq(2)),
                                        new Decl.Type(new TypeDef.Func(
                                                0,
                                                false,
                                                List.of(new TypeDef.NamedVal("it", new ValRef.Index(3))),
                                                null)),
                                        new Decl.Export(0, RawName.plain("f"), new ExternDesc.Func(4)))))),
                new Section.Imports(
                        0,
                        List.of(
                                new Section.Import(0, RawName.plain("b"), new ExternDesc.Instance(0)),
                                new Section.Import(
                                        0, new RawName("a", "ns:pkg/face", null, "id"), new ExternDesc.Instance(0))))));

        ComponentType type = valid(ByteBuffer.wrap(bytes)).component().type();

        assertThat(type.imports().keySet()).containsExactly("b", "a");
        assertThat(Objects.requireNonNull(type.imports().get("a")).name().implementsName())
                .isEqualTo("ns:pkg/face");
        InstanceType first = ((Entity.Instance) at(type.imports(), "b")).type();
        InstanceType second = ((Entity.Instance) at(type.imports(), "a")).type();
        ResourceType r = (ResourceType) ((Entity.Type) at(first.exports(), "r")).created();
        ResourceType other = (ResourceType) ((Entity.Type) at(second.exports(), "r")).created();
        assertThat(r.resource()).isNotSameAs(other.resource());
        assertThat(type.imported())
                .containsEntry(r.resource(), List.of("b", "r"))
                .containsEntry(other.resource(), List.of("a", "r"));

        Entity.Type h = (Entity.Type) at(first.exports(), "h");
        DefinedType record = (DefinedType) h.created();
        assertThat(record.aliasOf()).isSameAs(h.referenced());
        Shape.Field own = ((Shape.RecordOf) record.shape()).fields().get(0);
        assertThat(((DefinedType) own.type()).shape()).isEqualTo(new Shape.Own(r));
        FuncType f = ((Entity.Func) at(first.exports(), "f")).type();
        assertThat(f.params()).containsExactly(new FuncType.Param("it", record));
    }

    @Test
    void aGatedDefinitionIsRejectedWithTheMissingFeature() throws Exception {
        byte[] bytes = ComponentWriter.write(List.of(new Section.Types(
                0,
                List.of(
                        new TypeDef.Primitive(0, PrimitiveType.U8),
                        new TypeDef.FixedList(0, new ValRef.Index(0), 4)))));
        assertThatThrownBy(() -> valid(ByteBuffer.wrap(bytes)))
                .isInstanceOfSatisfying(InvalidComponentException.class, e -> {
                    assertThat(e.missingFeature()).isEqualTo("fixed-length-lists");
                    assertThat(e.offset()).isEqualTo(12);
                    assertThat(e.rule())
                            .isEqualTo("a list of fixed length requires the feature fixed-length-lists, which is"
                                    + " switched off");
                });
        FeatureSet more = FeatureSet.stable().with(Feature.FIXED_LENGTH_LISTS);
        assertThat(ComponentValidator.validate(ByteBuffer.wrap(bytes), more)).isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void aBrokenRuleIsNotAMissingFeature() {
        byte[] bytes = ComponentWriter.write(List.of(
                new Section.Exports(0, List.of(new Section.Export(0, RawName.plain("f"), Sort.FUNC, 3, null)))));
        assertThatThrownBy(() -> valid(ByteBuffer.wrap(bytes)))
                .isInstanceOfSatisfying(InvalidComponentException.class, e -> {
                    assertThat(e.missingFeature()).isNull();
                    assertThat(e.rule()).isEqualTo("unknown function 3: index out of bounds");
                    assertThat(e.offset()).isEqualTo(11);
                });
    }

    @Test
    void resourcesOfAComponentAreDefinedByItAndFoundByPath() throws Exception {
        byte[] bytes = ComponentWriter.write(List.of(
                new Section.Types(0, List.of(new TypeDef.Resource(0, CoreValType.Plain.I32, null))),
                new Section.Exports(0, List.of(new Section.Export(0, RawName.plain("r"), Sort.TYPE, 0, null)))));
        ComponentType type = valid(ByteBuffer.wrap(bytes)).component().type();
        ResourceType exported = (ResourceType) ((Entity.Type) at(type.exports(), "r")).created();
        assertThat(type.defined()).containsOnlyKeys(exported.resource());
        assertThat(type.explicit()).containsEntry(exported.resource(), List.of("r"));
    }

    @Test
    void everyTruncationIsRejectedOrAShorterComponent() throws Exception {
        ByteBuffer whole = greeter("greeter.wasm");
        int shorter = 0;
        for (int length = 0; length < whole.remaining(); length++) {
            try {
                valid(whole.slice(0, length));
                shorter++;
            } catch (InvalidComponentException e) {
                assertThat(e.offset()).isBetween(0L, (long) length);
            }
        }
        // One where each section ends that leaves nothing behind which others need.
        assertThat(shorter).isBetween(5, 20);
    }
}
