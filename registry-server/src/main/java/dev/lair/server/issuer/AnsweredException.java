package dev.lair.server.issuer;

import java.io.IOException;

/** An issuer answered, and not with 200. */
public final class AnsweredException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    AnsweredException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }
}
