package dev.lair.component.types;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.CoreValType.AbstractHeap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The core types of one binary, each once: recursion groups that look the same are the same (core specification 3.0,
 * "type equivalence"), so that equality of types is equality of their indices here.
 */
public final class CoreTypes {
    /** Turns a type index as written into an index of this table. */
    public interface Resolver {
        int resolve(int index) throws TypeException;
    }

    private final List<CoreTypeDef.SubType> types = new ArrayList<>();
    /** First index by group, in the order in which they came: each refers to earlier ones only. */
    private final Map<List<CoreTypeDef.SubType>, Integer> groups = new LinkedHashMap<>();

    /** The index of a plain function type. */
    public int func(List<CoreValType> params, List<CoreValType> results) {
        return intern(List.of(new CoreTypeDef.SubType(0, true, null, new CoreTypeDef.Func(params, results))));
    }

    /** A type by index; type indices inside are of this table. */
    public CoreTypeDef.SubType get(int index) {
        return types.get(index);
    }

    /** The function type at an index, or null when it is none. */
    public CoreTypeDef.@Nullable Func funcAt(int index) {
        return types.get(index).composite() instanceof CoreTypeDef.Func func ? func : null;
    }

    /**
     * Adds a recursion group.
     *
     * @param base the index, in the index space as written, of the group's first type
     * @param outer resolves indices below {@code base}
     * @return the index here of the group's first type; the others follow
     */
    public int group(CoreTypeDef.Group group, int base, Resolver outer) throws TypeException {
        int size = group.types().size();
        Resolver resolver = index -> {
            if (index >= base + size) {
                throw new TypeException("unknown type " + index + ": type index out of bounds");
            }
            return index < base ? outer.resolve(index) : base - index - 1;
        };
        List<CoreTypeDef.SubType> resolved = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            CoreTypeDef.SubType type = group.types().get(i);
            Integer supertype = type.supertype();
            if (supertype != null && supertype >= base + i) {
                throw new TypeException("unknown type " + supertype + ": type index out of bounds");
            }
            resolved.add(new CoreTypeDef.SubType(
                    0,
                    type.isFinal(),
                    supertype == null ? null : Integer.valueOf(resolver.resolve(supertype)),
                    composite(type.composite(), resolver)));
        }
        int first = intern(List.copyOf(resolved));
        for (int i = first; i < first + size; i++) {
            checkSupertype(types.get(i));
        }
        return first;
    }

    /**
     * Takes in all types of another binary, so that types of both can be compared.
     *
     * @return the index here by index there
     */
    int[] adopt(CoreTypes other, Work work) throws TypeException {
        int[] here = new int[other.types.size()];
        Resolver resolver = index -> index < 0 ? index : here[index];
        for (Map.Entry<List<CoreTypeDef.SubType>, Integer> entry : other.groups.entrySet()) {
            List<CoreTypeDef.SubType> group = new ArrayList<>();
            for (CoreTypeDef.SubType type : entry.getKey()) {
                work.step();
                Integer supertype = type.supertype();
                group.add(new CoreTypeDef.SubType(
                        0,
                        type.isFinal(),
                        supertype == null ? null : Integer.valueOf(resolver.resolve(supertype)),
                        composite(type.composite(), resolver)));
            }
            int first = intern(List.copyOf(group));
            for (int i = 0; i < group.size(); i++) {
                here[entry.getValue() + i] = first + i;
            }
        }
        return here;
    }

    private int intern(List<CoreTypeDef.SubType> group) {
        Integer known = groups.get(group);
        if (known != null) {
            return known;
        }
        int first = types.size();
        groups.put(group, first);
        Resolver inside = index -> index < 0 ? first - index - 1 : index;
        try {
            for (CoreTypeDef.SubType type : group) {
                Integer supertype = type.supertype();
                types.add(new CoreTypeDef.SubType(
                        0,
                        type.isFinal(),
                        supertype == null ? null : Integer.valueOf(inside.resolve(supertype)),
                        composite(type.composite(), inside)));
            }
        } catch (TypeException e) {
            throw new IllegalStateException(e);
        }
        return first;
    }

    private static CoreTypeDef.Composite composite(CoreTypeDef.Composite composite, Resolver resolver)
            throws TypeException {
        return switch (composite) {
            case CoreTypeDef.Func func ->
                new CoreTypeDef.Func(valTypes(func.params(), resolver), valTypes(func.results(), resolver));
            case CoreTypeDef.Struct struct -> {
                List<CoreTypeDef.Field> fields = new ArrayList<>(struct.fields().size());
                for (CoreTypeDef.Field field : struct.fields()) {
                    fields.add(new CoreTypeDef.Field(valType(field.type(), resolver), field.mutable()));
                }
                yield new CoreTypeDef.Struct(List.copyOf(fields));
            }
            case CoreTypeDef.Array array ->
                new CoreTypeDef.Array(new CoreTypeDef.Field(
                        valType(array.element().type(), resolver),
                        array.element().mutable()));
        };
    }

    private static List<CoreValType> valTypes(List<CoreValType> types, Resolver resolver) throws TypeException {
        List<CoreValType> resolved = new ArrayList<>(types.size());
        for (CoreValType type : types) {
            resolved.add(valType(type, resolver));
        }
        return List.copyOf(resolved);
    }

    /** A value type with its type indices resolved. */
    public static CoreValType valType(CoreValType type, Resolver resolver) throws TypeException {
        if (type instanceof CoreValType.Ref ref && ref.heap() instanceof CoreValType.TypeIndex index) {
            return new CoreValType.Ref(ref.nullable(), new CoreValType.TypeIndex(resolver.resolve(index.index())));
        }
        return type;
    }

    private void checkSupertype(CoreTypeDef.SubType type) throws TypeException {
        Integer index = type.supertype();
        if (index == null) {
            return;
        }
        int above = 0;
        for (Integer at = index; at != null; at = types.get(at).supertype()) {
            if (++above > ComponentLimits.CORE_SUBTYPES) {
                throw new TypeException("sub types are more than " + ComponentLimits.CORE_SUBTYPES + " deep");
            }
        }
        CoreTypeDef.SubType supertype = types.get(index);
        if (supertype.isFinal()) {
            throw new TypeException("sub type cannot have a final super type");
        }
        if (!compositeMatches(type.composite(), supertype.composite())) {
            throw new TypeException("sub type must match super type");
        }
    }

    private boolean compositeMatches(CoreTypeDef.Composite a, CoreTypeDef.Composite b) {
        if (a instanceof CoreTypeDef.Func f && b instanceof CoreTypeDef.Func g) {
            return allMatch(g.params(), f.params()) && allMatch(f.results(), g.results());
        }
        if (a instanceof CoreTypeDef.Struct s && b instanceof CoreTypeDef.Struct t) {
            if (s.fields().size() < t.fields().size()) {
                return false;
            }
            for (int i = 0; i < t.fields().size(); i++) {
                if (!fieldMatches(s.fields().get(i), t.fields().get(i))) {
                    return false;
                }
            }
            return true;
        }
        return a instanceof CoreTypeDef.Array s
                && b instanceof CoreTypeDef.Array t
                && fieldMatches(s.element(), t.element());
    }

    private boolean fieldMatches(CoreTypeDef.Field a, CoreTypeDef.Field b) {
        return a.mutable() == b.mutable() && (b.mutable() ? a.type().equals(b.type()) : matches(a.type(), b.type()));
    }

    private boolean allMatch(List<CoreValType> as, List<CoreValType> bs) {
        if (as.size() != bs.size()) {
            return false;
        }
        for (int i = 0; i < as.size(); i++) {
            if (!matches(as.get(i), bs.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a value of type {@code a} may be used as {@code b}. */
    public boolean matches(CoreValType a, CoreValType b) {
        if (a.equals(b)) {
            return true;
        }
        return a instanceof CoreValType.Ref x
                && b instanceof CoreValType.Ref y
                && (y.nullable() || !x.nullable())
                && heapMatches(x.heap(), y.heap());
    }

    /** Whether {@code a} is {@code b} or declares it, directly or not, as its supertype. */
    public boolean typeMatches(int a, int b) {
        for (Integer at = a; at != null; at = types.get(at).supertype()) {
            if (at == b) {
                return true;
            }
        }
        return false;
    }

    private boolean heapMatches(CoreValType.Heap a, CoreValType.Heap b) {
        if (a.equals(b)) {
            return true;
        }
        if (a instanceof CoreValType.TypeIndex i) {
            return b instanceof CoreValType.TypeIndex j
                    ? typeMatches(i.index(), j.index())
                    : heapMatches(kind(i.index()), b);
        }
        AbstractHeap heap = (AbstractHeap) a;
        if (b instanceof CoreValType.TypeIndex j) {
            AbstractHeap bottom = kind(j.index()) == AbstractHeap.FUNC ? AbstractHeap.NOFUNC : AbstractHeap.NONE;
            return heap == bottom;
        }
        return switch (heap) {
            case NOEXN -> b == AbstractHeap.EXN;
            case NOFUNC -> b == AbstractHeap.FUNC;
            case NOEXTERN -> b == AbstractHeap.EXTERN;
            case NONE ->
                b == AbstractHeap.I31
                        || b == AbstractHeap.STRUCT
                        || b == AbstractHeap.ARRAY
                        || b == AbstractHeap.EQ
                        || b == AbstractHeap.ANY;
            case I31, STRUCT, ARRAY -> b == AbstractHeap.EQ || b == AbstractHeap.ANY;
            case EQ -> b == AbstractHeap.ANY;
            case FUNC, EXTERN, ANY, EXN -> false;
        };
    }

    private AbstractHeap kind(int index) {
        return switch (types.get(index).composite()) {
            case CoreTypeDef.Func f -> AbstractHeap.FUNC;
            case CoreTypeDef.Struct s -> AbstractHeap.STRUCT;
            case CoreTypeDef.Array t -> AbstractHeap.ARRAY;
        };
    }
}
