package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;

/** The server did not say how a commit ended: it is there whole, or not at all, or still on its way. */
final class OutcomeUnknownException extends StorageException {

    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(String database, Throwable cause) {
        super(
                "a commit to " + database + " ended without an answer, so its outcome is unknown until the state is"
                        + " read: " + cause.getMessage(),
                cause);
    }
}
