package dev.lair.component.validate;

/** Parts of the component model that can be switched; gated ones are not stable yet. */
public enum Feature {
    ASYNC("async", true),
    MAP("map", true),
    IMPLEMENTS("implements", true),
    EXTERNAL_ID("external-id", true),
    FIXED_LENGTH_LISTS("fixed-length-lists", false),
    ERROR_CONTEXT("error-context", false),
    VALUES("values", false),
    NESTED_NAMES("nested-names", false),
    CANONICAL_NAMES("canonical-names", false),
    MORE_ASYNC_BUILTINS("more-async-builtins", false),
    ASYNC_STACKFUL("async-stackful", false),
    THREADING("threading", false),
    MEMORY64("memory64", false),
    GC_OPTIONS("gc-options", false),
    CORE_SIMD("core-simd", true),
    CORE_REFERENCE_TYPES("core-reference-types", true),
    CORE_GC("core-gc", true),
    CORE_EXCEPTIONS("core-exceptions", true);

    private final String label;
    private final boolean stable;

    Feature(String label, boolean stable) {
        this.label = label;
        this.stable = stable;
    }

    /** The name in configuration and verdicts. */
    public String label() {
        return label;
    }

    /** Whether the specification counts it as stable. */
    public boolean isStable() {
        return stable;
    }
}
