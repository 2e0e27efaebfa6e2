package dev.lair.component.validate;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.TypeDef;
import dev.lair.component.binary.ValRef;
import dev.lair.component.names.KebabName;
import dev.lair.component.types.AnyType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.ResourceType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes value, function and resource types of their definitions (Explainer.md, "Type Definitions"). */
final class TypeBuilder {
    private final Pass pass;

    TypeBuilder(Pass pass) {
        this.pass = pass;
    }

    ValType val(Scope scope, ValRef ref) throws InvalidComponentException {
        return switch (ref) {
            case ValRef.Primitive p -> {
                gate(p.type());
                yield new ValType.Primitive(p.type());
            }
            case ValRef.Index i -> scope.definedType(i.index());
        };
    }

    @Nullable
    ValType optional(Scope scope, @Nullable ValRef ref) throws InvalidComponentException {
        return ref == null ? null : val(scope, ref);
    }

    private void gate(PrimitiveType type) throws InvalidComponentException {
        if (type == PrimitiveType.ERROR_CONTEXT) {
            pass.require(Feature.ERROR_CONTEXT, "`error-context`");
        }
    }

    AnyType resource(Scope scope, TypeDef.Resource def) throws InvalidComponentException {
        if (scope.kind != Scope.Kind.COMPONENT) {
            throw pass.invalid("resources can only be defined within a concrete component");
        }
        CoreValType rep = def.rep();
        if (rep == CoreValType.Plain.I64) {
            pass.require(Feature.MEMORY64, "a resource represented by `i64`");
        } else if (rep != CoreValType.Plain.I32) {
            throw pass.invalid("resources can only be represented by `i32` or `i64`");
        }
        Integer destructor = def.destructor();
        if (destructor != null) {
            CoreTypeDef.Func type = pass.coreTypes.funcAt(scope.coreFunc(destructor));
            if (type == null
                    || !type.params().equals(List.of(rep))
                    || !type.results().isEmpty()) {
                throw pass.invalid("core function " + destructor + " has wrong signature for a destructor");
            }
        }
        ResourceType type = ResourceType.fresh();
        scope.definedResources.put(type.resource(), rep);
        return type;
    }

    FuncType func(Scope scope, TypeDef.Func def) throws InvalidComponentException, TypeException {
        if (def.isAsync()) {
            pass.require(Feature.ASYNC, "an async function type");
        }
        NameSet names = new NameSet("function parameter", "parameter");
        List<FuncType.Param> params = new ArrayList<>(def.params().size());
        for (TypeDef.NamedVal param : def.params()) {
            names.add(param.name());
            params.add(new FuncType.Param(param.name(), val(scope, param.type())));
        }
        ValType result = optional(scope, def.result());
        if (result != null && result.measure().borrows()) {
            throw pass.invalid("function result cannot contain a `borrow` type");
        }
        return new FuncType(def.isAsync(), params, result);
    }

    DefinedType value(Scope scope, TypeDef.Value def) throws InvalidComponentException, TypeException {
        return DefinedType.of(shape(scope, def));
    }

    private Shape shape(Scope scope, TypeDef.Value def) throws InvalidComponentException {
        return switch (def) {
            case TypeDef.Primitive t -> {
                gate(t.type());
                yield new Shape.Primitive(t.type());
            }
            case TypeDef.RecordOf t -> record(scope, t);
            case TypeDef.Variant t -> variant(scope, t);
            case TypeDef.ListOf t -> new Shape.ListOf(val(scope, t.element()));
            case TypeDef.FixedList t -> {
                pass.require(Feature.FIXED_LENGTH_LISTS, "a list of fixed length");
                if (t.length() == 0) {
                    throw pass.invalid("a list of fixed length must have at least one element");
                }
                yield new Shape.FixedList(val(scope, t.element()), t.length());
            }
            case TypeDef.MapOf t -> map(scope, t);
            case TypeDef.Tuple t -> {
                List<ValType> types = new ArrayList<>(t.types().size());
                for (ValRef ref : t.types()) {
                    types.add(val(scope, ref));
                }
                if (types.isEmpty()) {
                    throw pass.invalid("tuple type must have at least one type");
                }
                yield new Shape.Tuple(List.copyOf(types));
            }
            case TypeDef.Flags t -> flags(t);
            case TypeDef.EnumOf t -> {
                NameSet names = new NameSet("enum tag", "tag");
                for (String name : t.names()) {
                    names.add(name);
                }
                if (t.names().isEmpty()) {
                    throw pass.invalid("enum type must have at least one variant");
                }
                yield new Shape.EnumOf(t.names());
            }
            case TypeDef.Option t -> new Shape.Option(val(scope, t.type()));
            case TypeDef.Result t -> new Shape.Result(optional(scope, t.ok()), optional(scope, t.error()));
            case TypeDef.Own t -> new Shape.Own(scope.resource(t.resource()));
            case TypeDef.Borrow t -> new Shape.Borrow(scope.resource(t.resource()));
            case TypeDef.Stream t -> stream(scope, t);
            case TypeDef.Future t -> {
                pass.require(Feature.ASYNC, "a future");
                yield new Shape.Future(payload(scope, t.element(), "future"));
            }
        };
    }

    private Shape record(Scope scope, TypeDef.RecordOf def) throws InvalidComponentException {
        NameSet names = new NameSet("record field", "field");
        List<Shape.Field> fields = new ArrayList<>(def.fields().size());
        for (TypeDef.NamedVal field : def.fields()) {
            names.add(field.name());
            fields.add(new Shape.Field(field.name(), val(scope, field.type())));
        }
        if (fields.isEmpty()) {
            throw pass.invalid("record type must have at least one field");
        }
        return new Shape.RecordOf(List.copyOf(fields));
    }

    private Shape variant(Scope scope, TypeDef.Variant def) throws InvalidComponentException {
        NameSet names = new NameSet("variant case", "case");
        List<Shape.Case> cases = new ArrayList<>(def.cases().size());
        for (TypeDef.Case c : def.cases()) {
            names.add(c.name());
            cases.add(new Shape.Case(c.name(), optional(scope, c.type())));
        }
        if (cases.isEmpty()) {
            throw pass.invalid("variant type must have at least one case");
        }
        return new Shape.Variant(List.copyOf(cases));
    }

    private Shape flags(TypeDef.Flags def) throws InvalidComponentException {
        NameSet names = new NameSet("flag", "flag");
        for (String name : def.names()) {
            names.add(name);
        }
        if (def.names().isEmpty()) {
            throw pass.invalid("flags must have at least one entry");
        }
        if (def.names().size() > ComponentLimits.FLAGS) {
            throw pass.invalid("cannot have more than " + ComponentLimits.FLAGS + " flags");
        }
        return new Shape.Flags(def.names());
    }

    private Shape map(Scope scope, TypeDef.MapOf def) throws InvalidComponentException {
        pass.require(Feature.MAP, "a map");
        ValType key = val(scope, def.key());
        PrimitiveType primitive = primitive(key);
        boolean allowed = primitive != null
                && switch (primitive) {
                    case BOOL, S8, U8, S16, U16, S32, U32, S64, U64, CHAR, STRING -> true;
                    case F32, F64, ERROR_CONTEXT -> false;
                };
        if (!allowed) {
            throw pass.invalid("the key of a map is a bool, an integer, a char or a string");
        }
        return new Shape.MapOf(key, val(scope, def.value()));
    }

    private Shape stream(Scope scope, TypeDef.Stream def) throws InvalidComponentException {
        pass.require(Feature.ASYNC, "a stream");
        ValType element = payload(scope, def.element(), "stream");
        if (element != null && primitive(element) == PrimitiveType.CHAR) {
            throw pass.invalid("`stream<char>` is not valid at this time: use a stream of u8 and say the encoding");
        }
        return new Shape.Stream(element);
    }

    private @Nullable ValType payload(Scope scope, @Nullable ValRef ref, String what) throws InvalidComponentException {
        ValType element = optional(scope, ref);
        if (element != null && element.measure().borrows()) {
            throw pass.invalid("the elements of a " + what + " cannot contain a `borrow` type");
        }
        return element;
    }

    private static @Nullable PrimitiveType primitive(ValType type) {
        return switch (type) {
            case ValType.Primitive t -> t.type();
            case DefinedType t -> t.primitive();
        };
    }

    /** Names within one type: labels, unique whatever their case. */
    private final class NameSet {
        private final String what;
        private final String shortWhat;
        private final Map<String, String> byFolded = new HashMap<>();

        NameSet(String what, String shortWhat) {
            this.what = what;
            this.shortWhat = shortWhat;
        }

        void add(String name) throws InvalidComponentException {
            if (name.isEmpty()) {
                throw pass.invalid(what + " name cannot be empty");
            }
            if (!KebabName.isKebab(name)) {
                throw pass.invalid(what + " name `" + name + "` is not in kebab case");
            }
            String previous = byFolded.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (previous != null) {
                throw pass.invalid(what + " name `" + name + "` conflicts with previous " + shortWhat + " name `"
                        + previous + "`");
            }
        }
    }
}
