package dev.lair.component.compat;

import java.io.Serial;

/** There is no verdict: the two are of different kinds, or one of them has no type that could be compared. */
public final class IncomparableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    public IncomparableException(String message) {
        super(message);
    }
}
