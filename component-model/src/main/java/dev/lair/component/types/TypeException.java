package dev.lair.component.types;

import java.io.Serial;

/**
 * A type breaks a rule, or one type does not fit where another is expected. The message tells which and where
 * within.
 */
public final class TypeException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Characters of a message that are kept. */
    private static final int MESSAGE = 2_000;

    private final String rule;

    public TypeException(String rule) {
        super(rule);
        this.rule = rule;
    }

    /** The rule and where it is broken: the message. */
    public String rule() {
        return rule;
    }

    /** The same mismatch, seen from around it. */
    TypeException within(String place) {
        String message = place + ": " + rule;
        // Names may be long and types deep: what is beyond this would not be read, and would cost its square.
        return new TypeException(message.length() > MESSAGE ? message.substring(0, MESSAGE) + "…" : message);
    }
}
