package dev.lair.component.binary;

import java.io.Serial;

/**
 * The component uses something that is outside of the specification which is validated here (shared-everything types,
 * garbage-collected canonical options): it may be valid, and no verdict is given.
 */
public final class UncheckedComponentException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String what;
    private final long offset;

    public UncheckedComponentException(String what, long offset) {
        super(what + " (at offset 0x" + Long.toHexString(offset) + ")");
        this.what = what;
        this.offset = offset;
    }

    /** What is not validated here. */
    public String what() {
        return what;
    }

    /** Offset in bytes from the start of the outermost binary. */
    public long offset() {
        return offset;
    }
}
