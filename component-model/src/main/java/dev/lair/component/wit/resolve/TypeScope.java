package dev.lair.component.wit.resolve;

import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import dev.lair.component.wit.syntax.WitTree.FunctionDecl;
import dev.lair.component.wit.syntax.WitTree.Ident;
import dev.lair.component.wit.syntax.WitTree.Renamed;
import dev.lair.component.wit.syntax.WitTree.ResourceFunction;
import dev.lair.component.wit.syntax.WitTree.TypeBody;
import dev.lair.component.wit.syntax.WitTree.TypeDecl;
import dev.lair.component.wit.syntax.WitTree.TypeExpr;
import dev.lair.component.wit.syntax.WitTree.UseDecl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types and functions of one interface or world. First {@link #use}, then {@link #declare}, then functions; types
 * that a gate leaves out are resolved too but not handed out.
 */
final class TypeScope {
    private final ResolveState state;
    private final PackageScope names;
    private final int file;
    private final Owner owner;
    private final boolean active;
    private final Map<String, TypeName> lookup = new LinkedHashMap<>();
    private final Set<String> functionNames = new HashSet<>();
    private final List<WitTypeDef> types = new ArrayList<>();

    /**
     * A scope without names.
     *
     * @param active false when a gate leaves out the owner, and so everything in it
     */
    TypeScope(ResolveState state, PackageScope names, int file, Owner owner, boolean active) {
        this.state = state;
        this.names = names;
        this.file = file;
        this.owner = owner;
        this.active = active;
    }

    /** Types that are part of the result: used ones first, then each after those it refers to. */
    List<WitTypeDef> types() {
        return types;
    }

    /** Takes in {@code use a.{b, c as d}}. */
    void use(UseDecl use) throws WitResolveException {
        Gates gates = Gates.of(use.gates());
        boolean included =
                gates.include(state.features, names.name(), use.from().id().place()) && active;
        Owner.InterfaceId from = names.interfaceId(use.from(), file);
        boolean foreign = !from.packageName().equals(names.name());
        WitInterface target = state.interfaces.get(from);
        if (target == null) {
            if (included) {
                throw References.missingInterface(from, use.from().id().place());
            }
            return;
        }
        if (included && state.excludedOwners.contains(from)) {
            throw References.excluded("an interface", use.from().id().place());
        }
        for (Renamed name : use.names()) {
            TypeName type = new TypeName(from, name.name().name());
            if (!state.types.containsKey(type)) {
                throw new WitResolveException(
                        foreign
                                ? "type `" + type.name() + "` not defined in interface"
                                : "name `" + type.name() + "` does not exist",
                        name.name().place());
            }
            if (included && state.excludedTypes.contains(type)) {
                throw References.excluded("a type", name.name().place());
            }
            WitTypeDef def = new WitTypeDef(
                    new TypeName(owner, name.local().name()),
                    new WitTypeDef.Alias(new WitType.Named(type)),
                    gates.annotations(name.local().place()));
            enter(name.local());
            finish(def, included);
        }
    }

    /** Takes in the type declarations; functions of resources are for {@link #function} later. */
    void declare(List<TypeDecl> decls, List<UseDecl> uses) throws WitResolveException {
        Map<String, TypeDecl> byName = new LinkedHashMap<>();
        Map<String, List<Ident>> edges = new LinkedHashMap<>();
        uses.forEach(use -> use.names().forEach(name -> edges.put(name.local().name(), List.of())));
        for (TypeDecl decl : decls) {
            enter(decl.id());
            byName.put(decl.id().name(), decl);
            List<Ident> needs = new ArrayList<>();
            References.collect(decl.body(), needs);
            edges.put(decl.id().name(), needs);
        }
        for (String name : Toposort.sort("type", edges)) {
            TypeDecl decl = byName.get(name);
            if (decl != null) {
                define(decl);
            }
        }
    }

    private void define(TypeDecl decl) throws WitResolveException {
        Gates gates = Gates.of(decl.gates());
        Ident id = decl.id();
        boolean included = gates.include(state.features, names.name(), id.place()) && active;
        WitTypeDef.Kind kind =
                switch (decl.body()) {
                    case TypeBody.Alias alias -> new WitTypeDef.Alias(alias(alias.type(), id, included));
                    case TypeBody.Resource resource -> new WitTypeDef.Resource();
                    case TypeBody.RecordOf body -> new Members(this, included).record(body);
                    case TypeBody.Variant body -> new Members(this, included).variant(body, id);
                    case TypeBody.EnumOf body -> new Members(this, included).enumeration(body, id);
                    case TypeBody.Flags body -> new Members(this, included).flags(body);
                };
        finish(
                new WitTypeDef(new TypeName(owner, id.name()), kind, gates.annotations(decl.docs(), id.place())),
                included);
    }

    private WitType alias(TypeExpr type, Ident id, boolean included) throws WitResolveException {
        // `type a = r` of a resource makes another name for it, where `r` elsewhere means a handle.
        if (type instanceof TypeExpr.Named named) {
            TypeName target = named(named.id(), included ? id.place() : null);
            return new WitType.Named(target);
        }
        return type(type, included ? id.place() : null);
    }

    private void finish(WitTypeDef def, boolean included) {
        lookup.put(def.name(), def.id());
        state.define(def);
        if (included) {
            types.add(def);
        } else {
            state.excludedTypes.add(def.id());
        }
    }

    /** Reserves a name, of a type or a free-standing function. */
    private void enter(Ident id) throws WitResolveException {
        TypeName reserved = new TypeName(owner, id.name());
        if (functionNames.contains(id.name()) || lookup.putIfAbsent(id.name(), reserved) != null) {
            throw new WitResolveException("name `" + id.name() + "` is defined more than once", id.place());
        }
    }

    /** Reserves the name of a free-standing function. */
    void enterFunction(Ident id) throws WitResolveException {
        if (lookup.containsKey(id.name()) || !functionNames.add(id.name())) {
            throw new WitResolveException("name `" + id.name() + "` is defined more than once", id.place());
        }
    }

    /**
     * A type where it is used.
     *
     * @param user the place to report when a type is named that a gate leaves out; null when the user is left out too
     */
    WitType type(TypeExpr type, @Nullable Place user) throws WitResolveException {
        return switch (type) {
            case TypeExpr.Plain plain -> plain.primitive();
            case TypeExpr.Named named -> {
                TypeName target = named(named.id(), user);
                yield state.resource(target) == null ? new WitType.Named(target) : new WitType.Own(target);
            }
            case TypeExpr.ListOf list -> new WitType.ListOf(type(list.element(), user));
            case TypeExpr.FixedList list -> new WitType.FixedList(type(list.element(), user), list.size());
            case TypeExpr.MapOf map -> new WitType.MapOf(key(map.key(), user), type(map.value(), user));
            case TypeExpr.Tuple tuple -> {
                List<WitType> types = new ArrayList<>();
                for (TypeExpr each : tuple.types()) {
                    types.add(type(each, user));
                }
                yield new WitType.Tuple(types);
            }
            case TypeExpr.Option option -> new WitType.Option(type(option.some(), user));
            case TypeExpr.Result result ->
                new WitType.Result(optional(result.ok(), user), optional(result.err(), user));
            case TypeExpr.Future future -> new WitType.Future(optional(future.payload(), user));
            case TypeExpr.Stream stream -> new WitType.Stream(optional(stream.payload(), user));
            case TypeExpr.Own own -> new WitType.Own(handled(own.resource(), user));
            case TypeExpr.Borrow borrow -> new WitType.Borrow(handled(borrow.resource(), user));
        };
    }

    private @Nullable WitType optional(@Nullable TypeExpr type, @Nullable Place user) throws WitResolveException {
        return type == null ? null : type(type, user);
    }

    /** Keys of a map are booleans, integers, characters or strings. */
    private WitType key(TypeExpr key, @Nullable Place user) throws WitResolveException {
        WitType resolved = type(key, user);
        Primitive primitive = state.primitive(resolved);
        boolean allowed = primitive != null
                && switch (primitive) {
                    case BOOL, S8, U8, S16, U16, S32, U32, S64, U64, CHAR, STRING -> true;
                    case F32, F64, ERROR_CONTEXT -> false;
                };
        if (!allowed) {
            throw new WitResolveException(
                    "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string",
                    key.place());
        }
        return resolved;
    }

    private TypeName named(Ident id, @Nullable Place user) throws WitResolveException {
        TypeName target = lookup.get(id.name());
        if (target == null) {
            throw new WitResolveException(
                    functionNames.contains(id.name())
                            ? "cannot use function `" + id.name() + "` as a type"
                            : "name `" + id.name() + "` does not exist",
                    id.place());
        }
        if (user != null && state.excludedTypes.contains(target)) {
            throw References.excluded("a type", user);
        }
        return target;
    }

    private TypeName handled(Ident id, @Nullable Place user) throws WitResolveException {
        TypeName target = named(id, user);
        if (state.resource(target) == null) {
            WitTypeDef def = state.types.get(target);
            TypeName used = def == null ? null : def.used();
            boolean fromOther = used != null && !used.owner().packageName().equals(owner.packageName());
            throw new WitResolveException(
                    fromOther
                            ? "type used in a handle must be a resource"
                            : "type `" + id.name() + "` used in a handle must be a resource",
                    id.place());
        }
        return target;
    }

    /** A free-standing function; null when a gate leaves it out. */
    @Nullable
    WitFunction function(FunctionDecl decl) throws WitResolveException {
        return new FunctionBuilder(state, this, names.name()).build(decl, WitFunction.Kind.FREESTANDING, null);
    }

    /** The functions of the resources among the declarations, in their order. */
    List<WitFunction> resourceFunctions(TypeDecl decl) throws WitResolveException {
        List<WitFunction> functions = new ArrayList<>();
        if (decl.body() instanceof TypeBody.Resource body) {
            TypeName resource = Objects.requireNonNull(lookup.get(decl.id().name()));
            Set<String> seen = new HashSet<>();
            for (ResourceFunction each : body.functions()) {
                WitFunction.Kind kind = WitFunction.Kind.valueOf(each.kind().name());
                // A constructor has a name of its own in binaries, so `constructor` is free for methods.
                String key = (kind == WitFunction.Kind.CONSTRUCTOR ? "[" : "")
                        + each.function().id().name();
                if (!seen.add(key)) {
                    throw new WitResolveException(
                            "name `" + each.function().id().name() + "` is defined more than once",
                            each.function().id().place());
                }
                WitFunction function =
                        new FunctionBuilder(state, this, names.name()).build(each.function(), kind, resource);
                if (function != null) {
                    functions.add(function);
                }
            }
        }
        return functions;
    }

    boolean isExcluded(TypeName type) {
        return state.excludedTypes.contains(type);
    }

    boolean isActive() {
        return active;
    }
}
