package dev.lair.server.problem;

/** Nothing is decided and nothing is wrong with the request: it is answered 503 and may come again in a few seconds. */
public abstract class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected BusyException(String message) {
        super(message);
    }
}
