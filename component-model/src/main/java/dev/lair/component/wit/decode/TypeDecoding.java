package dev.lair.component.wit.decode;

import dev.lair.component.types.AnyType;
import dev.lair.component.types.ComponentType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Entity;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.InstanceType;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.ValType;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Types of a validated component as types of the model. A type is named where an instance or world first exports or
 * imports it under a name; whatever refers to the same definition later refers to that name. Definitions are told apart
 * by identity, as the validator keeps them.
 */
final class TypeDecoding {
    /**
     * Parts that unnamed types spell out altogether. Binaries share definitions, so a few bytes can spell out types of
     * any size; the largest real component has about ten thousand.
     */
    private static final long PARTS = 2_000_000;

    private final IdentityHashMap<Object, TypeName> names = new IdentityHashMap<>();
    private final IdentityHashMap<DefinedType, WitType> unnamed = new IdentityHashMap<>();
    private final IdentityHashMap<DefinedType, Long> sizes = new IdentityHashMap<>();
    private long parts;
    private @Nullable InferredUses uses;

    /** An instance's type as an interface. */
    WitInterface instance(InstanceType type, Owner owner, DocsTree docs, @Nullable String externalId)
            throws WitException {
        InferredUses implied = new InferredUses(owner, type.exports().keySet());
        enter(implied);
        List<WitTypeDef> types = new ArrayList<>();
        List<WitFunction> functions = new ArrayList<>();
        for (Map.Entry<String, Entity.Item> export : type.exports().entrySet()) {
            String name = export.getKey();
            String id = export.getValue().name().externalId();
            switch (export.getValue().entity()) {
                case Entity.Type named ->
                    types.add(typeDef(
                            named,
                            new TypeName(owner, name),
                            docs.object("types").object(name),
                            id));
                case Entity.Func func ->
                    functions.add(function(
                            name, func.type(), owner, docs.object("funcs").function(name, id)));
                case Entity.Module other -> throw unspeakable(name, other);
                case Entity.Value other -> throw unspeakable(name, other);
                case Entity.Instance other -> throw unspeakable(name, other);
                case Entity.Component other -> throw unspeakable(name, other);
            }
        }
        List<WitTypeDef> all = new ArrayList<>(implied.types());
        all.addAll(types);
        return new WitInterface(owner, all, functions, docs.annotations(externalId));
    }

    /** From here on, types and functions are those of an owner that may use others. */
    void enter(InferredUses owner) {
        uses = owner;
    }

    private TypeName local(TypeName name) throws WitException {
        return uses == null ? name : uses.local(name);
    }

    static WitException unspeakable(String name, Entity entity) {
        return new WitException("WIT has no item for `" + name + "`, which is a " + entity.label(), Place.NONE);
    }

    /** A named type. From now on the definition goes by this name. */
    WitTypeDef typeDef(Entity.Type type, TypeName name, DocsTree docs, @Nullable String externalId)
            throws WitException {
        checkLabel(name.name());
        TypeName known = known(type.referenced());
        if (known != null && !known.owner().equals(name.owner()) && !(known.owner() instanceof Owner.InterfaceId)) {
            throw new WitException("WIT cannot `use` a type of `" + known.owner() + "`", Place.NONE);
        }
        WitTypeDef.Kind kind =
                known != null ? new WitTypeDef.Alias(new WitType.Named(known)) : kind(type.referenced(), name, docs);
        names.put(key(type.created()), name);
        if (known == null) {
            names.putIfAbsent(key(type.referenced()), name);
        }
        return new WitTypeDef(name, kind, docs.annotations(externalId));
    }

    /** Binaries name functions and types also like interfaces and dependencies; text has labels only. */
    static void checkLabel(String name) throws WitException {
        boolean plain = name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-');
        if (!plain) {
            throw new WitException("WIT has no word for an item called `" + name + "`", Place.NONE);
        }
    }

    /** What stands for a type when others refer to it: the definition, or the name of a resource. */
    private static Object key(AnyType type) {
        return type instanceof ResourceType resource ? resource.name() : type;
    }

    private @Nullable TypeName known(AnyType type) {
        TypeName name = names.get(key(type));
        if (name == null && type instanceof ResourceType resource) {
            // The same resource under a name that stands in no interface: where it was seen first counts.
            name = names.get(resource.resource());
        }
        if (name == null && type instanceof DefinedType defined) {
            DefinedType alias = defined.aliasOf();
            while (name == null && alias != null) {
                name = names.get(alias);
                alias = alias.aliasOf();
            }
        }
        return name;
    }

    private WitTypeDef.Kind kind(AnyType type, TypeName name, DocsTree docs) throws WitException {
        return switch (type) {
            case ResourceType resource -> {
                names.putIfAbsent(resource.resource(), name);
                yield new WitTypeDef.Resource();
            }
            case DefinedType defined -> kind(defined.shape(), docs.object("items"));
            case FuncType other -> throw new WitException("WIT has no named function types: " + name, Place.NONE);
            case InstanceType other -> throw new WitException("WIT has no named instance types: " + name, Place.NONE);
            case ComponentType other -> throw new WitException("WIT has no named component types: " + name, Place.NONE);
        };
    }

    private WitTypeDef.Kind kind(Shape shape, DocsTree docs) throws WitException {
        return switch (shape) {
            case Shape.RecordOf body -> {
                List<WitTypeDef.Field> fields = new ArrayList<>();
                for (Shape.Field field : body.fields()) {
                    fields.add(new WitTypeDef.Field(
                            field.name(), type(field.type()), docs.string(field.name()), Place.NONE));
                }
                yield new WitTypeDef.RecordOf(fields);
            }
            case Shape.Variant body -> {
                List<WitTypeDef.Case> cases = new ArrayList<>();
                for (Shape.Case each : body.cases()) {
                    cases.add(new WitTypeDef.Case(
                            each.name(), optional(each.type()), docs.string(each.name()), Place.NONE));
                }
                yield new WitTypeDef.Variant(cases);
            }
            case Shape.EnumOf body -> new WitTypeDef.EnumOf(labels(body.names(), docs));
            case Shape.Flags body -> new WitTypeDef.Flags(labels(body.names(), docs));
            default -> new WitTypeDef.Alias(unnamed(shape));
        };
    }

    private static List<WitTypeDef.Label> labels(List<String> names, DocsTree docs) {
        return names.stream()
                .map(name -> new WitTypeDef.Label(name, docs.string(name), Place.NONE))
                .toList();
    }

    /** A function; {@code [method]r.f} and its like belong to the resource {@code r} of the same owner. */
    WitFunction function(String name, FuncType type, Owner owner, Annotations annotations) throws WitException {
        WitFunction.Kind kind = WitFunction.Kind.FREESTANDING;
        String item = name;
        TypeName resource = null;
        checkLabel(name.startsWith("[") ? "" : name);
        int close = name.indexOf(']');
        if (name.startsWith("[") && close > 0) {
            String rest = name.substring(close + 1);
            int dot = rest.indexOf('.');
            kind = switch (name.substring(1, close)) {
                case "constructor" -> WitFunction.Kind.CONSTRUCTOR;
                case "method" -> WitFunction.Kind.METHOD;
                case "static" -> WitFunction.Kind.STATIC;
                default -> throw new WitException("WIT has no function for `" + name + "`", Place.NONE);
            };
            item = dot < 0 ? "constructor" : rest.substring(dot + 1);
            resource = new TypeName(owner, dot < 0 ? rest : rest.substring(0, dot));
        }
        List<WitFunction.Param> params = new ArrayList<>();
        for (FuncType.Param param : type.params()) {
            params.add(new WitFunction.Param(param.name(), type(param.type()), Place.NONE));
        }
        return new WitFunction(item, kind, resource, type.isAsync(), params, optional(type.result()), annotations);
    }

    private @Nullable WitType optional(@Nullable ValType type) throws WitException {
        return type == null ? null : type(type);
    }

    private WitType type(ValType type) throws WitException {
        return switch (type) {
            case ValType.Primitive primitive ->
                Primitive.valueOf(primitive.type().name());
            case DefinedType defined -> {
                TypeName name = known(defined);
                yield name != null ? new WitType.Named(local(name)) : unnamed(defined);
            }
        };
    }

    /** A type without a name: built once, counted at each use. */
    private WitType unnamed(DefinedType defined) throws WitException {
        long before = parts;
        WitType type = unnamed.get(defined);
        if (type == null) {
            type = unnamed(defined.shape());
            parts++;
            unnamed.put(defined, type);
            sizes.put(defined, parts - before);
        } else {
            parts += sizes.getOrDefault(defined, 1L);
        }
        if (parts > PARTS) {
            throw new WitException("types without names spell out more than " + PARTS + " parts", Place.NONE);
        }
        return type;
    }

    private WitType unnamed(Shape shape) throws WitException {
        return switch (shape) {
            case Shape.Primitive s -> Primitive.valueOf(s.type().name());
            case Shape.ListOf s -> new WitType.ListOf(type(s.element()));
            case Shape.FixedList s -> new WitType.FixedList(type(s.element()), s.length());
            case Shape.MapOf s -> new WitType.MapOf(type(s.key()), type(s.value()));
            case Shape.Tuple s -> {
                List<WitType> types = new ArrayList<>();
                for (ValType each : s.types()) {
                    types.add(type(each));
                }
                yield new WitType.Tuple(types);
            }
            case Shape.Option s -> new WitType.Option(type(s.type()));
            case Shape.Result s -> new WitType.Result(optional(s.ok()), optional(s.error()));
            case Shape.Own s -> new WitType.Own(resource(s.resource()));
            case Shape.Borrow s -> new WitType.Borrow(resource(s.resource()));
            case Shape.Stream s -> new WitType.Stream(optional(s.element()));
            case Shape.Future s -> new WitType.Future(optional(s.element()));
            case Shape.RecordOf s -> throw unnamedBody(s);
            case Shape.Variant s -> throw unnamedBody(s);
            case Shape.Flags s -> throw unnamedBody(s);
            case Shape.EnumOf s -> throw unnamedBody(s);
        };
    }

    private TypeName resource(ResourceType resource) throws WitException {
        TypeName name = known(resource);
        if (name == null) {
            throw new WitException("a handle of a resource that has no name", Place.NONE);
        }
        return local(name);
    }

    private static WitException unnamedBody(Shape shape) {
        return new WitException("a " + shape.label() + " without a name, which WIT does not have", Place.NONE);
    }
}
