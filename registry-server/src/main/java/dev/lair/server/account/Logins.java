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
        return login(login, password, requestId, sessions::begin);
    }

    /** A browser's session for who knows the password. */
    public Sessions.Begun loginInBrowser(String login, String password, String requestId) {
        return login(login, password, requestId, sessions::beginInBrowser);
    }

    private interface Beginning {
        Sessions.Begun begin(RegistryRows rows, TokenText secret, Account account, Instant steppedUpUntil, Instant now);
    }

    private Sessions.Begun login(String login, String password, String requestId, Beginning beginning) {
        Instant now = clock.instant();
        Account account = require(login, password, now, requestId);
        TokenText secret = sessions.newSecret();
        return store.write(rows -> {
            rows.accounts().setFailures(account.id(), 0, Optional.empty());
            rows.audit().add(new AuditRows.Act(now, account.id(), "login", "", account.login(), "{}", requestId));
            return beginning.begin(rows, secret, account, now.plus(Sessions.STEPPED_UP), now);
        });
    }

    /** Whether the person who asks logs in by password here. */
    public boolean hasPassword(Requester requester) {
        String accountId = requester.person().accountId();
        return store.read(rows -> rows.accounts().password(accountId)).isPresent();
    }

    /** The password once more: the session that asks may do sensitive acts again. */
    public void confirm(Requester requester, String password) {
        Caller.Person person = requester.person();
        Caller.Session session = sessionOf(person);
        Instant now = clock.instant();
        Account account = require(person.login(), password, now, requester.requestId());
        store.write(rows -> {
            rows.accounts().setFailures(account.id(), 0, Optional.empty());
            if (!rows.sessions().stepUp(session.hash(), now.plus(Sessions.STEPPED_UP))) {
                throw CallerResolver.refused("the session has ended meanwhile");
            }
            rows.audit().add(requester.act(now, "login-confirmed", "", account.login(), Map.of()));
            return account;
        });
    }

    /**
     * Changes the password of the person who asks, who says the old one too. Every session of before ends, whoever holds it;
     * the one that is answered takes the place of the one that asked.
     */
    public Sessions.Begun changePassword(Requester requester, String old, String fresh) {
        Caller.Person person = requester.person();
        sessionOf(person);
        Instant now = clock.instant();
        Passwords.check(fresh);
        Account account = require(person.login(), old, now, requester.requestId());
        String hash = passwords.hash(fresh);
        TokenText secret = sessions.newSecret();
        return store.write(rows -> {
            rows.accounts().setPassword(account.id(), hash, now);
            int ended = rows.sessions().removeOf(account.id());
            rows.devices().removeOf(account.id());
            rows.audit().add(requester.act(now, "password-changed", "", account.login(), Map.of("sessions", ended)));
            return sessions.beginInBrowser(rows, secret, account, now.plus(Sessions.STEPPED_UP), now);
        });
    }

    private static Caller.Session sessionOf(Caller.Person person) {
        if (person.means() instanceof Caller.Session session) {
            return session;
        }
        throw new ProblemException(Problem.Kind.FORBIDDEN, "a login says its password again, no API token does");
    }

    /** The account of this login and password. The attempt is counted before the password is looked at. */
    private Account require(String login, String password, Instant now, String requestId) {
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
        return account;
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
