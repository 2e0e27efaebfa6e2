package dev.lair.cli.report;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command. The message is one line for a person: what was refused, the value, the rule, what to do next. A hint is
 * a second line that the registry gave rather than this client; an excerpt shows the place in a text.
 */
public final class Fault extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final @Nullable String hint;
    private final transient @Nullable Excerpt excerpt;

    Fault(ExitCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(code, message, hint, null, cause);
    }

    private Fault(
            ExitCode code,
            String message,
            @Nullable String hint,
            @Nullable Excerpt excerpt,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.excerpt = excerpt;
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
        return newHint == null ? this : new Fault(code, text(), newHint, excerpt, this);
    }

    /** Where in a text the fault stands, with the line itself. */
    public Optional<Excerpt> excerpt() {
        return Optional.ofNullable(excerpt);
    }

    /** The same fault with an excerpt. */
    public Fault withExcerpt(Excerpt newExcerpt) {
        return new Fault(code, text(), hint, newExcerpt, this);
    }

    /** The message, never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
