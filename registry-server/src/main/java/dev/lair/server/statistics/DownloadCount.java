package dev.lair.server.statistics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.lair.server.access.ClientAddress;
import dev.lair.storage.StorageException;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedDigestException;
import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Counts downloads behind the reply, in memory, and adds them to the tables each minute: a read never waits for a write.
 *
 * <p>A download is a GET that was answered with the content, whole or from its first byte, or with the way to the bucket where
 * it lies. The same content by the same address within an hour is one: a client that tries again, or fetches in parts, is no
 * second user. Who calls itself a robot, a mirror or a monitor, or nothing at all, is none ({@link #ROBOT}).
 *
 * <p><b>Crashes.</b> What was counted since the last minute is lost. Addresses are never stored: they are kept for an hour, in
 * memory, as a hash under a salt of this process.
 */
@Component
public final class DownloadCount implements HandlerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(DownloadCount.class);

    /** As programs name themselves that fetch everything, or nothing for people. */
    static final Pattern ROBOT = Pattern.compile(
            "bot\\b|crawl|spider|slurp|monitor|mirror|scan|preview|headless|uptime|health", Pattern.CASE_INSENSITIVE);

    private static final Pattern PATH = Pattern.compile("/(?:content/sha256-|blob/sha256/)([0-9a-f]{64})");
    private static final Pattern FROM_THE_FIRST = Pattern.compile("bytes=0-.*");
    private static final Duration ONE_USER = Duration.ofHours(1);
    private static final long REMEMBERED = 200_000;

    private record Key(Digest content, LocalDate day) {}

    private final RegistryStore store;
    private final ClientAddress addresses;
    private final Clock clock;
    private final byte[] salt = new byte[16];
    private final Map<Key, Long> counted = new ConcurrentHashMap<>();
    private final Cache<Digest, Boolean> seen;

    DownloadCount(RegistryStore store, ClientAddress addresses, SecureRandom random, Clock clock) {
        this.store = store;
        this.addresses = addresses;
        this.clock = clock;
        random.nextBytes(salt);
        Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
        this.seen = Caffeine.newBuilder()
                .expireAfterWrite(ONE_USER)
                .ticker(ticker)
                .maximumSize(REMEMBERED)
                .build();
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse reply, Object handler, @Nullable Exception fault) {
        if (fault == null && isDownload(request, reply.getStatus())) {
            contentOf(request).ifPresent(content -> count(content, request));
        }
    }

    static boolean isDownload(HttpServletRequest request, int status) {
        String range = request.getHeader("Range");
        String agent = request.getHeader("User-Agent");
        return request.getMethod().equals("GET")
                && (status == 200 || status == 307 || status == 206)
                && (range == null || FROM_THE_FIRST.matcher(range).matches())
                && agent != null
                && !agent.isBlank()
                && !ROBOT.matcher(agent).find();
    }

    private static Optional<Digest> contentOf(HttpServletRequest request) {
        Matcher path = PATH.matcher(
                request.getRequestURI().substring(request.getContextPath().length()));
        try {
            return path.matches() ? Optional.of(Digest.parseHexOnly(path.group(1))) : Optional.empty();
        } catch (MalformedDigestException e) {
            throw new IllegalStateException("64 hex digits are no digest", e);
        }
    }

    private void count(Digest content, HttpServletRequest request) {
        Digest user = Digest.of(salt, content.bytes(), addresses.of(request).getBytes(StandardCharsets.UTF_8));
        if (seen.asMap().putIfAbsent(user, true) == null) {
            counted.merge(new Key(content, today()), 1L, Long::sum);
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(Instant.now(clock), ZoneOffset.UTC);
    }

    /** Adds what was counted to the tables; what cannot be added now is kept for the next time. */
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    @PreDestroy
    public void flush() {
        record Counted(Key key, long downloads) {}
        List<Counted> taken = new ArrayList<>();
        for (Key key : counted.keySet()) {
            Long downloads = counted.remove(key);
            if (downloads != null) {
                taken.add(new Counted(key, downloads));
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        // In one order on every node, so that none waits for another in a circle.
        taken.sort(Comparator.comparing((Counted one) -> one.key().content().hex())
                .thenComparing(one -> one.key().day()));
        try {
            store.write(rows -> {
                taken.forEach(one ->
                        rows.downloads().add(one.key().content(), one.key().day(), one.downloads()));
                return taken;
            });
        } catch (StorageException e) {
            LOG.warn("{} counts of downloads wait for the database: {}", taken.size(), e.getMessage());
            taken.forEach(one -> counted.merge(one.key(), one.downloads(), Long::sum));
        }
    }
}
