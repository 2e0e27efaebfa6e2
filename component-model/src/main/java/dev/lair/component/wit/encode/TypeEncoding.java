package dev.lair.component.wit.encode;

import static dev.lair.component.wit.encode.TypeDecls.NOWHERE;

import dev.lair.component.binary.ComponentWriter;
import dev.lair.component.binary.ExternDesc;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.RawName;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.binary.ValRef;
import dev.lair.component.wit.Owner;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Primitive;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.TypeName;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.WitFunction;
import dev.lair.component.wit.WitInterface;
import dev.lair.component.wit.WitType;
import dev.lair.component.wit.WitTypeDef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One component type being built from interfaces, with the instance type inside it that is being filled. A type is
 * defined where it is first needed: unnamed ones once per equal value, named ones once with their name right behind,
 * those of other interfaces as aliases of the instance that has them.
 */
final class TypeEncoding {
    /** What is defined in one index space. */
    private static final class Space {
        final TypeDecls decls = new TypeDecls();
        final Map<TypeName, Integer> named = new HashMap<>();
        final Map<WitType, Integer> unnamed = new HashMap<>();
        final Map<Signature, Integer> functions = new HashMap<>();
    }

    /** Functions of one signature share a type. */
    private record Signature(
            boolean async,
            List<WitFunction.Param> params,
            @Nullable WitType result) {}

    private final Resolved resolved;
    private final Budget budget;
    private final Space outer = new Space();
    private @Nullable Space inner;
    private @Nullable Owner current;
    private final Map<Owner, Integer> instances = new HashMap<>();
    private final Map<TypeName, Integer> outerAliases = new HashMap<>();
    private int instanceCount;

    TypeEncoding(Resolved resolved, Budget budget) {
        this.resolved = resolved;
        this.budget = budget;
    }

    /** Counts bytes of one package against {@link EncodeLimits#TYPE_BYTES}. */
    static final class Budget {
        private long used;

        void charge(int bytes) throws WitException {
            used += bytes;
            if (used > EncodeLimits.TYPE_BYTES) {
                throw new WitException(
                        "the package takes more than " + EncodeLimits.TYPE_BYTES + " bytes as a binary", Place.NONE);
            }
        }
    }

    TypeDecls decls() {
        return outer.decls;
    }

    private Space space() {
        return inner == null ? outer : inner;
    }

    /** Defines the instance type of an interface and counts its instance, which its importer or exporter makes next. */
    int instance(WitInterface each, boolean withFunctions, boolean provides) throws WitException {
        inner = new Space();
        current = each.id();
        for (WitTypeDef type : each.types()) {
            named(type.id(), true);
        }
        if (withFunctions) {
            for (WitFunction function : each.orderedFunctions()) {
                int type = function(function);
                space().decls
                        .extern(
                                true,
                                name(function.name(), function.annotations().externalId()),
                                new ExternDesc.Func(type));
            }
        }
        TypeDef type = Objects.requireNonNull(inner).decls.asInstanceType();
        budget.charge(ComponentWriter.sizeBytes(type));
        inner = null;
        current = null;
        if (provides) {
            // From here on its types are those of the new instance: an export shadows the import of the same name.
            instances.put(each.id(), instanceCount);
            outerAliases.keySet().removeIf(name -> name.owner().equals(each.id()));
        }
        instanceCount++;
        return outer.decls.define(type);
    }

    static RawName name(String name, @Nullable String externalId) {
        return new RawName(name, null, null, externalId);
    }

    /** Imports a type of a world. */
    void importType(WitTypeDef type) throws WitException {
        named(type.id(), false);
    }

    /** The type of a function, defined if it is not yet. */
    int function(WitFunction function) throws WitException {
        Signature signature = new Signature(function.async(), function.params(), function.result());
        Integer known = space().functions.get(signature);
        if (known != null) {
            return known;
        }
        List<TypeDef.NamedVal> params = new ArrayList<>();
        for (WitFunction.Param param : function.params()) {
            params.add(new TypeDef.NamedVal(param.name(), value(param.type())));
        }
        int index =
                space().decls.define(new TypeDef.Func(NOWHERE, function.async(), params, optional(function.result())));
        space().functions.put(signature, index);
        return index;
    }

    /** A type where it is used: a primitive, or an index. */
    private ValRef value(WitType type) throws WitException {
        return type instanceof Primitive primitive
                ? new ValRef.Primitive(primitive(primitive))
                : new ValRef.Index(index(type));
    }

    private @Nullable ValRef optional(@Nullable WitType type) throws WitException {
        return type == null ? null : value(type);
    }

    private int index(WitType type) throws WitException {
        if (type instanceof WitType.Named named) {
            return named(named.name(), inner != null);
        }
        Integer known = space().unnamed.get(type);
        if (known != null) {
            return known;
        }
        int index = space().decls.define(unnamed(type));
        space().unnamed.put(type, index);
        return index;
    }

    private TypeDef.Value unnamed(WitType type) throws WitException {
        return switch (type) {
            case Primitive primitive -> new TypeDef.Primitive(NOWHERE, primitive(primitive));
            case WitType.Named named -> throw new IllegalStateException("a named type is defined by its name");
            case WitType.Own own -> new TypeDef.Own(NOWHERE, named(own.resource(), inner != null));
            case WitType.Borrow borrow -> new TypeDef.Borrow(NOWHERE, named(borrow.resource(), inner != null));
            case WitType.ListOf list -> new TypeDef.ListOf(NOWHERE, value(list.element()));
            case WitType.FixedList list -> new TypeDef.FixedList(NOWHERE, value(list.element()), list.length());
            case WitType.MapOf map -> new TypeDef.MapOf(NOWHERE, value(map.key()), value(map.value()));
            case WitType.Tuple tuple -> {
                if (tuple.types().isEmpty()) {
                    throw new WitException("a tuple has at least one type in binaries: tuple<>", Place.NONE);
                }
                List<ValRef> types = new ArrayList<>();
                for (WitType each : tuple.types()) {
                    types.add(value(each));
                }
                yield new TypeDef.Tuple(NOWHERE, types);
            }
            case WitType.Option option -> new TypeDef.Option(NOWHERE, value(option.some()));
            case WitType.Result result -> new TypeDef.Result(NOWHERE, optional(result.ok()), optional(result.err()));
            case WitType.Future future -> new TypeDef.Future(NOWHERE, optional(future.payload()));
            case WitType.Stream stream
            when stream.payload() == Primitive.CHAR ->
                throw new WitException("a stream cannot have char elements in binaries: use stream<u8>", Place.NONE);
            case WitType.Stream stream -> new TypeDef.Stream(NOWHERE, optional(stream.payload()));
        };
    }

    private int named(TypeName name, boolean export) throws WitException {
        Integer known = space().named.get(name);
        if (known != null) {
            return known;
        }
        int index;
        if (!(name.owner() instanceof Owner.WorldId) && !name.owner().equals(current)) {
            index = ofOther(name);
        } else if (name.owner() instanceof Owner.WorldId && inner != null) {
            throw new IllegalStateException("an interface cannot use a type of a world: " + name);
        } else {
            index = define(resolved.get(name), export);
        }
        space().named.put(name, index);
        return index;
    }

    private int ofOther(TypeName name) {
        Integer outerIndex = outerAliases.get(name);
        if (outerIndex == null) {
            int instance = Objects.requireNonNull(instances.get(name.owner()), () -> "no instance has " + name);
            outerIndex = outer.decls.aliasExport(instance, name.name());
            outerAliases.put(name, outerIndex);
        }
        return inner == null ? outerIndex : inner.decls.aliasOuter(outerIndex);
    }

    private int define(WitTypeDef def, boolean export) throws WitException {
        RawName name = name(def.name(), def.annotations().externalId());
        int target =
                switch (def.kind()) {
                    case WitTypeDef.Resource resource -> -1;
                    case WitTypeDef.Alias alias
                    when alias.type() instanceof WitType.Named other -> named(other.name(), export);
                    case WitTypeDef.Alias alias -> space().decls.define(unnamed(alias.type()));
                    case WitTypeDef.RecordOf body -> record(body, def);
                    case WitTypeDef.Variant body -> variant(body);
                    case WitTypeDef.EnumOf body ->
                        space().decls.define(new TypeDef.EnumOf(NOWHERE, names(body.cases())));
                    case WitTypeDef.Flags body -> flags(body, def);
                };
        return target < 0
                ? space().decls.externResource(export, name)
                : space().decls.externType(export, name, target);
    }

    private int record(WitTypeDef.RecordOf body, WitTypeDef def) throws WitException {
        if (body.fields().isEmpty()) {
            throw new WitException(
                    "a record has at least one field in binaries: `" + def.name() + "`",
                    def.annotations().place());
        }
        List<TypeDef.NamedVal> fields = new ArrayList<>();
        for (WitTypeDef.Field field : body.fields()) {
            fields.add(new TypeDef.NamedVal(field.name(), value(field.type())));
        }
        return space().decls.define(new TypeDef.RecordOf(NOWHERE, fields));
    }

    private int variant(WitTypeDef.Variant body) throws WitException {
        List<TypeDef.Case> cases = new ArrayList<>();
        for (WitTypeDef.Case each : body.cases()) {
            cases.add(new TypeDef.Case(each.name(), optional(each.type())));
        }
        return space().decls.define(new TypeDef.Variant(NOWHERE, cases));
    }

    private int flags(WitTypeDef.Flags body, WitTypeDef def) throws WitException {
        int size = body.flags().size();
        if (size == 0 || size > 32) {
            throw new WitException(
                    "flags have between 1 and 32 names in binaries: `" + def.name() + "` has " + size,
                    def.annotations().place());
        }
        return space().decls.define(new TypeDef.Flags(NOWHERE, names(body.flags())));
    }

    private static List<String> names(List<WitTypeDef.Label> labels) {
        return labels.stream().map(WitTypeDef.Label::name).toList();
    }

    private static PrimitiveType primitive(Primitive primitive) {
        return switch (primitive) {
            case BOOL -> PrimitiveType.BOOL;
            case S8 -> PrimitiveType.S8;
            case U8 -> PrimitiveType.U8;
            case S16 -> PrimitiveType.S16;
            case U16 -> PrimitiveType.U16;
            case S32 -> PrimitiveType.S32;
            case U32 -> PrimitiveType.U32;
            case S64 -> PrimitiveType.S64;
            case U64 -> PrimitiveType.U64;
            case F32 -> PrimitiveType.F32;
            case F64 -> PrimitiveType.F64;
            case CHAR -> PrimitiveType.CHAR;
            case STRING -> PrimitiveType.STRING;
            case ERROR_CONTEXT -> PrimitiveType.ERROR_CONTEXT;
        };
    }
}
