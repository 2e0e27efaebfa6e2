package dev.lair.component.validate;

import dev.lair.component.binary.CoreValType.Plain;
import dev.lair.component.binary.PrimitiveType;
import dev.lair.component.types.DefinedType;
import dev.lair.component.types.Shape;
import dev.lair.component.types.TypeException;
import dev.lair.component.types.ValType;
import dev.lair.component.types.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Value types as core value types (CanonicalABI.md, "Flattening"), up to a number beyond which memory is used. */
final class Flattening {
    private final Work work;
    private final Plain pointer;

    /** @param pointer the type of addresses: I32 or I64 */
    Flattening(Work work, Plain pointer) {
        this.work = work;
        this.pointer = pointer;
    }

    /** The core types of values one behind the other, or null when they are more than {@code most}. */
    @Nullable
    List<Plain> flatten(List<? extends ValType> types, int most) throws TypeException {
        List<Plain> flat = new ArrayList<>();
        for (ValType type : types) {
            if (!add(type, flat, most)) {
                return null;
            }
        }
        return flat;
    }

    private boolean add(ValType type, List<Plain> flat, int most) throws TypeException {
        work.step();
        return switch (type) {
            case ValType.Primitive t -> primitive(t.type(), flat, most);
            case DefinedType t -> shape(t.shape(), flat, most);
        };
    }

    private static boolean one(Plain type, List<Plain> flat, int most) {
        flat.add(type);
        return flat.size() <= most;
    }

    private boolean pair(List<Plain> flat, int most) {
        flat.add(pointer);
        flat.add(pointer);
        return flat.size() <= most;
    }

    private boolean primitive(PrimitiveType type, List<Plain> flat, int most) {
        return switch (type) {
            case BOOL, S8, U8, S16, U16, S32, U32, CHAR, ERROR_CONTEXT -> one(Plain.I32, flat, most);
            case S64, U64 -> one(Plain.I64, flat, most);
            case F32 -> one(Plain.F32, flat, most);
            case F64 -> one(Plain.F64, flat, most);
            case STRING -> pair(flat, most);
        };
    }

    private boolean shape(Shape shape, List<Plain> flat, int most) throws TypeException {
        return switch (shape) {
            case Shape.Primitive s -> primitive(s.type(), flat, most);
            case Shape.RecordOf s -> {
                for (Shape.Field field : s.fields()) {
                    if (!add(field.type(), flat, most)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Shape.Tuple s -> {
                for (ValType type : s.types()) {
                    if (!add(type, flat, most)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Shape.Variant s -> {
                List<@Nullable ValType> cases = new ArrayList<>();
                s.cases().forEach(c -> cases.add(c.type()));
                yield variant(cases, flat, most);
            }
            case Shape.Option s -> {
                List<@Nullable ValType> cases = new ArrayList<>();
                cases.add(s.type());
                yield variant(cases, flat, most);
            }
            case Shape.Result s -> {
                List<@Nullable ValType> cases = new ArrayList<>();
                cases.add(s.ok());
                cases.add(s.error());
                yield variant(cases, flat, most);
            }
            case Shape.FixedList s -> {
                for (long i = 0; i < s.length(); i++) {
                    if (!add(s.element(), flat, most)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Shape.ListOf s -> pair(flat, most);
            case Shape.MapOf s -> pair(flat, most);
            case Shape.Flags s -> one(Plain.I32, flat, most);
            case Shape.EnumOf s -> one(Plain.I32, flat, most);
            case Shape.Own s -> one(Plain.I32, flat, most);
            case Shape.Borrow s -> one(Plain.I32, flat, most);
            case Shape.Stream s -> one(Plain.I32, flat, most);
            case Shape.Future s -> one(Plain.I32, flat, most);
        };
    }

    /** The number of the case, then what holds the payload of any of them. */
    private boolean variant(List<@Nullable ValType> cases, List<Plain> flat, int most) throws TypeException {
        if (!one(Plain.I32, flat, most)) {
            return false;
        }
        work.steps(cases.size());
        List<Plain> joined = new ArrayList<>();
        int left = most - flat.size();
        for (ValType type : cases) {
            List<Plain> payload = new ArrayList<>();
            if (type != null && !add(type, payload, left)) {
                return false;
            }
            for (int i = 0; i < payload.size(); i++) {
                if (i < joined.size()) {
                    joined.set(i, join(joined.get(i), payload.get(i)));
                } else {
                    joined.add(payload.get(i));
                }
            }
        }
        flat.addAll(joined);
        return true;
    }

    private static Plain join(Plain a, Plain b) {
        if (a == b) {
            return a;
        }
        boolean words = (a == Plain.I32 && b == Plain.F32) || (a == Plain.F32 && b == Plain.I32);
        return words ? Plain.I32 : Plain.I64;
    }
}
