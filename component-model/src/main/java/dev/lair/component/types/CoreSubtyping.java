package dev.lair.component.types;

import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeDef;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a core definition may be imported where another is expected (core specification 3.0, section 4.2.13). */
public final class CoreSubtyping {
    private final Work work;
    private final CoreTypes types;

    /** For types of other binaries: the index here by index there. */
    private final Map<CoreTypes, int[]> adopted = new IdentityHashMap<>();

    CoreSubtyping(Work work, CoreTypes types) {
        this.work = work;
        this.types = types;
    }

    /** Checks that module {@code a} may stand for {@code b}: it imports no more and exports no less. */
    public void module(ModuleType a, ModuleType b) throws TypeException {
        for (Map.Entry<ModuleType.ImportName, CoreEntity> entry : a.imports().entrySet()) {
            ModuleType.ImportName name = entry.getKey();
            CoreEntity given = b.imports().get(name);
            if (given == null) {
                throw new TypeException("missing expected import `" + name.module() + "::" + name.name() + "`");
            }
            try {
                entity(here(given, b), here(entry.getValue(), a));
            } catch (TypeException e) {
                throw e.within("type mismatch in import `" + name.module() + "::" + name.name() + "`");
            }
        }
        for (Map.Entry<String, CoreEntity> entry : b.exports().entrySet()) {
            CoreEntity given = a.exports().get(entry.getKey());
            if (given == null) {
                throw new TypeException("missing expected export `" + entry.getKey() + "`");
            }
            try {
                entity(here(given, a), here(entry.getValue(), b));
            } catch (TypeException e) {
                throw e.within("type mismatch in export `" + entry.getKey() + "`");
            }
        }
    }

    /** An import or export of a module with the indices of types that are used here. */
    private CoreEntity here(CoreEntity entity, ModuleType owner) throws TypeException {
        if (owner.types() == types) {
            return entity;
        }
        int[] known = adopted.get(owner.types());
        int[] indices = known == null ? types.adopt(owner.types(), work) : known;
        adopted.put(owner.types(), indices);
        return switch (entity) {
            case CoreEntity.Func e -> new CoreEntity.Func(indices[e.type()]);
            case CoreEntity.Tag e -> new CoreEntity.Tag(indices[e.type()]);
            case CoreEntity.Memory e -> e;
            case CoreEntity.Table e ->
                new CoreEntity.Table(new CoreExtern.Table(
                        CoreTypes.valType(e.type().element(), index -> indices[index]),
                        e.type().bounds()));
            case CoreEntity.Global e ->
                new CoreEntity.Global(new CoreExtern.Global(
                        CoreTypes.valType(e.type().type(), index -> indices[index]),
                        e.type().mutable()));
        };
    }

    /** Checks that {@code a} may stand for {@code b}. */
    public void entity(CoreEntity a, CoreEntity b) throws TypeException {
        work.step();
        switch (b) {
            case CoreEntity.Func expected
            when a instanceof CoreEntity.Func found -> {
                if (!types.typeMatches(found.type(), expected.type())) {
                    throw new TypeException("expected: " + label(expected.type()) + ", found: " + label(found.type()));
                }
            }
            case CoreEntity.Tag expected
            when a instanceof CoreEntity.Tag found -> {
                if (found.type() != expected.type()) {
                    throw new TypeException(
                            "expected: tag " + label(expected.type()) + ", found: tag " + label(found.type()));
                }
            }
            case CoreEntity.Table expected
            when a instanceof CoreEntity.Table found -> {
                if (!found.type().element().equals(expected.type().element())) {
                    throw new TypeException("mismatch in table element types");
                }
                bounds(found.type().bounds(), expected.type().bounds(), "table");
            }
            case CoreEntity.Memory expected
            when a instanceof CoreEntity.Memory found -> memory(found.type(), expected.type());
            case CoreEntity.Global expected
            when a instanceof CoreEntity.Global found -> global(found.type(), expected.type());
            default -> throw new TypeException("expected " + b.label() + ", found " + a.label());
        }
    }

    /** Checks that memory {@code a} may stand for {@code b}. */
    public void memory(CoreExtern.Memory a, CoreExtern.Memory b) throws TypeException {
        if (pageSize(a.pageSizeLog2()) != pageSize(b.pageSizeLog2())) {
            throw new TypeException("mismatch in page size for memories");
        }
        bounds(a.bounds(), b.bounds(), "memory");
    }

    private static int pageSize(@Nullable Integer log2) {
        return log2 == null ? 16 : log2;
    }

    private static void bounds(CoreExtern.Bounds a, CoreExtern.Bounds b, String what) throws TypeException {
        if (a.shared() != b.shared()) {
            throw new TypeException("mismatch in the shared flag for " + plural(what));
        }
        if (a.is64() != b.is64()) {
            throw new TypeException("mismatch in index type used for " + plural(what));
        }
        Long expectedMax = b.max();
        Long foundMax = a.max();
        boolean fits = Long.compareUnsigned(a.min(), b.min()) >= 0
                && (expectedMax == null || (foundMax != null && Long.compareUnsigned(foundMax, expectedMax) <= 0));
        if (!fits) {
            throw new TypeException("mismatch in " + what + " limits");
        }
    }

    private static String plural(String what) {
        return what.equals("memory") ? "memories" : what + "s";
    }

    private void global(CoreExtern.Global a, CoreExtern.Global b) throws TypeException {
        if (a.mutable() != b.mutable()) {
            throw new TypeException("mismatch in global mutability");
        }
        boolean fits = b.mutable() ? a.type().equals(b.type()) : types.matches(a.type(), b.type());
        if (!fits) {
            throw new TypeException("mismatch in global types");
        }
    }

    private String label(int type) {
        CoreTypeDef.Func func = types.funcAt(type);
        return func == null ? "a type that is no function" : "(func " + func.params() + " -> " + func.results() + ")";
    }
}
