package dev.lair.component.binary;

/** Value and storage types of core WebAssembly (core specification 3.0, section 5.3), shared types excepted. */
public sealed interface CoreValType {
    /** Types that are one byte and hold no reference; I8 and I16 are storage types. */
    enum Plain implements CoreValType {
        I32(0x7f),
        I64(0x7e),
        F32(0x7d),
        F64(0x7c),
        V128(0x7b),
        I8(0x78),
        I16(0x77);

        private final int code;

        Plain(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A reference. */
    record Ref(boolean nullable, Heap heap) implements CoreValType {}

    /** What a reference refers to. */
    sealed interface Heap {}

    /** Heap types of the specification. */
    enum AbstractHeap implements Heap {
        NOEXN(0x74),
        NOFUNC(0x73),
        NOEXTERN(0x72),
        NONE(0x71),
        FUNC(0x70),
        EXTERN(0x6f),
        ANY(0x6e),
        EQ(0x6d),
        I31(0x6c),
        STRUCT(0x6b),
        ARRAY(0x6a),
        EXN(0x69);

        private final int code;

        AbstractHeap(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A type definition, by index. */
    record TypeIndex(int index) implements Heap {}
}
