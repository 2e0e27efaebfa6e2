package dev.lair.server.quota;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is bounded, and how it stands.
 *
 * @param whose a namespace, an account or a publisher
 * @param used what is used, with what is asked for
 * @param limit 0 for none
 * @param resetsAt when nothing is used again; null when that takes an administrator
 */
record Quota(
        Kind kind,
        String whose,
        long used,
        long limit,
        @Nullable Instant resetsAt) {

    private static final Duration DAY = Duration.ofDays(1);

    /** What is bounded, by the names that problems and headers use. */
    enum Kind {
        STORED_BYTES,
        PACKAGES,
        RELEASES_PER_DAY,
        UPLOADED_BYTES_PER_DAY;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    boolean isExceeded() {
        return limit != 0 && used > limit;
    }

    /** One member of {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers). */
    String policy() {
        return "\"" + kind.label() + "\";q=" + limit + ";w=" + DAY.toSeconds();
    }

    /** One member of {@code RateLimit}: what is left, and the seconds until all is there again. */
    String left(Instant now) {
        return "\"" + kind.label() + "\";r=" + Math.max(0, limit - used) + ";t=" + seconds(now);
    }

    private long seconds(Instant now) {
        return resetsAt == null
                ? 0
                : Math.max(1, Duration.between(now, resetsAt).plusMillis(999).toSeconds());
    }

    /** What whoever asks for too much is told. */
    ProblemException exceeded(Instant now) {
        String when =
                resetsAt == null ? "an administrator of the registry can allow more" : "it begins anew at " + resetsAt;
        return new ProblemException(
                Problem.Kind.QUOTA_EXCEEDED,
                "the quota " + kind.label() + " of `" + whose + "` is " + limit + ", and with this request " + used
                        + " would be used; " + when,
                resetsAt == null
                        ? Map.of()
                        : Map.of(
                                "RateLimit-Policy", policy(),
                                "RateLimit", left(now),
                                "Retry-After", Long.toString(seconds(now))),
                new Problem.Difference(kind.label(), Long.toString(limit), Long.toString(used)));
    }
}
