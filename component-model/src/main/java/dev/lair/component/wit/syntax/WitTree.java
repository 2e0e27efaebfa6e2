package dev.lair.component.wit.syntax;

import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of one WIT text. Lists are in the order of the text; {@code docs} is null where there is no comment. */
public final class WitTree {
    private WitTree() {}

    /** A whole text. */
    public record File(@Nullable PackageDecl packageDecl, List<Item> items) {}

    /** {@code package a:b@1.0.0}; the place of the docs is that of the first comment. */
    public record PackageDecl(Docs docs, Place place, PackageName name) {}

    /** Comments before an item, marks stripped. */
    public record Docs(@Nullable String text, Place place) {}

    /** A name with its place. */
    public record Ident(String name, Place place) {}

    /** What an attribute before an item says. */
    public sealed interface Gate {
        Place place();

        record Since(Place place, SemanticVersion version) implements Gate {}

        record Unstable(Place place, String feature) implements Gate {}

        record DeprecatedIn(Place place, SemanticVersion version) implements Gate {}

        record ExternalId(Place place, String id) implements Gate {}
    }

    /** Items at the top of a text or inside a nested package. */
    public sealed interface Item {
        record Interface(Docs docs, List<Gate> gates, Ident id, List<InterfaceItem> items) implements Item {}

        record World(Docs docs, List<Gate> gates, Ident id, List<WorldItem> items) implements Item {}

        record Use(List<Gate> gates, UsePath path, @Nullable Ident as) implements Item {}

        record NestedPackage(PackageDecl decl, List<Item> items) implements Item {}
    }

    /** {@code name} of this package, or {@code a:b/name@1.0.0} of another; the place of a path is that of its name. */
    public record UsePath(@Nullable PackageRef inPackage, Ident id) {}

    /** The package part of a path. */
    public record PackageRef(Place place, PackageName name) {}

    /** Items of an interface. */
    public sealed interface InterfaceItem permits TypeDecl, FunctionDecl, UseDecl {}

    /** Items of a world. */
    public sealed interface WorldItem permits TypeDecl, UseDecl, IncludeDecl, ExternDecl {}

    /** {@code use a.{b, c as d}}. */
    public record UseDecl(List<Gate> gates, UsePath from, List<Renamed> names) implements InterfaceItem, WorldItem {}

    /** {@code name as other}, or {@code name} alone. */
    public record Renamed(Ident name, @Nullable Ident as) {
        public Ident local() {
            return as == null ? name : as;
        }
    }

    /** {@code include w with { a as b }}. */
    public record IncludeDecl(List<Gate> gates, UsePath from, List<Renamed> names) implements WorldItem {}

    /** {@code import …} or {@code export …}. */
    public record ExternDecl(boolean export, Docs docs, List<Gate> gates, ExternKind kind) implements WorldItem {}

    /** What is imported or exported. */
    public sealed interface ExternKind {
        record Path(UsePath path) implements ExternKind {}

        record Labelled(Ident label, UsePath path) implements ExternKind {}

        record Inline(Ident label, List<InterfaceItem> items) implements ExternKind {}

        record Func(Ident label, Function function) implements ExternKind {}
    }

    /** A named function. */
    public record FunctionDecl(Docs docs, List<Gate> gates, Ident id, Function function) implements InterfaceItem {}

    /** Parameters and result. */
    public record Function(
            boolean async, List<Param> params, @Nullable TypeExpr result) {}

    public record Param(Ident id, TypeExpr type) {}

    /** A type with a name. */
    public record TypeDecl(Docs docs, List<Gate> gates, Ident id, TypeBody body) implements InterfaceItem, WorldItem {}

    /** What a named type is. */
    public sealed interface TypeBody {
        record Alias(TypeExpr type) implements TypeBody {}

        record RecordOf(List<Field> fields) implements TypeBody {}

        record Variant(List<Case> cases) implements TypeBody {}

        record EnumOf(List<Label> cases) implements TypeBody {}

        record Flags(List<Label> flags) implements TypeBody {}

        record Resource(List<ResourceFunction> functions) implements TypeBody {}
    }

    public record Field(Docs docs, Ident id, TypeExpr type) {}

    public record Case(Docs docs, Ident id, @Nullable TypeExpr type) {}

    public record Label(Docs docs, Ident id) {}

    /** What a function of a resource is called on. */
    public enum ResourceFunctionKind {
        CONSTRUCTOR,
        METHOD,
        STATIC
    }

    public record ResourceFunction(ResourceFunctionKind kind, FunctionDecl function) {}

    /** A type where it is used. */
    public sealed interface TypeExpr {
        Place place();

        record Plain(Place place, Primitive primitive) implements TypeExpr {}

        record Named(Ident id) implements TypeExpr {
            @Override
            public Place place() {
                return id.place();
            }
        }

        record ListOf(Place place, TypeExpr element) implements TypeExpr {}

        record FixedList(Place place, TypeExpr element, long size) implements TypeExpr {}

        record MapOf(Place place, TypeExpr key, TypeExpr value) implements TypeExpr {}

        record Tuple(Place place, List<TypeExpr> types) implements TypeExpr {}

        record Option(Place place, TypeExpr some) implements TypeExpr {}

        record Result(
                Place place,
                @Nullable TypeExpr ok,
                @Nullable TypeExpr err) implements TypeExpr {}

        record Future(Place place, @Nullable TypeExpr payload) implements TypeExpr {}

        record Stream(Place place, @Nullable TypeExpr payload) implements TypeExpr {}

        record Own(Place place, Ident resource) implements TypeExpr {}

        record Borrow(Place place, Ident resource) implements TypeExpr {}
    }
}
