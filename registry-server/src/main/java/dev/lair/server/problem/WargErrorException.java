package dev.lair.server.problem;

import dev.lair.registry.warg.WargError;
import java.util.Map;

/** Ends a request of the warg door with this error body, and headers beside it. */
public final class WargErrorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient WargError error;
    private final transient Map<String, String> headers;

    public WargErrorException(WargError error) {
        this(error, Map.of());
    }

    public WargErrorException(WargError error, Map<String, String> headers) {
        super(String.valueOf(error));
        this.error = error;
        this.headers = Map.copyOf(headers);
    }

    /** Any status with words. */
    public static WargErrorException of(int status, String message) {
        return new WargErrorException(WargError.message(status, message));
    }

    WargError error() {
        return error;
    }

    Map<String, String> headers() {
        return headers;
    }
}
