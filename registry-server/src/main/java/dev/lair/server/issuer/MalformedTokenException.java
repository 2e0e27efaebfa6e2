package dev.lair.server.issuer;

import java.util.Objects;

/** A text is no identity token; the message is the rule that it breaks, and repeats nothing of the text. */
public final class MalformedTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedTokenException(String rule) {
        super(rule);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
