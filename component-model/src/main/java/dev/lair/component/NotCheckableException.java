package dev.lair.component;

import java.io.Serial;

/** Ends the check of one core module with {@link CoreCheck.NotChecked}: the module goes beyond what is validated here. */
final class NotCheckableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    NotCheckableException(String what, long offset) {
        super(what + " (at offset 0x" + Long.toHexString(offset) + ")");
    }

    CoreCheck verdict() {
        return new CoreCheck.NotChecked(String.valueOf(getMessage()));
    }
}
