package dev.lair.component.binary;

/** A declaration inside a component or instance type (Binary.md, componentdecl and instancedecl). */
public sealed interface Decl {
    long offset();

    record CoreType(CoreTypeDef type) implements Decl {
        @Override
        public long offset() {
            return type.offset();
        }
    }

    record Type(TypeDef type) implements Decl {
        @Override
        public long offset() {
            return type.offset();
        }
    }

    record AliasOf(Alias alias) implements Decl {
        @Override
        public long offset() {
            return alias.offset();
        }
    }

    /** Only in component types. */
    record Import(long offset, RawName name, ExternDesc desc) implements Decl {}

    record Export(long offset, RawName name, ExternDesc desc) implements Decl {}
}
