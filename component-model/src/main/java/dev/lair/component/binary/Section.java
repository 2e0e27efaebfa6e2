package dev.lair.component.binary;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A section of a component (Binary.md, "Component Definitions"); the offset is that of its first byte of content. */
public sealed interface Section {
    long offset();

    /**
     * Section 0, kept as it is.
     *
     * @param data the bytes behind the name; a view of the input
     */
    record Custom(long offset, String name, ByteBuffer data) implements Section {}

    /**
     * Section 1.
     *
     * @param bytes the whole module; a view of the input
     */
    record CoreModule(long offset, ByteBuffer bytes) implements Section {}

    /** Section 2. */
    record CoreInstances(long offset, List<CoreInstance> instances) implements Section {}

    /** Section 3. */
    record CoreTypes(long offset, List<CoreTypeDef> types) implements Section {}

    /** Section 4. */
    record Nested(long offset, ComponentBinary component) implements Section {}

    /** Section 5. */
    record Instances(long offset, List<Instance> instances) implements Section {}

    /** Section 6. */
    record Aliases(long offset, List<Alias> aliases) implements Section {}

    /** Section 7. */
    record Types(long offset, List<TypeDef> types) implements Section {}

    /** Section 8. */
    record Canons(long offset, List<Canon> canons) implements Section {}

    /** Section 9: a function that runs when the component is instantiated, and the number of its results. */
    record Start(long offset, int func, List<Integer> arguments, long results) implements Section {}

    /** Section 10. */
    record Imports(long offset, List<Import> imports) implements Section {}

    /** Section 11. */
    record Exports(long offset, List<Export> exports) implements Section {}

    record Import(long offset, RawName name, ExternDesc desc) {}

    /**
     * An export.
     *
     * @param ascribed a supertype under which consumers see it, or null
     */
    record Export(
            long offset,
            RawName name,
            Sort sort,
            int index,
            @Nullable ExternDesc ascribed) {}
}
