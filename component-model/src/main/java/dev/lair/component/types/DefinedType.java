package dev.lair.component.types;

import dev.lair.component.binary.PrimitiveType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A definition of a value type. Each definition, import and export is a node of its own: equality is identity, since
 * the
 * rules about names ask which definition a type was reached by. {@link Subtyping} compares what nodes consist of.
 */
public final class DefinedType implements AnyType, ValType {
    private final Shape shape;
    private final Measure measure;
    private final @Nullable DefinedType aliasOf;

    private DefinedType(Shape shape, Measure measure, @Nullable DefinedType aliasOf) {
        this.shape = shape;
        this.measure = measure;
        this.aliasOf = aliasOf;
    }

    /**
     * A new definition.
     *
     * @throws TypeException when the type is too large, too deep, or its values take too many bytes
     */
    public static DefinedType of(Shape shape) throws TypeException {
        return new DefinedType(shape, measure(shape), null);
    }

    /** A type that differs from one that was measured only in the resources that it mentions. */
    static DefinedType measured(Shape shape, Measure measure, @Nullable DefinedType aliasOf) {
        return new DefinedType(shape, measure, aliasOf);
    }

    /** The same type under a new name, as an import or export "(type (eq …))" makes it. */
    public DefinedType renamed() {
        return new DefinedType(shape, measure, this);
    }

    public Shape shape() {
        return shape;
    }

    @Override
    public Measure measure() {
        return measure;
    }

    /** The definition that this one is another name of, or null. */
    public @Nullable DefinedType aliasOf() {
        return aliasOf;
    }

    private static Measure measure(Shape shape) throws TypeException {
        return switch (shape) {
            case Shape.Primitive s -> Measure.of(s.type());
            case Shape.RecordOf s -> {
                List<ValType> types = new ArrayList<>(s.fields().size());
                s.fields().forEach(field -> types.add(field.type()));
                yield product(types);
            }
            case Shape.Tuple s -> product(s.types());
            case Shape.Variant s -> {
                List<@Nullable ValType> types = new ArrayList<>(s.cases().size());
                s.cases().forEach(c -> types.add(c.type()));
                yield sum(types);
            }
            case Shape.Option s -> {
                List<@Nullable ValType> types = new ArrayList<>(2);
                types.add(null);
                types.add(s.type());
                yield sum(types);
            }
            case Shape.Result s -> {
                List<@Nullable ValType> types = new ArrayList<>(2);
                types.add(s.ok());
                types.add(s.error());
                yield sum(types);
            }
            case Shape.ListOf s -> part(s.element()).withPointers().withLayout(16, 8);
            case Shape.MapOf s ->
                part(s.key()).and(s.value().measure()).deeper().withPointers().withLayout(16, 8);
            case Shape.FixedList s -> {
                Measure element = s.element().measure();
                yield part(s.element()).withLayout(element.bytes() * s.length(), element.alignment());
            }
            case Shape.Flags s -> {
                int count = s.names().size();
                yield Measure.scalar(count <= 8 ? 1 : count <= 16 ? 2 : 4);
            }
            case Shape.EnumOf s -> Measure.scalar(discriminant(s.names().size()));
            case Shape.Own s -> Measure.scalar(4).withResources(false);
            case Shape.Borrow s -> Measure.scalar(4).withResources(true);
            case Shape.Stream s -> part(s.element()).withoutPointers().withLayout(4, 4);
            case Shape.Future s -> part(s.element()).withoutPointers().withLayout(4, 4);
        };
    }

    private static Measure part(@Nullable ValType type) throws TypeException {
        Measure leaf = Measure.leaf();
        return (type == null ? leaf : leaf.and(type.measure())).deeper();
    }

    private static Measure product(List<ValType> types) throws TypeException {
        Measure all = Measure.leaf();
        long offset = 0;
        int alignment = 1;
        for (ValType type : types) {
            Measure measure = type.measure();
            all = all.and(measure);
            offset = Measure.align(offset, measure.alignment()) + measure.bytes();
            alignment = Math.max(alignment, measure.alignment());
        }
        return all.deeper().withLayout(Measure.align(offset, alignment), alignment);
    }

    private static Measure sum(List<@Nullable ValType> cases) throws TypeException {
        Measure all = Measure.leaf();
        int tag = discriminant(cases.size());
        long payload = 0;
        int payloadAlignment = 1;
        for (ValType type : cases) {
            if (type != null) {
                Measure measure = type.measure();
                all = all.and(measure);
                payload = Math.max(payload, measure.bytes());
                payloadAlignment = Math.max(payloadAlignment, measure.alignment());
            }
        }
        int alignment = Math.max(tag, payloadAlignment);
        long bytes = Measure.align(Measure.align(tag, payloadAlignment) + payload, alignment);
        return all.deeper().withLayout(bytes, alignment);
    }

    private static int discriminant(int cases) {
        return cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
    }

    /** The primitive that this type is, or null. */
    public @Nullable PrimitiveType primitive() {
        return shape instanceof Shape.Primitive primitive ? primitive.type() : null;
    }
}
