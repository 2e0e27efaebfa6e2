package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.BusyException;
import dev.lair.server.problem.ProblemException;
import dev.lair.signing.PasswordHash;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Hashes passwords, a few at a time: each takes 19 MiB, and logins are anybody's to try. */
@Component
final class Passwords {

    static final int MIN_CHARS = 12;

    private static final int TOGETHER = 4;
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final SecureRandom random;
    private final Semaphore turns = new Semaphore(TOGETHER);

    /** Of no password: so that a login that does not exist takes as long as a wrong password. */
    private final String none;

    Passwords(SecureRandom random) {
        this.random = random;
        this.none = PasswordHash.ofNone(PasswordHash.COST, random);
    }

    /** What may be a password at all. */
    static void check(String password) {
        if (password.length() < MIN_CHARS || password.length() > PasswordHash.MAX_CHARS) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "a password has " + MIN_CHARS + " to " + PasswordHash.MAX_CHARS + " characters");
        }
    }

    String hash(String password) {
        check(password);
        return inTurn(() -> PasswordHash.of(password.toCharArray(), PasswordHash.COST, random));
    }

    boolean matches(String password, String hash) {
        return password.length() <= PasswordHash.MAX_CHARS
                && inTurn(() -> PasswordHash.matches(password.toCharArray(), hash));
    }

    /** As much work as {@link #matches}, for nothing. */
    void compareWithNone(String password) {
        matches(password, none);
    }

    private interface Work<T> {
        T run();
    }

    private <T> T inTurn(Work<T> work) {
        try {
            if (!turns.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Crowded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Crowded();
        }
        try {
            return work.run();
        } finally {
            turns.release();
        }
    }

    private static final class Crowded extends BusyException {

        private static final long serialVersionUID = 1L;

        Crowded() {
            super("too many people log in at once");
        }
    }
}
