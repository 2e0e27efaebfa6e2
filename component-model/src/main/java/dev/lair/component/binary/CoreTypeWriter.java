package dev.lair.component.binary;

import java.util.List;

/** Writes types of core WebAssembly: the inverse of {@link CoreTypeReader}. */
final class CoreTypeWriter {
    private CoreTypeWriter() {}

    static void definition(ByteSink out, CoreTypeDef type) {
        switch (type) {
            case CoreTypeDef.Group group -> {
                boolean likeModule = !group.explicit() && isOpen(group.types().get(0));
                if (likeModule) {
                    out.u8(0x00); // 0x50 alone means a module type
                }
                group(out, group);
            }
            case CoreTypeDef.Module module -> out.u8(0x50).each(module.decls(), d -> decl(out, d));
        }
    }

    private static boolean isOpen(CoreTypeDef.SubType type) {
        return !type.isFinal();
    }

    private static void decl(ByteSink out, CoreTypeDef.ModuleDecl decl) {
        switch (decl) {
            case CoreTypeDef.ModuleImport d ->
                extern(out.u8(0x00).name(d.module()).name(d.name()), d.type());
            case CoreTypeDef.ModuleTypeDecl d -> group(out.u8(0x01), d.type());
            case CoreTypeDef.ModuleOuterAlias d ->
                out.u8(0x02).u8(0x10).u8(0x01).unsigned(d.count()).unsigned(d.index());
            case CoreTypeDef.ModuleExport d -> extern(out.u8(0x03).name(d.name()), d.type());
        }
    }

    private static void group(ByteSink out, CoreTypeDef.Group group) {
        if (group.explicit()) {
            out.u8(0x4e).each(group.types(), t -> subType(out, t));
        } else {
            subType(out, group.types().get(0));
        }
    }

    private static void subType(ByteSink out, CoreTypeDef.SubType type) {
        Integer supertype = type.supertype();
        if (!type.isFinal() || supertype != null) {
            out.u8(type.isFinal() ? 0x4f : 0x50);
            List<Integer> supertypes = supertype == null ? List.of() : List.of(supertype);
            out.each(supertypes, s -> out.unsigned(s));
        }
        switch (type.composite()) {
            case CoreTypeDef.Func f ->
                out.u8(0x60).each(f.params(), t -> valType(out, t)).each(f.results(), t -> valType(out, t));
            case CoreTypeDef.Struct s -> out.u8(0x5f).each(s.fields(), f -> field(out, f));
            case CoreTypeDef.Array a -> field(out.u8(0x5e), a.element());
        }
    }

    private static void field(ByteSink out, CoreTypeDef.Field field) {
        valType(out, field.type());
        out.u8(field.mutable() ? 1 : 0);
    }

    static void valType(ByteSink out, CoreValType type) {
        switch (type) {
            case CoreValType.Plain plain -> out.u8(plain.code());
            case CoreValType.Ref ref -> {
                switch (ref.heap()) {
                    case CoreValType.AbstractHeap heap -> {
                        if (!ref.nullable()) {
                            out.u8(0x64);
                        }
                        out.u8(heap.code());
                    }
                    case CoreValType.TypeIndex heap ->
                        out.u8(ref.nullable() ? 0x63 : 0x64).signed(heap.index());
                }
            }
        }
    }

    private static void extern(ByteSink out, CoreExtern type) {
        switch (type) {
            case CoreExtern.Func f -> out.u8(0x00).unsigned(f.type());
            case CoreExtern.Table t -> {
                valType(out.u8(0x01), t.element());
                bounds(out, t.bounds(), 0);
            }
            case CoreExtern.Memory m -> {
                Integer page = m.pageSizeLog2();
                bounds(out.u8(0x02), m.bounds(), page == null ? 0 : 0x08);
                if (page != null) {
                    out.unsigned(page);
                }
            }
            case CoreExtern.Global g -> {
                valType(out.u8(0x03), g.type());
                out.u8(g.mutable() ? 1 : 0);
            }
            case CoreExtern.Tag t -> out.u8(0x04).u8(0x00).unsigned(t.type());
        }
    }

    private static void bounds(ByteSink out, CoreExtern.Bounds bounds, int flags) {
        Long max = bounds.max();
        out.u8(flags | (max == null ? 0 : 0x01) | (bounds.shared() ? 0x02 : 0) | (bounds.is64() ? 0x04 : 0));
        out.unsigned(bounds.min());
        if (max != null) {
            out.unsigned(max);
        }
    }
}
