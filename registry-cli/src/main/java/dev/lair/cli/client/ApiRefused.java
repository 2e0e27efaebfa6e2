package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Lair API answered with a problem (RFC 9457), or with another error that is shown as it came. */
public final class ApiRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private static final String URN = "urn:lair:problem:";

    private final String request;
    private final int status;
    private final Answered answered;
    private final transient Optional<Duration> retryAfter;

    /** The members of a problem that are used here; each may be missing, whoever answered. */
    record Answered(
            @Nullable String type,
            @Nullable String title,
            @Nullable String detail,
            @Nullable String hint) {}

    /** @param request what was asked, for the message */
    ApiRefused(String request, int status, Answered answered, Optional<Duration> retryAfter) {
        super(request + ": " + status);
        this.request = request;
        this.status = status;
        this.answered = answered;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether this is a problem of this code, like {@code slow-down}. */
    public boolean is(String code) {
        return (URN + code).equals(answered.type());
    }

    /** How long to wait before the next try, if the registry said so. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Whether nothing was done, and another try may do better. */
    public boolean isForNow() {
        return status == 429 || status == 503;
    }

    /** What the registry said, in one line. */
    public String words() {
        String said = answered.detail() == null || answered.detail().isEmpty() ? answered.title() : answered.detail();
        return said == null || said.isEmpty() ? "no reason given" : RegistryRefused.shortened(said);
    }

    /** The refusal as the end of the command. */
    public Fault fault() {
        String hint = answered.hint();
        return code().fault("the registry refused to " + request + " (" + status + "): " + words(), this)
                .withHint(hint == null || hint.isEmpty() ? null : RegistryRefused.shortened(hint));
    }

    private ExitCode code() {
        if (status == 404) {
            return ExitCode.NOT_FOUND;
        }
        return status == 429 || status >= 500 && status != 501 ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    }
}
