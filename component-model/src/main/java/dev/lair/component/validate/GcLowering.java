package dev.lair.component.validate;

import dev.lair.component.binary.CanonOption;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.CoreValType.AbstractHeap;
import dev.lair.component.binary.CoreValType.Plain;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.FuncType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values as garbage-collected objects, not in memory: the options {@code gc} and {@code core-type}. They are a
 * proposal
 * whose rules the specification does not have yet; these are the ones that the reference validator checks. Each
 * parameter
 * is one core value: aggregates are structs and arrays, handles are external references.
 */
final class GcLowering {
    private final Pass pass;
    private final boolean utf16;

    GcLowering(Pass pass, CanonOption.@Nullable Encoding encoding) {
        this.pass = pass;
        this.utf16 = encoding == CanonOption.Encoding.UTF16;
    }

    /** Checks that a core function has the type that the component function is lifted from or lowered to. */
    void func(FuncType type, CoreTypeDef.Func core)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        ValType result = type.result();
        if (core.params().size() != type.params().size() || core.results().size() != (result == null ? 0 : 1)) {
            throw pass.invalid("lowered parameters and results do not match those of the core function type in number");
        }
        for (int i = 0; i < core.params().size(); i++) {
            value(type.params().get(i).type(), core.params().get(i), false);
        }
        if (result != null) {
            value(result, core.results().get(0), false);
        }
    }

    /** Checks one value; inside of structs and arrays small integers are packed. */
    private void value(ValType type, CoreValType core, boolean packed)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        pass.work.step();
        switch (type) {
            case ValType.Primitive t -> primitive(t.type(), core, packed);
            case DefinedType t -> shape(t.shape(), core, packed);
        }
    }

    private void primitive(PrimitiveType type, CoreValType core, boolean packed) throws InvalidComponentException {
        switch (type) {
            case BOOL, S8, U8 -> plain(type.keyword(), packed ? Plain.I8 : Plain.I32, core);
            case S16, U16 -> plain(type.keyword(), packed ? Plain.I16 : Plain.I32, core);
            case S32, U32, CHAR -> plain(type.keyword(), Plain.I32, core);
            case S64, U64 -> plain(type.keyword(), Plain.I64, core);
            case F32 -> plain(type.keyword(), Plain.F32, core);
            case F64 -> plain(type.keyword(), Plain.F64, core);
            case STRING -> {
                Plain unit = utf16 ? Plain.I16 : Plain.I8;
                if (!(composite(core) instanceof CoreTypeDef.Array array)
                        || array.element().type() != unit) {
                    throw mismatch("string", "(ref null? (array (mut? " + unit + ")))", core);
                }
            }
            case ERROR_CONTEXT -> handle(type.keyword(), core);
        }
    }

    private void shape(Shape shape, CoreValType core, boolean packed)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        pass.work.steps(shape.parts());
        switch (shape) {
            case Shape.Primitive s -> primitive(s.type(), core, packed);
            case Shape.EnumOf s ->
                plain("enum", integer(discriminantBytes(s.names().size()), packed), core);
            case Shape.Flags s -> plain("flags", integer((s.names().size() + 7) / 8, packed), core);
            case Shape.Own s -> handle("own", core);
            case Shape.Borrow s -> handle("borrow", core);
            case Shape.Stream s -> handle("stream", core);
            case Shape.Future s -> handle("future", core);
            case Shape.ListOf s -> {
                if (!(composite(core) instanceof CoreTypeDef.Array array)) {
                    throw mismatch("list", "(ref null? (array ...))", core);
                }
                value(s.element(), array.element().type(), true);
            }
            case Shape.RecordOf s ->
                struct("record", s.fields().stream().map(Shape.Field::type).toList(), core);
            case Shape.Tuple s -> struct("tuple", s.types(), core);
            case Shape.Variant s -> cases("variant", core);
            case Shape.Option s -> cases("option", core);
            case Shape.Result s -> cases("result", core);
            case Shape.FixedList s ->
                throw new UncheckedComponentException("a list of fixed length with `gc`", pass.offset());
            case Shape.MapOf s -> throw new UncheckedComponentException("a map with `gc`", pass.offset());
        }
    }

    private static int discriminantBytes(int cases) {
        return cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    }

    private static Plain integer(int bytes, boolean packed) {
        return !packed || bytes > 2 ? Plain.I32 : bytes == 1 ? Plain.I8 : Plain.I16;
    }

    private void plain(String what, Plain expected, CoreValType core) throws InvalidComponentException {
        if (core != expected) {
            throw mismatch(what, expected.toString(), core);
        }
    }

    private void handle(String what, CoreValType core) throws InvalidComponentException {
        boolean external = core instanceof CoreValType.Ref ref && ref.heap() == AbstractHeap.EXTERN;
        if (!external) {
            throw mismatch(what, "(ref null? extern)", core);
        }
    }

    private void struct(String what, List<ValType> types, CoreValType core)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        if (!(composite(core) instanceof CoreTypeDef.Struct struct)
                || struct.fields().size() != types.size()) {
            throw mismatch(what, "(ref null? (struct ...)) of " + types.size() + " fields", core);
        }
        for (int i = 0; i < types.size(); i++) {
            value(types.get(i), struct.fields().get(i).type(), true);
        }
    }

    /** Each case is a struct of its own, below an empty one. */
    private void cases(String what, CoreValType core) throws InvalidComponentException {
        if (!(composite(core) instanceof CoreTypeDef.Struct struct)
                || !struct.fields().isEmpty()) {
            throw mismatch(what, "(ref null? (struct))", core);
        }
    }

    private CoreTypeDef.@Nullable Composite composite(CoreValType core) {
        return core instanceof CoreValType.Ref ref && ref.heap() instanceof CoreValType.TypeIndex index
                ? pass.coreTypes.get(index.index()).composite()
                : null;
    }

    private InvalidComponentException mismatch(String what, String expected, CoreValType found) {
        return pass.invalid("expected to lower component `" + what + "` type to core `" + expected + "` type, found `"
                + found + "`");
    }
}
