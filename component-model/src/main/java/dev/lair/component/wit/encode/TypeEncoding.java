package dev.lair.component.wit.encode;

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
import dev.lair.component.wit.encode.TypeDecls.ItemName;
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
                                TypeDecls.FUNC,
                                type);
            }
        }
        Bytes type = Objects.requireNonNull(inner).decls.asInstanceType();
        budget.charge(type.size());
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

    static ItemName name(String name, @Nullable String externalId) {
        return new ItemName(name, null, externalId);
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
        Bytes type = new Bytes()
                .put(function.async() ? 0x43 : 0x40)
                .unsigned(function.params().size());
        List<Bytes> params = new ArrayList<>();
        for (WitFunction.Param param : function.params()) {
            params.add(new Bytes().text(param.name()).put(value(param.type())));
        }
        WitType result = function.result();
        Bytes encodedResult = result == null
                ? new Bytes().put(0x01).put(0x00)
                : new Bytes().put(0x00).put(value(result));
        params.forEach(type::put);
        int index = space().decls.define(type.put(encodedResult));
        space().functions.put(signature, index);
        return index;
    }

    /** A type where it is used: a primitive's code, or an index. */
    private Bytes value(WitType type) throws WitException {
        return type instanceof Primitive primitive
                ? new Bytes().put(code(primitive))
                : new Bytes().typeIndex(index(type));
    }

    private Bytes optional(@Nullable WitType type) throws WitException {
        return type == null ? new Bytes().put(0x00) : new Bytes().put(0x01).put(value(type));
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

    private Bytes unnamed(WitType type) throws WitException {
        Bytes bytes = new Bytes();
        return switch (type) {
            case Primitive primitive -> bytes.put(code(primitive));
            case WitType.Named named -> throw new IllegalStateException("a named type is defined by its name");
            case WitType.Own own -> bytes.put(0x69).unsigned(named(own.resource(), inner != null));
            case WitType.Borrow borrow -> bytes.put(0x68).unsigned(named(borrow.resource(), inner != null));
            case WitType.ListOf list -> bytes.put(0x70).put(value(list.element()));
            case WitType.FixedList list ->
                bytes.put(0x67).put(value(list.element())).unsigned(list.length());
            case WitType.MapOf map -> bytes.put(0x63).put(value(map.key())).put(value(map.value()));
            case WitType.Tuple tuple -> {
                if (tuple.types().isEmpty()) {
                    throw new WitException("a tuple has at least one type in binaries: tuple<>", Place.NONE);
                }
                bytes.put(0x6F).unsigned(tuple.types().size());
                for (WitType each : tuple.types()) {
                    bytes.put(value(each));
                }
                yield bytes;
            }
            case WitType.Option option -> bytes.put(0x6B).put(value(option.some()));
            case WitType.Result result ->
                bytes.put(0x6A).put(optional(result.ok())).put(optional(result.err()));
            case WitType.Future future -> bytes.put(0x65).put(optional(future.payload()));
            case WitType.Stream stream
            when stream.payload() == Primitive.CHAR ->
                throw new WitException("a stream cannot have char elements in binaries: use stream<u8>", Place.NONE);
            case WitType.Stream stream -> bytes.put(0x66).put(optional(stream.payload()));
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
        ItemName name = name(def.name(), def.annotations().externalId());
        int target =
                switch (def.kind()) {
                    case WitTypeDef.Resource resource -> -1;
                    case WitTypeDef.Alias alias
                    when alias.type() instanceof WitType.Named other -> named(other.name(), export);
                    case WitTypeDef.Alias alias -> space().decls.define(unnamed(alias.type()));
                    case WitTypeDef.RecordOf body -> record(body, def);
                    case WitTypeDef.Variant body -> variant(body);
                    case WitTypeDef.EnumOf body -> labels(0x6D, body.cases());
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
        Bytes fields = new Bytes().put(0x72).unsigned(body.fields().size());
        for (WitTypeDef.Field field : body.fields()) {
            fields.text(field.name()).put(value(field.type()));
        }
        return space().decls.define(fields);
    }

    private int variant(WitTypeDef.Variant body) throws WitException {
        Bytes cases = new Bytes().put(0x71).unsigned(body.cases().size());
        for (WitTypeDef.Case each : body.cases()) {
            cases.text(each.name()).put(optional(each.type())).put(0x00);
        }
        return space().decls.define(cases);
    }

    private int flags(WitTypeDef.Flags body, WitTypeDef def) throws WitException {
        int size = body.flags().size();
        if (size == 0 || size > 32) {
            throw new WitException(
                    "flags have between 1 and 32 names in binaries: `" + def.name() + "` has " + size,
                    def.annotations().place());
        }
        return labels(0x6E, body.flags());
    }

    private int labels(int code, List<WitTypeDef.Label> labels) {
        Bytes bytes = new Bytes().put(code).unsigned(labels.size());
        labels.forEach(label -> bytes.text(label.name()));
        return space().decls.define(bytes);
    }

    private static int code(Primitive primitive) {
        return switch (primitive) {
            case BOOL -> 0x7F;
            case S8 -> 0x7E;
            case U8 -> 0x7D;
            case S16 -> 0x7C;
            case U16 -> 0x7B;
            case S32 -> 0x7A;
            case U32 -> 0x79;
            case S64 -> 0x78;
            case U64 -> 0x77;
            case F32 -> 0x76;
            case F64 -> 0x75;
            case CHAR -> 0x74;
            case STRING -> 0x73;
            case ERROR_CONTEXT -> 0x64;
        };
    }
}
