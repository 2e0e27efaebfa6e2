package dev.lair.server.namespace;

/** An operator record is refused; the message says by which rule. */
public final class OperatorRecordRefused extends Exception {

    private static final long serialVersionUID = 1L;

    public OperatorRecordRefused(String message) {
        super(message);
    }

    public OperatorRecordRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
