package dev.lair.component;

/** The first eight bytes: magic, then version and layer, 16 bits each (Binary.md, "Component definitions"). */
enum Preamble {
    CORE_MODULE,
    COMPONENT;

    private static final int MAGIC = 0x6d73_6100;

    static Preamble read(WasmReader in) throws InvalidWasmException {
        long start = in.offset();
        if (in.i32le() != MAGIC) {
            throw new InvalidWasmException("magic header not detected: bad magic number", start);
        }
        long versionAt = in.offset();
        int word = in.i32le();
        return switch (word) {
            case 0x0000_0001 -> CORE_MODULE;
            case 0x0001_000d -> COMPONENT;
            default ->
                throw new InvalidWasmException(
                        "unknown binary version and encoding combination: 0x" + Integer.toHexString(word & 0xffff)
                                + " and 0x" + Integer.toHexString(word >>> 16),
                        versionAt);
        };
    }
}
