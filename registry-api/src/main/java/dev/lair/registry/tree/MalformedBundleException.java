package dev.lair.registry.tree;

/** Bytes are no {@link RecordBundle} of the expected number of records; the message says at which record. */
public final class MalformedBundleException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedBundleException(String message) {
        super(message);
    }

    MalformedBundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
