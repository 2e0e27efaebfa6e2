package dev.lair.server.gate;

import dev.lair.server.problem.BusyException;

/**
 * Content could not be looked at now: too much waits for it, or it takes too long. Nothing is decided about the content,
 * and the same request may succeed later.
 */
public final class GateBusyException extends BusyException {

    private static final long serialVersionUID = 1L;

    GateBusyException(String message) {
        super(message);
    }
}
