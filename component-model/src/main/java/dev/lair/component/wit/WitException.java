package dev.lair.component.wit;

import java.io.Serial;

/**
 * A WIT text, or a set of them, is refused. The one exception that reading, resolving and encoding WIT may throw for
 * bad input: the message names the rule and the value, the place says where.
 */
public class WitException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Place place;

    public WitException(String message, Place place) {
        super(message);
        this.place = place;
    }

    /** Where the refused thing stands; {@link Place#NONE} when no text holds it. */
    public Place place() {
        return place;
    }

    /** The message with file, line, column, the source line and a caret. */
    public String rendered() {
        return place.render(String.valueOf(getMessage()));
    }
}
