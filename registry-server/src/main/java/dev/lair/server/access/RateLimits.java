package dev.lair.server.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.api.Problem;
import dev.lair.server.account.Caller;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.RateLimitSettings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How often somebody may ask, by what is asked: a full minute's worth at once, which fills again evenly. Who asks is the
 * credential, or without one the address that the request comes from ({@link ClientAddress}). The counts are this node's, in memory: a registry of
 * several nodes allows as many times as much, and a start forgives everything.
 *
 * <p>Each counted reply says how it stands: {@code RateLimit-Policy: "login";q=10;w=60} and {@code RateLimit: "login";r=9;t=6}
 * (draft-ietf-httpapi-ratelimit-headers); {@code t} is seconds until all is there again.
 */
@Component
final class RateLimits {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** More at once are forgotten, the longest unused first. */
    private static final int REMEMBERED = 100_000;

    /** What is counted apart. */
    enum Kind {
        LOGIN,
        EXCHANGE,
        PUBLISH,
        REQUEST;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Key(Kind kind, String who) {}

    private final RateLimitSettings settings;
    private final ClientAddress addresses;
    private final TimeMeter time;
    private final Cache<Key, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .build();

    RateLimits(LairSettings settings, ClientAddress addresses, Clock clock) {
        this.addresses = addresses;
        this.settings = settings.rateLimits();
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                Instant now = clock.instant();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    /** Counts a request; a problem {@code too-many-requests} with {@code Retry-After} when it is one too many. */
    void count(Act act, Caller caller, HttpServletRequest request, HttpServletResponse reply) {
        Kind kind = kindOf(act, caller, request.getMethod());
        int perMinute = kind == null ? 0 : limit(kind);
        if (kind == null || perMinute == 0) {
            return;
        }
        String who = caller instanceof Caller.Anonymous ? addresses.counted(request) : caller.actor();
        ConsumptionProbe probe =
                buckets.get(new Key(kind, who), none -> bucket(perMinute)).tryConsumeAndReturnRemaining(1);
        reply.setHeader("RateLimit-Policy", "\"" + kind.label() + "\";q=" + perMinute + ";w=" + WINDOW.toSeconds());
        reply.setHeader(
                "RateLimit",
                "\"" + kind.label() + "\";r=" + probe.getRemainingTokens() + ";t="
                        + seconds(probe.getNanosToWaitForReset()));
        if (!probe.isConsumed()) {
            throw new ProblemException(
                    Problem.Kind.TOO_MANY_REQUESTS,
                    "more than " + perMinute + " a minute of the kind `" + kind.label() + "`",
                    Map.of("Retry-After", Long.toString(seconds(probe.getNanosToWaitForRefill()))));
        }
    }

    /** Whoever asks how a release stands publishes nothing. */
    private static @Nullable Kind kindOf(Act act, Caller caller, String method) {
        return switch (act) {
            // The page that asks for a password guesses none.
            case CONFIRM_LOGIN -> method.equals("GET") ? Kind.REQUEST : Kind.LOGIN;
            case LOG_IN, CHANGE_PASSWORD -> Kind.LOGIN;
            case EXCHANGE_TOKEN -> Kind.EXCHANGE;
            case PUBLISH, PUBLISH_NEW, PUBLISH_UPDATE -> method.equals("GET") ? Kind.REQUEST : Kind.PUBLISH;
            default -> caller instanceof Caller.Anonymous ? null : Kind.REQUEST;
        };
    }

    private int limit(Kind kind) {
        return switch (kind) {
            case LOGIN -> settings.loginsPerMinute();
            case EXCHANGE -> settings.exchangesPerMinute();
            case PUBLISH -> settings.publishesPerMinute();
            case REQUEST -> settings.requestsPerMinute();
        };
    }

    private Bucket bucket(int perMinute) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                .withCustomTimePrecision(time)
                .build();
    }

    private static long seconds(long nanos) {
        return Math.max(1, Duration.ofNanos(nanos).plusMillis(999).toSeconds());
    }
}
