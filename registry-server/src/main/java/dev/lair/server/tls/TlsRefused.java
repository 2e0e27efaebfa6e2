package dev.lair.server.tls;

/** Certificate and key cannot be used as they are; the message names setting, file and what to do. */
public final class TlsRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TlsRefused(String message) {
        super(message);
    }

    TlsRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
