package dev.lair.registry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resolved WIT as JSON (docs/API.md, "WIT as JSON"; schemas {@code Wit…} of {@code lair.yaml}): packages with interfaces and
 * worlds in their order. A name is written out wherever it is used, so that each item can be read alone. Only this form is
 * stable; what has no value is left out.
 *
 * <p>Five members stand at every item that WIT can annotate: {@code docs}, the comment without its marks; {@code externalId},
 * of {@code @external-id}; {@code since}, the version of {@code @since}; {@code unstable}, the feature of {@code @unstable};
 * {@code deprecated}, the version of {@code @deprecated}.
 *
 * @param main the package that the binary is about, one of {@code packages}; {@code root:component} for a component
 */
public record WitModel(String main, List<Package> packages) {

    public WitModel {
        packages = List.copyOf(packages);
    }

    /**
     * A package, or the part of it that is referred to.
     *
     * @param name {@code ns:name} with its version, if it has one
     */
    public record Package(String name, @Nullable String docs, List<Interface> interfaces, List<World> worlds) {
        public Package {
            interfaces = List.copyOf(interfaces);
            worlds = List.copyOf(worlds);
        }
    }

    /**
     * An interface.
     *
     * @param name {@code ns:pkg/interface@version}; of one that is written out in a world, its label there
     */
    public record Interface(
            String name,
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated,
            List<TypeDef> types,
            List<Function> functions) {
        public Interface {
            types = List.copyOf(types);
            functions = List.copyOf(functions);
        }
    }

    /**
     * A world.
     *
     * @param name {@code ns:pkg/world@version}
     */
    public record World(
            String name,
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated,
            List<Item> imports,
            List<Item> exports) {
        public World {
            imports = List.copyOf(imports);
            exports = List.copyOf(exports);
        }
    }

    /**
     * An import or export of a world. What annotates an item that is written out stands there.
     *
     * @param kind {@code interface}, with {@code id}; {@code inline-interface}, with {@code body}; {@code function}, with
     *     {@code function}; {@code type}, with {@code type}
     * @param name as binaries have it
     * @param id {@code ns:pkg/interface@version}
     */
    public record Item(
            String kind,
            String name,
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated,
            @Nullable String id,
            @Nullable Interface body,
            @Nullable Function function,
            @Nullable TypeDef type) {}

    /**
     * A named type.
     *
     * @param kind {@code alias}, with {@code type}; {@code record}, with {@code fields}; {@code variant} and {@code enum},
     *     with {@code cases}; {@code flags}, with {@code flags}; {@code resource}, whose functions are those of its owner
     */
    public record TypeDef(
            String name,
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated,
            String kind,
            @Nullable Type type,
            @Nullable List<Member> fields,
            @Nullable List<Member> cases,
            @Nullable List<Member> flags) {}

    /**
     * A field, case or flag.
     *
     * @param type of every field, and of a variant's case that carries something
     */
    public record Member(
            String name, @Nullable String docs, @Nullable Type type) {}

    /**
     * A function.
     *
     * @param name as text has it; {@code constructor} for constructors
     * @param kind {@code freestanding}, {@code method}, {@code static} or {@code constructor}
     * @param resource whose function it is, unless it is freestanding
     * @param params with {@code self} first for methods
     */
    public record Function(
            String name,
            @Nullable String docs,
            @Nullable String externalId,
            @Nullable String since,
            @Nullable String unstable,
            @Nullable String deprecated,
            String kind,
            @Nullable String resource,
            boolean async,
            List<Param> params,
            @Nullable Type result) {
        public Function {
            params = List.copyOf(params);
        }
    }

    /** A parameter. */
    public record Param(String name, Type type) {}

    /**
     * A type where it is used.
     *
     * @param kind a word of WIT, {@code u32} or {@code string}, without other members; {@code ref}, {@code own} and
     *     {@code borrow}, with {@code owner} and {@code name}; {@code list}, with {@code element} and, when it is fixed,
     *     {@code length}; {@code option}, with {@code element}; {@code future} and {@code stream}, with {@code element} if
     *     they carry something; {@code map}, with {@code key} and {@code value}; {@code tuple}, with {@code types};
     *     {@code result}, with {@code ok} and {@code err}, where it has them
     * @param owner the interface or world that defines {@code name}, {@code ns:pkg/interface@version}
     */
    public record Type(
            String kind,
            @Nullable String owner,
            @Nullable String name,
            @Nullable Type element,
            @Nullable Long length,
            @Nullable Type key,
            @Nullable Type value,
            @Nullable List<Type> types,
            @Nullable Type ok,
            @Nullable Type err) {

        /** A word of WIT, or a future or stream that carries nothing. */
        public static Type word(String kind) {
            return new Type(kind, null, null, null, null, null, null, null, null, null);
        }

        /** A type by its name. */
        public static Type named(String kind, String owner, String name) {
            return new Type(kind, owner, name, null, null, null, null, null, null, null);
        }

        /** Some of another type. */
        public static Type of(String kind, Type element) {
            return new Type(kind, null, null, element, null, null, null, null, null, null);
        }

        /** A list of so many. */
        public static Type fixedList(Type element, long length) {
            return new Type("list", null, null, element, length, null, null, null, null, null);
        }

        public static Type map(Type key, Type value) {
            return new Type("map", null, null, null, null, key, value, null, null, null);
        }

        public static Type tuple(List<Type> types) {
            return new Type("tuple", null, null, null, null, null, null, List.copyOf(types), null, null);
        }

        public static Type result(@Nullable Type ok, @Nullable Type err) {
            return new Type("result", null, null, null, null, null, null, null, ok, err);
        }
    }
}
