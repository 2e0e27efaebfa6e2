package dev.lair.component.binary;

/** Sorts of definitions, each with an index space of its own (Binary.md, "Instance Definitions": core:sort, sort). */
public enum Sort {
    CORE_FUNC(true, 0x00, "core function"),
    CORE_TABLE(true, 0x01, "core table"),
    CORE_MEMORY(true, 0x02, "core memory"),
    CORE_GLOBAL(true, 0x03, "core global"),
    CORE_TAG(true, 0x04, "core tag"),
    CORE_TYPE(true, 0x10, "core type"),
    CORE_MODULE(true, 0x11, "core module"),
    CORE_INSTANCE(true, 0x12, "core instance"),
    FUNC(false, 0x01, "func"),
    VALUE(false, 0x02, "value"),
    TYPE(false, 0x03, "type"),
    COMPONENT(false, 0x04, "component"),
    INSTANCE(false, 0x05, "instance");

    private final boolean core;
    private final int code;
    private final String label;

    Sort(boolean core, int code, String label) {
        this.core = core;
        this.code = code;
        this.label = label;
    }

    /** Whether it is a sort of the core specification; its code then follows a byte 0x00. */
    public boolean isCore() {
        return core;
    }

    /** Whether core instances export it: functions, tables, memories, globals and tags. */
    boolean isCoreItem() {
        return core && code <= CORE_TAG.code;
    }

    int code() {
        return code;
    }

    /** The word for error messages. */
    public String label() {
        return label;
    }

    static Sort of(boolean core, int code, long at) throws InvalidComponentException {
        for (Sort sort : values()) {
            if (sort.core == core && sort.code == code) {
                return sort;
            }
        }
        throw new InvalidComponentException(
                "invalid leading byte (0x" + Integer.toHexString(code) + ") for " + (core ? "core sort" : "sort"), at);
    }
}
