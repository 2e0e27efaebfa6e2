package dev.lair.component.binary;

/** A definition of another scope under an index of this one (Binary.md, "Alias Definitions"). */
public sealed interface Alias {
    long offset();

    Sort sort();

    record InstanceExport(long offset, Sort sort, int instance, String name) implements Alias {}

    record CoreInstanceExport(long offset, Sort sort, int instance, String name) implements Alias {}

    /**
     * A definition of an enclosing scope.
     *
     * @param count scopes to go outwards; 0 is the current one
     */
    record Outer(long offset, Sort sort, int count, int index) implements Alias {}
}
