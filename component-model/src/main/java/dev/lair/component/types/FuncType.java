package dev.lair.component.types;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a component function. Equality is identity. */
public final class FuncType implements AnyType {
    /** A parameter. */
    public record Param(String name, ValType type) {}

    private final boolean isAsync;
    private final List<Param> params;
    private final @Nullable ValType result;
    private final Measure measure;

    /** @throws TypeException when the type is too large */
    public FuncType(boolean isAsync, List<Param> params, @Nullable ValType result) throws TypeException {
        this.isAsync = isAsync;
        this.params = List.copyOf(params);
        this.result = result;
        Measure all = Measure.leaf();
        for (Param param : params) {
            all = all.and(param.type().measure());
        }
        measure = result == null ? all : all.and(result.measure());
    }

    public boolean isAsync() {
        return isAsync;
    }

    public List<Param> params() {
        return params;
    }

    /** Null for a function without result. */
    public @Nullable ValType result() {
        return result;
    }

    public Measure measure() {
        return measure;
    }
}
