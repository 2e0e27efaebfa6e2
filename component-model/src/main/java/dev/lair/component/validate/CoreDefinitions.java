package dev.lair.component.validate;

import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreValType;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.types.CoreEntity;
import dev.lair.component.types.CoreTypes;
import dev.lair.component.types.ModuleType;
import dev.lair.component.types.TypeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Core types and module types that a component defines (Explainer.md, "Type Definitions", core:type). */
final class CoreDefinitions {
    private static final long PAGES_32 = 1L << 16;

    private final Pass pass;

    CoreDefinitions(Pass pass) {
        this.pass = pass;
    }

    void type(Scope scope, CoreTypeDef def) throws InvalidComponentException, TypeException {
        switch (def) {
            case CoreTypeDef.Group group -> {
                gate(group);
                int first = pass.coreTypes.group(group, scope.coreTypes.size(), index -> subType(scope, index));
                for (int i = 0; i < group.types().size(); i++) {
                    scope.push(
                            scope.coreTypes, new Scope.CoreTypeEntry.Type(first + i), ComponentLimits.TYPES, "types");
                }
            }
            case CoreTypeDef.Module module ->
                scope.push(
                        scope.coreTypes,
                        new Scope.CoreTypeEntry.Module(module(scope, module)),
                        ComponentLimits.TYPES,
                        "types");
        }
    }

    private static int subType(Scope scope, int index) throws TypeException {
        try {
            return scope.coreSubType(index);
        } catch (InvalidComponentException e) {
            throw new TypeException(e.rule());
        }
    }

    private ModuleType module(Scope scope, CoreTypeDef.Module def) throws InvalidComponentException, TypeException {
        List<Integer> types = new ArrayList<>();
        ModuleItems items = new ModuleItems(pass);
        for (CoreTypeDef.ModuleDecl decl : def.decls()) {
            pass.at(decl.offset());
            switch (decl) {
                case CoreTypeDef.ModuleTypeDecl d -> {
                    gate(d.type());
                    int first = pass.coreTypes.group(d.type(), types.size(), index -> typeAt(types, index));
                    for (int i = 0; i < d.type().types().size(); i++) {
                        types.add(first + i);
                    }
                }
                case CoreTypeDef.ModuleOuterAlias d -> {
                    types.add(
                            d.count() == 0
                                    ? typeAt(types, d.index())
                                    : scope.outer(d.count() - 1).coreSubType(d.index()));
                }
                case CoreTypeDef.ModuleImport d ->
                    items.addImport(d.module(), d.name(), entity(d.type(), index -> typeAt(types, index)));
                case CoreTypeDef.ModuleExport d ->
                    items.addExport(d.name(), entity(d.type(), index -> typeAt(types, index)));
            }
        }
        return items.type();
    }

    static int typeAt(List<Integer> types, int index) throws TypeException {
        if (index >= types.size()) {
            throw new TypeException("unknown type " + index + ": type index out of bounds");
        }
        return types.get(index);
    }

    /** A core import or export with its type indices resolved. */
    CoreEntity entity(CoreExtern extern, CoreTypes.Resolver types) throws InvalidComponentException, TypeException {
        return switch (extern) {
            case CoreExtern.Func e -> new CoreEntity.Func(func(types.resolve(e.type()), e.type()));
            case CoreExtern.Tag e -> {
                pass.require(Feature.CORE_EXCEPTIONS, "a tag");
                int type = func(types.resolve(e.type()), e.type());
                CoreTypeDef.Func func = pass.coreTypes.funcAt(type);
                if (func != null && !func.results().isEmpty()) {
                    throw pass.invalid("invalid exception type: non-empty tag result type");
                }
                yield new CoreEntity.Tag(type);
            }
            case CoreExtern.Table e -> {
                gate(e.element());
                if (!(e.element() instanceof CoreValType.Ref)) {
                    throw pass.invalid("the elements of a table are references");
                }
                bounds(e.bounds(), e.bounds().is64() ? -1L : 0xffff_ffffL, "table");
                yield new CoreEntity.Table(new CoreExtern.Table(CoreTypes.valType(e.element(), types), e.bounds()));
            }
            case CoreExtern.Memory e -> {
                memory(e);
                yield new CoreEntity.Memory(e);
            }
            case CoreExtern.Global e -> {
                gate(e.type());
                yield new CoreEntity.Global(new CoreExtern.Global(CoreTypes.valType(e.type(), types), e.mutable()));
            }
        };
    }

    private int func(int type, int index) throws InvalidComponentException {
        if (pass.coreTypes.funcAt(type) == null) {
            throw pass.invalid("type index " + index + " is not a function type");
        }
        return type;
    }

    private void memory(CoreExtern.Memory memory) throws InvalidComponentException {
        Integer page = memory.pageSizeLog2();
        if (page != null && page != 0 && page != 16) {
            throw pass.invalid("invalid custom page size");
        }
        int log2 = page == null ? 16 : page;
        long most = memory.bounds().is64() ? (log2 == 0 ? -1L : 1L << (64 - log2)) : (1L << (32 - log2));
        if (log2 == 16 && !memory.bounds().is64()) {
            most = PAGES_32;
        }
        bounds(memory.bounds(), log2 == 0 && !memory.bounds().is64() ? 0xffff_ffffL : most, "memory");
        if (memory.bounds().shared() && memory.bounds().max() == null) {
            throw pass.invalid("shared memory must have maximum size");
        }
    }

    private void bounds(CoreExtern.Bounds bounds, long most, String what) throws InvalidComponentException {
        Long max = bounds.max();
        if (max != null && Long.compareUnsigned(bounds.min(), max) > 0) {
            throw pass.invalid("size minimum must not be greater than maximum");
        }
        boolean tooLarge =
                Long.compareUnsigned(bounds.min(), most) > 0 || (max != null && Long.compareUnsigned(max, most) > 0);
        if (tooLarge) {
            throw pass.invalid(what + " size must be at most " + Long.toUnsignedString(most));
        }
    }

    private void gate(CoreTypeDef.Group group) throws InvalidComponentException {
        if (group.explicit()) {
            pass.require(Feature.CORE_GC, "a recursion group");
        }
        for (CoreTypeDef.SubType type : group.types()) {
            switch (type.composite()) {
                case CoreTypeDef.Func func -> {
                    for (CoreValType param : func.params()) {
                        gate(param);
                    }
                    for (CoreValType result : func.results()) {
                        gate(result);
                    }
                }
                case CoreTypeDef.Struct struct -> pass.require(Feature.CORE_GC, "a struct type");
                case CoreTypeDef.Array array -> pass.require(Feature.CORE_GC, "an array type");
            }
            if (!type.isFinal() || type.supertype() != null) {
                pass.require(Feature.CORE_GC, "a sub type");
            }
        }
    }

    private void gate(CoreValType type) throws InvalidComponentException {
        if (type == CoreValType.Plain.V128) {
            pass.require(Feature.CORE_SIMD, "`v128`");
        }
        boolean plainFunction =
                type instanceof CoreValType.Ref ref && ref.nullable() && ref.heap() == CoreValType.AbstractHeap.FUNC;
        if (type instanceof CoreValType.Ref && !plainFunction) {
            pass.require(Feature.CORE_REFERENCE_TYPES, "a reference");
        }
    }

    /** Imports and exports of one module, as they are found. */
    static final class ModuleItems {
        private final Pass pass;
        private final Map<ModuleType.ImportName, CoreEntity> imports = new LinkedHashMap<>();
        private final Map<String, CoreEntity> exports = new LinkedHashMap<>();

        ModuleItems(Pass pass) {
            this.pass = pass;
        }

        void addImport(String module, String name, CoreEntity entity) throws InvalidComponentException {
            if (imports.put(new ModuleType.ImportName(module, name), entity) != null) {
                throw pass.invalid("module has a duplicate import name `" + module + ":" + name
                        + "` that is not allowed in components");
            }
        }

        void addExport(String name, CoreEntity entity) throws InvalidComponentException {
            if (exports.put(name, entity) != null) {
                throw pass.invalid("duplicate export name `" + name + "` already defined");
            }
        }

        ModuleType type() throws TypeException {
            return new ModuleType(pass.coreTypes, imports, exports);
        }
    }
}
