package dev.lair.component;

import java.io.Serial;

/**
 * The bytes are no valid WebAssembly binary. The message names the broken rule and ends in the place, as
 * {@code unexpected end-of-file (at offset 0x0)}.
 */
public final class InvalidWasmException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final long offset;

    InvalidWasmException(String rule, long offset) {
        super(rule + " (at offset 0x" + Long.toHexString(offset) + ")");
        this.rule = rule;
        this.offset = offset;
    }

    /** The broken rule, without the place. */
    public String rule() {
        return rule;
    }

    /** Offset in bytes from the start of the outermost binary. */
    public long offset() {
        return offset;
    }
}
