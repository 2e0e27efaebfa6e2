package dev.lair.server.issuer;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One issuer's keys over time (section 3, "rotation, kid flood, JWKS outage" and "stale keys"):
 *
 * <ul>
 *   <li>they are fetched when a token names one that is not known, and again when they are an hour old;
 *   <li>that is tried once in 60 seconds, whatever comes in: an attacker can name as many keys as he likes;
 *   <li>one thread fetches; who needs what it brings waits, up to a bound; who does not, goes on;
 *   <li>an error, or a set without keys, leaves the old set as it was, for 24 hours since it was fetched.
 * </ul>
 */
public final class KeysOfIssuer {

    private static final Logger LOG = LoggerFactory.getLogger(KeysOfIssuer.class);

    private final Issuer issuer;
    private final IssuerDocuments documents;
    private final Clock clock;

    /** Owns every field below. Never held while something is fetched. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable IssuerKeySet keys;
    private @Nullable Instant attemptedAt;
    private boolean lastFailed;
    private @Nullable CountDownLatch flight;
    private int waiting;

    public KeysOfIssuer(Issuer issuer, IssuerDocuments documents, Clock clock) {
        this.issuer = issuer;
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * The key of this name.
     *
     * @throws NoIssuerKeyException when the issuer has none, or does not answer, so that this cannot be said
     */
    public IssuerKey key(String keyId) throws NoIssuerKeyException {
        CountDownLatch landed;
        boolean mine = false;
        lock.lock();
        try {
            Instant now = clock.instant();
            Optional<IssuerKey> known = known(keyId, now);
            landed = flight;
            if (landed == null && (known.isEmpty() || isOlderThan(Limits.REFRESH_AFTER, now)) && mayAttempt(now)) {
                landed = new CountDownLatch(1);
                flight = landed;
                attemptedAt = now;
                mine = true;
            } else if (known.isPresent()) {
                return known.get();
            } else if (landed == null) {
                throw missing(now);
            } else if (waiting >= Limits.WAITING) {
                throw new NoIssuerKeyException("too many requests wait for the keys of " + issuer, Limits.FETCH_WITHIN);
            } else {
                waiting++;
            }
        } finally {
            lock.unlock();
        }
        if (mine) {
            fly(landed);
        } else {
            await(landed);
        }
        lock.lock();
        try {
            Instant now = clock.instant();
            Optional<IssuerKey> known = known(keyId, now);
            if (known.isEmpty()) {
                throw missing(now);
            }
            return known.get();
        } finally {
            lock.unlock();
        }
    }

    private Optional<IssuerKey> known(String keyId, Instant now) {
        return keys == null || isOlderThan(Limits.KEYS_LAST, now) ? Optional.empty() : keys.named(keyId);
    }

    /** Whether the keys were fetched so long ago. A clock that was put back makes nothing younger than it says. */
    private boolean isOlderThan(Duration age, Instant now) {
        return keys != null && Duration.between(keys.fetchedAt(), now).abs().compareTo(age) >= 0;
    }

    private boolean mayAttempt(Instant now) {
        return attemptedAt == null || Duration.between(attemptedAt, now).abs().compareTo(Limits.FETCH_EVERY) >= 0;
    }

    /** That there is no such key can be said only when the issuer answered the last time it was asked. */
    private NoIssuerKeyException missing(Instant now) {
        if (keys != null && !lastFailed && !isOlderThan(Limits.KEYS_LAST, now)) {
            return new NoIssuerKeyException(
                    issuer + " has no key of the name that the token's kid gives; its keys are as of "
                            + keys.fetchedAt(),
                    null);
        }
        Duration left = attemptedAt == null
                ? Duration.ZERO
                : Limits.FETCH_EVERY.minus(Duration.between(attemptedAt, now).abs());
        return new NoIssuerKeyException(
                "the keys of " + issuer + " cannot be had now, so no token of it can be verified",
                Duration.ofSeconds(Math.max(1, left.plusMillis(999).toSeconds())));
    }

    private void fly(CountDownLatch landed) {
        IssuerKeySet fetched = null;
        try {
            fetched = IssuerKeySet.fetch(issuer, documents, clock.instant());
        } catch (IOException e) {
            LOG.warn("the keys of an issuer could not be fetched issuer.url={} reason=\"{}\"", issuer, e.getMessage());
        } finally {
            // Also after a fault of our own: whoever waits must not wait for ever.
            lock.lock();
            try {
                lastFailed = fetched == null;
                keys = fetched == null ? keys : fetched;
                flight = null;
            } finally {
                lock.unlock();
                landed.countDown();
            }
        }
    }

    private void await(CountDownLatch landed) {
        try {
            // The bound is for documents that break their own; whether they came is looked at by the caller.
            if (!landed.await(Limits.WAIT_FOR_FLIGHT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the keys of an issuer took too long issuer.url={}", issuer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.lock();
            try {
                waiting--;
            } finally {
                lock.unlock();
            }
        }
    }
}
