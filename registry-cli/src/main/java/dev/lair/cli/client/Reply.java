package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One HTTP reply: status, the few headers that matter, and a body that is yet to be read. */
record Reply(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, ReplyBody body) implements AutoCloseable {

    private static final String REGISTRY_HINT = "warg-registry-hint";

    URI uri() {
        return response.uri();
    }

    int status() {
        return response.statusCode();
    }

    boolean isSuccess() {
        return status() / 100 == 2;
    }

    /** Where a redirect points to; empty for any other reply. */
    Optional<String> redirect() {
        return switch (status()) {
            case 301, 302, 303, 307, 308 -> response.headers().firstValue("location");
            default -> Optional.empty();
        };
    }

    /** Whether nobody is let in without a token, as a registry with private reads says. */
    boolean asksForToken() {
        return status() == 401
                && response.headers().allValues("www-authenticate").stream()
                        .anyMatch(challenge -> challenge.regionMatches(true, 0, "Bearer", 0, "Bearer".length()));
    }

    /** What the reply asks to wait, as far as it says so in seconds. */
    Optional<Duration> retryAfter() {
        long seconds;
        try {
            seconds = response.headers().firstValueAsLong("retry-after").orElse(-1);
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
        return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.min(seconds, 3600)));
    }

    Optional<Long> announcedBytes() {
        long length = response.headers().firstValueAsLong("content-length").orElse(-1);
        return length < 0 ? Optional.empty() : Optional.of(length);
    }

    @Nullable
    String registryHint() {
        return response.headers().firstValue(REGISTRY_HINT).orElse(null);
    }

    byte[] readAll(long maxBytes) throws Fault {
        try {
            return body.readAll(maxBytes);
        } catch (IOException e) {
            throw unreachable(uri(), e);
        }
    }

    Optional<List<ByteBuffer>> next() throws Fault {
        try {
            return body.next();
        } catch (IOException e) {
            throw unreachable(uri(), e);
        }
    }

    static Fault unreachable(URI uri, IOException cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertPathBuilderException) {
                return ExitCode.UNREACHABLE.fault(
                        "the certificate of " + uri.getAuthority() + " is by no authority that is trusted here; of an"
                                + " authority of your own, name the certificate with --ca-file or $LAIR_CA_FILE",
                        cause);
            }
        }
        return ExitCode.UNREACHABLE.fault(
                "cannot reach " + uri + ": " + why + "; is the address right and the registry running?", cause);
    }

    @Override
    public void close() {
        body.close();
    }
}
