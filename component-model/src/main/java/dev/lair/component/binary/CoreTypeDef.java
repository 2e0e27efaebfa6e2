package dev.lair.component.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of the core type section (Binary.md, core:type): a recursion group, or a module type. */
public sealed interface CoreTypeDef {
    long offset();

    /**
     * Types that may refer to each other.
     *
     * @param explicit whether it is written as a group; a single type need not be
     */
    record Group(long offset, List<SubType> types, boolean explicit) implements CoreTypeDef {}

    /** The type of a core module. */
    record Module(long offset, List<ModuleDecl> decls) implements CoreTypeDef {}

    /**
     * One type of a group.
     *
     * @param isFinal whether no type may extend it
     * @param supertype index of the type that it extends, or null
     */
    record SubType(long offset, boolean isFinal, @Nullable Integer supertype, Composite composite) {}

    /** What a type consists of. */
    sealed interface Composite {}

    record Func(List<CoreValType> params, List<CoreValType> results) implements Composite {}

    record Struct(List<Field> fields) implements Composite {}

    record Array(Field element) implements Composite {}

    record Field(CoreValType type, boolean mutable) {}

    /** A declaration inside a module type. */
    sealed interface ModuleDecl {
        long offset();
    }

    record ModuleImport(long offset, String module, String name, CoreExtern type) implements ModuleDecl {}

    record ModuleExport(long offset, String name, CoreExtern type) implements ModuleDecl {}

    record ModuleTypeDecl(Group type) implements ModuleDecl {
        @Override
        public long offset() {
            return type.offset();
        }
    }

    record ModuleOuterAlias(long offset, int count, int index) implements ModuleDecl {}
}
