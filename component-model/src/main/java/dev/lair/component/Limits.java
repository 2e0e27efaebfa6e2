package dev.lair.component;

/**
 * All limits of core modules. Exceeding a limit "of checking" gives {@link CoreCheck.NotChecked}, never a rejection. Work is
 * counted over all core modules of a binary ({@link CoreWork}): what is said of "all modules" holds for a thousand small
 * ones as for one.
 */
final class Limits {
    /** Bytes of a name; the reference validator's limit. */
    static final int NAME_BYTES = 100_000;

    /** Parameters, and results, of one function type; the reference validator's limit. Each call pushes them all. */
    static final int TYPE_ITEMS = 1_000;

    /** Types of one core module; the reference validator's limit. */
    static final int TYPES = 1_000_000;

    /** Functions of one core module, imported ones included; the reference validator's limit. */
    static final int FUNCTIONS = 1_000_000;

    /** Limit of checking: parameters and results of all function types of all modules; passes hold them as objects. */
    static final long TYPE_ITEMS_CHECKED = 2_000_000;

    /** Limit of checking: operands that calls, blocks and branches of all modules push and pop by their types. */
    static final long OPERANDS_CHECKED = 20_000_000;

    /** Limit of checking: the same in one function; the validator's stack may grow to that size. */
    static final long OPERANDS_PER_FUNCTION_CHECKED = 2_000_000;

    /** The same where bodies are proven without the validator, at about a nanosecond each; it has the rest. */
    static final long OPERANDS_PROVEN = 200_000_000;

    /** Bytes of one function body that are proven without the validator; they are held in an array. */
    static final int BODY_BYTES_PROVEN = 8 << 20;

    /** Limit of checking: instructions of all constant expressions; each pass decodes those of its module again. */
    static final long CONSTANT_INSTRUCTIONS_CHECKED = 1_000_000;

    /** Locals of one function, as in the reference validator. Four bytes may declare thousands of them. */
    static final int LOCALS_PER_FUNCTION = 50_000;

    /** Limit of checking: locals of all functions of all modules; each costs a reference while its module is checked. */
    static final long LOCALS_CHECKED = 10_000_000;

    /** Limit of checking: bytes of one core module. A pass of the validator holds them three times. */
    static final int CORE_MODULE_BYTES_CHECKED = 64 << 20;

    /**
     * Limit of checking: bytes of all modules, and of what each pass of the validator reads of them, some seconds of work.
     * A module that is proven is read about once; so this is far from what binaries of the largest upload need.
     */
    static final long CORE_BYTES_CHECKED = 512L << 20;

    /** Limit of checking: instructions of all modules that the validator sees, about a minute of work. */
    static final long INSTRUCTIONS_CHECKED = 20_000_000;

    /** Limit of checking: instructions of one function, which the validator holds decoded, at about 150 bytes each. */
    static final int INSTRUCTIONS_PER_FUNCTION_CHECKED = 1_000_000;

    /** Instructions that one pass of the validator decodes, so that its memory does not grow with the module. */
    static final int INSTRUCTIONS_PER_PASS = 500_000;

    /** Limit of checking: blocks walked for the branch labels of all modules; the validator walks outwards one block at a time. */
    static final long LABEL_STEPS_CHECKED = 100_000_000;

    private Limits() {}
}
