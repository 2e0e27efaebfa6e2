package dev.lair.component.binary;

/**
 * All limits of decoding, types and validation of components. They are the reference validator's where it has one, so
 * that what is accepted here is accepted by other tools.
 */
public final class ComponentLimits {
    /** Components, or type scopes, inside each other. Each level costs a frame of the reader and of the validator. */
    public static final int NESTING = 100;

    /** Bytes of a name. */
    public static final int NAME_BYTES = 100_000;

    /** Fields of a record, cases, flags, enum tags, tuple members. */
    public static final int MEMBERS = 10_000;

    /** Parameters of a function. */
    public static final int PARAMETERS = 1_000;

    /** Definitions in one section, declarations in one type. */
    public static final int DEFINITIONS = 1_000_000;

    /** Canonical options of one function; there are ten kinds. */
    public static final int CANONICAL_OPTIONS = 10;

    /** Core modules, components or instances in one index space. */
    public static final int NESTED_DEFINITIONS = 1_000;

    /** Types in one index space. */
    public static final int TYPES = 1_000_000;

    /** Functions in one index space. */
    public static final int FUNCTIONS = 1_000_000;

    /** Values in one index space. */
    public static final int VALUES = 1_000;

    /** Core tables, memories, globals or tags in one index space. */
    public static final int CORE_ITEMS = 1_000_000;

    /** Nodes of a type when everything that it names is written out. Without it nested aliases explode. */
    public static final int TYPE_SIZE = 1_000_000;

    /** Value types inside each other; whoever lowers a value recurses that deep. */
    public static final int TYPE_DEPTH = 100;

    /** Bytes of a value in memory, with 64-bit pointers: CanonicalABI.md, "maximum static value size". */
    public static final long VALUE_BYTES = (1L << 28) - 1;

    /** Flags of one flags type: they fit one core i32. */
    public static final int FLAGS = 32;

    /**
     * Steps of work (type nodes substituted, compared or searched) for one binary. Real components take under
     * 20,000; each
     * step may leave an entry of a map, so that this bounds memory too, at about 200 MB.
     */
    public static final long WORK_STEPS = 2_000_000;

    /**
     * Sections, definitions and parts of types that one binary may decode to, some 100 bytes each. Real components
     * have
     * under 50,000; two bytes of a binary could become one.
     */
    public static final int DECODED_ITEMS = 2_000_000;

    /** Core modules and components in one binary, at all depths: each costs a run of the core validator. */
    public static final int NESTED_BINARIES = 1_000;

    /** Core types above each other by subtyping, as in the reference validator: each comparison walks them. */
    public static final int CORE_SUBTYPES = 63;

    private ComponentLimits() {}
}
