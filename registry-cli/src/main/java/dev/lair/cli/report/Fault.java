package dev.lair.cli.report;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command. The message is one line for a person: what was refused, the value, the rule, what to do next. A hint is
 * a second line that the registry gave rather than this client.
 */
public final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final @Nullable String hint;

    Fault(ExitCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    /** How the command ends. */
    public ExitCode code() {
        return code;
    }

    /** What else may help. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** The same fault with a hint. */
    public Fault withHint(@Nullable String newHint) {
        return newHint == null ? this : new Fault(code, String.valueOf(getMessage()), newHint, this);
    }

    /** The message, never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
