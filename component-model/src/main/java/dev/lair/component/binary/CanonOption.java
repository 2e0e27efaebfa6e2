package dev.lair.component.binary;

/** A canonical option (Binary.md, canonopt). */
public sealed interface CanonOption {
    enum Encoding implements CanonOption {
        UTF8(0x00, "utf8"),
        UTF16(0x01, "utf16"),
        LATIN1_UTF16(0x02, "latin1-utf16");

        private final int code;
        private final String label;

        Encoding(int code, String label) {
            this.code = code;
            this.label = label;
        }

        int code() {
            return code;
        }

        /** The word for error messages. */
        public String label() {
            return label;
        }
    }

    record Memory(int index) implements CanonOption {}

    record Realloc(int func) implements CanonOption {}

    record PostReturn(int func) implements CanonOption {}

    record Async() implements CanonOption {}

    record Callback(int func) implements CanonOption {}

    /** The core type of a lowered function; of a proposal that is not part of the specification. */
    record CoreType(int type) implements CanonOption {}

    /** Values as garbage-collected objects; of a proposal that is not part of the specification. */
    record Gc() implements CanonOption {}
}
