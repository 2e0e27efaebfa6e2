package dev.lair.component.names;

import java.io.Serial;

/** A text is no name of the component model; the message quotes it and tells the rule. */
public final class InvalidNameException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    InvalidNameException(String message) {
        super(message);
    }
}
