package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Password;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Logins to local accounts by password. Each attempt is counted before the password is looked at, so that attempts that race
 * are as few as attempts in a row; from the fifth failure on an account is locked, for a minute that doubles up to an hour.
 */
@Service
public final class Logins {

    static final int FREE_FAILURES = 5;
    static final Duration FIRST_LOCK = Duration.ofMinutes(1);
    static final Duration LONGEST_LOCK = Duration.ofHours(1);

    private final RegistryStore store;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Clock clock;

    Logins(RegistryStore store, Passwords passwords, Sessions sessions, Clock clock) {
        this.store = store;
        this.passwords = passwords;
        this.sessions = sessions;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /** What an attempt was let see. */
    private record Attempt(Account account, String hash, Optional<Instant> lockedUntil) {}

    /** A session of one hour for who knows the password. */
    public Sessions.Begun login(String login, String password, String requestId) {
        Instant now = clock.instant();
        Optional<Attempt> attempt = store.write(rows -> count(rows, login, now, requestId));
        if (attempt.isEmpty()) {
            passwords.compareWithNone(password);
            throw wrong();
        }
        Account account = attempt.get().account();
        attempt.get().lockedUntil().ifPresent(until -> {
            throw locked(until, now);
        });
        if (!passwords.matches(password, attempt.get().hash())) {
            throw wrong();
        }
        TokenText secret = sessions.newSecret();
        return store.write(rows -> {
            rows.accounts().setFailures(account.id(), 0, Optional.empty());
            rows.audit().add(new AuditRows.Act(now, account.id(), "login", "", account.login(), "{}", requestId));
            return sessions.begin(rows, secret, account, now.plus(Sessions.STEPPED_UP), now);
        });
    }

    /** A crash behind this leaves one attempt more counted than there was. */
    private static Optional<Attempt> count(RegistryRows rows, String login, Instant now, String requestId) {
        Optional<Account> account = rows.accounts().byLogin(login).filter(found -> found.state() == State.ACTIVE);
        Optional<Password> password = account.flatMap(found -> rows.accounts().password(found.id()));
        if (account.isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        Account known = account.get();
        Password kept = password.get();
        if (kept.lockedUntil().filter(now::isBefore).isPresent()) {
            return Optional.of(new Attempt(known, kept.hash(), kept.lockedUntil()));
        }
        int failures = kept.failures() + 1;
        Optional<Instant> lock =
                failures < FREE_FAILURES ? Optional.empty() : Optional.of(now.plus(lock(failures - FREE_FAILURES)));
        rows.accounts().setFailures(known.id(), failures, lock);
        if (lock.isPresent()) {
            rows.audit()
                    .add(new AuditRows.Act(
                            now,
                            "registry",
                            "login-locked",
                            "",
                            known.login(),
                            "{\"failures\":" + failures + "}",
                            requestId));
        }
        return Optional.of(new Attempt(known, kept.hash(), Optional.empty()));
    }

    private static Duration lock(int beyond) {
        Duration lock = FIRST_LOCK.multipliedBy(1L << Math.min(beyond, 10));
        return lock.compareTo(LONGEST_LOCK) > 0 ? LONGEST_LOCK : lock;
    }

    /** The same whether there is no such login, it has no password, or the password is another. */
    private static ProblemException wrong() {
        return new ProblemException(
                Problem.Kind.WRONG_CREDENTIALS, "there is no account with this login and this password");
    }

    private static ProblemException locked(Instant until, Instant now) {
        long seconds = Math.max(1, Duration.between(now, until).plusMillis(999).toSeconds());
        return new ProblemException(
                Problem.Kind.LOCKED,
                "after " + FREE_FAILURES + " failed logins in a row the account is locked for a while",
                Map.of("Retry-After", Long.toString(seconds)));
    }
}
