package dev.lair.component.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.RawName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubtypingTest {
    private static final ValType U8 = new ValType.Primitive(PrimitiveType.U8);
    private static final ValType U16 = new ValType.Primitive(PrimitiveType.U16);

    private final Work work = new Work(10_000);
    private final Subtyping subtyping = new Subtyping(work, new CoreTypes());

    private static DefinedType record(String name, ValType type) throws TypeException {
        return DefinedType.of(new Shape.RecordOf(List.of(new Shape.Field(name, type))));
    }

    private static Entity type(AnyType type) {
        return new Entity.Type(type, type);
    }

    private static FuncType func(ValType param) throws TypeException {
        return new FuncType(false, List.of(new FuncType.Param("x", param)), null);
    }

    private static Map<String, Entity.Item> items(Object... namesAndEntities) {
        Map<String, Entity.Item> items = new LinkedHashMap<>();
        for (int i = 0; i < namesAndEntities.length; i += 2) {
            String name = (String) namesAndEntities[i];
            items.put(name, new Entity.Item(RawName.plain(name), (Entity) namesAndEntities[i + 1]));
        }
        return items;
    }

    private static Entity instance(Object... namesAndEntities) throws TypeException {
        return new Entity.Instance(new InstanceType(items(namesAndEntities), List.of(), Map.of()));
    }

    private void fits(Entity a, Entity b) {
        assertThatCode(() -> subtyping.entity(a, b)).doesNotThrowAnyException();
    }

    private void differs(Entity a, Entity b, String where) {
        assertThatThrownBy(() -> subtyping.entity(a, b))
                .isInstanceOf(TypeException.class)
                .hasMessageContaining(where);
    }

    @Test
    void valueTypesHaveToBeTheSameButForTheirNames() throws Exception {
        fits(new Entity.Value(record("a", U8)), new Entity.Value(record("a", U8).renamed()));
        fits(new Entity.Value(DefinedType.of(new Shape.Primitive(PrimitiveType.U8))), new Entity.Value(U8));
        differs(new Entity.Value(record("a", U8)), new Entity.Value(record("b", U8)), "expected field name `b`");
        differs(
                new Entity.Value(record("a", U8)),
                new Entity.Value(record("a", U16)),
                "record field `a`: expected u16, found u8");
        differs(new Entity.Value(U8), new Entity.Value(record("a", U8)), "expected record, found u8");
    }

    @Test
    void instancesMayExportMore() throws Exception {
        Entity wide = instance("f", new Entity.Func(func(U8)), "g", new Entity.Func(func(U8)));
        Entity narrow = instance("g", new Entity.Func(func(U8)));
        fits(wide, narrow);
        differs(narrow, wide, "missing instance export named `f`");
    }

    @Test
    void componentsMayImportLessAndExportMore() throws Exception {
        Entity f = new Entity.Func(func(U8));
        Entity more = new Entity.Component(
                new ComponentType(items("i", f, "j", f), items("e", f), Map.of(), Map.of(), Map.of()));
        Entity less = new Entity.Component(
                new ComponentType(items("i", f), items("e", f, "h", f), Map.of(), Map.of(), Map.of()));
        fits(less, more);
        differs(more, less, "missing import named `j`");
    }

    @Test
    void resourcesAreTheSameOnlyByIdentity() throws Exception {
        ResourceType r = ResourceType.fresh();
        fits(type(r), type(r.renamed()));
        differs(type(r), type(ResourceType.fresh()), "resource types are not the same");
        differs(
                new Entity.Func(func(DefinedType.of(new Shape.Own(r)))),
                new Entity.Func(func(DefinedType.of(new Shape.Borrow(r)))),
                "function parameter `x`");
        differs(type(r), type(record("a", U8)), "expected defined type, found resource");
    }

    @Test
    void argumentsDetermineTheResourcesOfImports() throws Exception {
        ResourceType wanted = ResourceType.fresh();
        DefinedType ownWanted = DefinedType.of(new Shape.Own(wanted));
        Map<String, Entity.Item> imports =
                items("i", instance("r", type(wanted)), "f", new Entity.Func(func(ownWanted)));
        Map<Resource, List<String>> paths = Map.of(wanted.resource(), List.of("i", "r"));

        ResourceType given = ResourceType.fresh();
        DefinedType ownGiven = DefinedType.of(new Shape.Own(given));
        Map<String, Entity> arguments = new LinkedHashMap<>();
        arguments.put("i", instance("r", type(given)));
        arguments.put("f", new Entity.Func(func(ownGiven)));
        Subtyping.Found found = subtyping.satisfy(arguments, imports, paths, "import");
        assertThat(found.resources()).containsExactly(Map.entry(wanted.resource(), given.resource()));
        assertThat(found.types()).containsExactly(Map.entry(wanted, given));

        arguments.put("f", new Entity.Func(func(DefinedType.of(new Shape.Own(ResourceType.fresh())))));
        assertThatThrownBy(() -> subtyping.satisfy(arguments, imports, paths, "import"))
                .hasMessageContaining("type mismatch for import `f`")
                .hasMessageContaining("resource types are not the same");
    }

    @Test
    void substitutionKeepsWhatIsSharedSharedAndWhatIsUntouchedTheSame() throws Exception {
        ResourceType old = ResourceType.fresh();
        DefinedType own = DefinedType.of(new Shape.Own(old));
        DefinedType pair = DefinedType.of(new Shape.Tuple(List.of(own, own)));
        DefinedType named = pair.renamed();
        DefinedType plain = record("a", U8);
        Resource fresh = new Resource();
        Substitution substitution = new Substitution(Map.of(old.resource(), fresh), work);

        DefinedType after = (DefinedType) substitution.type(named);
        Shape.Tuple tuple = (Shape.Tuple) after.shape();
        assertThat(tuple.types().get(0)).isSameAs(tuple.types().get(1));
        assertThat(after.aliasOf()).isSameAs(substitution.type(pair));
        Shape.Own substituted = (Shape.Own) ((DefinedType) tuple.types().get(0)).shape();
        assertThat(substituted.resource().resource()).isSameAs(fresh);
        assertThat(substituted.resource().name()).isSameAs(old.name());
        assertThat(substitution.type(plain)).isSameAs(plain);
    }

    @Test
    void freeResourcesAreThoseThatNoTypeDeclares() throws Exception {
        ResourceType free = ResourceType.fresh();
        ResourceType bound = ResourceType.fresh();
        InstanceType type = new InstanceType(
                items("f", type(free), "b", type(bound)),
                List.of(bound.resource()),
                Map.of(bound.resource(), List.of("b")));
        assertThat(new MentionedResources(work).of(type).free()).containsExactly(free.resource());
    }

    @Test
    void layoutFollowsAlignment() throws Exception {
        DefinedType record = DefinedType.of(new Shape.RecordOf(List.of(
                new Shape.Field("a", U8),
                new Shape.Field("b", new ValType.Primitive(PrimitiveType.U32)),
                new Shape.Field("c", U8))));
        assertThat(record.measure().bytes()).isEqualTo(12);
        assertThat(record.measure().alignment()).isEqualTo(4);
        DefinedType option = DefinedType.of(new Shape.Option(record));
        assertThat(option.measure().bytes()).isEqualTo(16);
        assertThat(DefinedType.of(new Shape.ListOf(record)).measure().pointers())
                .isTrue();
    }

    @Test
    void workEndsAtItsLimit() {
        Work small = new Work(3);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 4; i++) {
                        small.step();
                    }
                })
                .isInstanceOf(TypeException.class)
                .hasMessageContaining("more than 3 steps");
    }
}
