package dev.lair.component.wit;

/** Who a named type belongs to. The qualified name is the identity: two models agree when their names do. */
public sealed interface Owner {
    /** The package that the owner is part of. */
    PackageName packageName();

    /** A named interface. */
    record InterfaceId(PackageName packageName, String name) implements Owner {
        /** {@code ns:pkg/name@version}. */
        @Override
        public String toString() {
            return packageName.item(name);
        }
    }

    /** A world. */
    record WorldId(PackageName packageName, String name) implements Owner {
        /** {@code ns:pkg/name@version}. */
        @Override
        public String toString() {
            return packageName.item(name);
        }
    }

    /** An interface written out inside a world: {@code import label: interface { … }}. */
    record InlineId(WorldId world, boolean export, String label) implements Owner {
        @Override
        public PackageName packageName() {
            return world.packageName();
        }

        @Override
        public String toString() {
            return world + (export ? " export " : " import ") + label;
        }
    }
}
