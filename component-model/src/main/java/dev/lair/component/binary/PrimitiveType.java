package dev.lair.component.binary;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Value types without parts (Binary.md, primvaltype). */
public enum PrimitiveType {
    BOOL(0x7f),
    S8(0x7e),
    U8(0x7d),
    S16(0x7c),
    U16(0x7b),
    S32(0x7a),
    U32(0x79),
    S64(0x78),
    U64(0x77),
    F32(0x76),
    F64(0x75),
    CHAR(0x74),
    STRING(0x73),
    ERROR_CONTEXT(0x64);

    private final int code;

    PrimitiveType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static @Nullable PrimitiveType of(int code) {
        for (PrimitiveType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** The keyword of WIT. */
    public String keyword() {
        return this == ERROR_CONTEXT ? "error-context" : name().toLowerCase(Locale.ROOT);
    }
}
