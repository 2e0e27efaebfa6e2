package dev.lair.server.account;

import dev.lair.registry.api.TokenText;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.SessionRows;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * What a login gives, with which sensitive acts are allowed for a quarter of an hour. A session of the command line lives one
 * hour. A browser's lives twelve hours from its last use, and seven days at most: people come back to a page after lunch. Which
 * of the two a session is, is how long it was given to live at its beginning; nobody can make one of the other.
 */
@Service
public final class Sessions {

    static final Duration LIFE = Duration.ofHours(1);
    public static final Duration STEPPED_UP = Duration.ofMinutes(15);

    /** Of a browser's session since its last use. */
    public static final Duration BROWSER_LIFE = Duration.ofHours(12);

    /** Of a browser's session since its beginning. */
    public static final Duration BROWSER_LONGEST = Duration.ofDays(7);

    /** A session that is in use costs one write in this time. */
    private static final Duration NOTED_EVERY = Duration.ofHours(1);

    private final RegistryStore store;
    private final SecureRandom random;
    private final Clock clock;

    Sessions(RegistryStore store, SecureRandom random, Clock clock) {
        this.store = store;
        this.random = random;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /**
     * A session that was begun.
     *
     * @param token the secret, which is nowhere else
     */
    public record Begun(TokenText token, Account account, Instant expiresAt, Instant steppedUpUntil) {}

    /** A new secret; made before the transaction, which may be run more than once. */
    public TokenText newSecret() {
        return TokenText.generate(TokenText.Kind.PAT, random);
    }

    /** Begins a session inside the transaction that found the login to be right. */
    Begun begin(RegistryRows rows, TokenText secret, Account account, Instant steppedUpUntil, Instant now) {
        return begin(rows, new Begun(secret, account, now.plus(LIFE), steppedUpUntil), now);
    }

    /** The same of a browser's session, whose secret goes into {@link SessionCookie} and nowhere else. */
    public Begun beginInBrowser(
            RegistryRows rows, TokenText secret, Account account, Instant steppedUpUntil, Instant now) {
        return begin(rows, new Begun(secret, account, now.plus(BROWSER_LIFE), steppedUpUntil), now);
    }

    private static Begun begin(RegistryRows rows, Begun begun, Instant now) {
        rows.sessions().removeExpired(now);
        rows.sessions()
                .add(new SessionRows.Session(
                        begun.token().digest(), begun.account().id(), now, begun.expiresAt(), begun.steppedUpUntil()));
        return begun;
    }

    /**
     * Lets a browser's session that is in use live on.
     *
     * @return until when, if that is later than it was by an hour or more; empty for a session of the command line
     */
    public Optional<Instant> goOn(Caller.Session used) {
        Instant now = clock.instant();
        if (used.expiresAt().isAfter(now.plus(BROWSER_LIFE).minus(NOTED_EVERY))) {
            return Optional.empty();
        }
        Optional<Instant> later = store.read(rows -> rows.sessions()
                .find(used.hash())
                .filter(Sessions::isOfBrowser)
                .map(session ->
                        earlier(now.plus(BROWSER_LIFE), session.createdAt().plus(BROWSER_LONGEST)))
                .filter(until -> !until.isBefore(used.expiresAt().plus(NOTED_EVERY))));
        later.ifPresent(until -> store.write(rows -> rows.sessions().extend(used.hash(), until)));
        return later;
    }

    private static boolean isOfBrowser(SessionRows.Session session) {
        return Duration.between(session.createdAt(), session.expiresAt()).compareTo(LIFE) > 0;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * A session as its owner sees it.
     *
     * @param browser whether a browser has it, or else a command line
     * @param current whether it is the one that asks
     */
    public record Seen(Instant createdAt, Instant expiresAt, boolean browser, boolean current) {}

    /** Those of the person who asks, newest first. */
    public List<Seen> of(Requester requester) {
        Caller.Person person = requester.person();
        Instant now = clock.instant();
        return store.read(rows -> rows.sessions().ofAccount(person.accountId(), now)).stream()
                .map(session -> new Seen(
                        session.createdAt(),
                        session.expiresAt(),
                        isOfBrowser(session),
                        person.means() instanceof Caller.Session own
                                && own.hash().equals(session.hash())))
                .toList();
    }

    /** Ends every session of the person who asks, this one too. API tokens live on. */
    public void endAll(Requester requester) {
        Caller.Person person = requester.person();
        Instant now = clock.instant();
        store.write(rows -> {
            int ended = rows.sessions().removeOf(person.accountId());
            rows.devices().removeOf(person.accountId());
            rows.audit().add(requester.act(now, "sessions-ended", "", person.accountId(), Map.of("sessions", ended)));
            return ended;
        });
    }

    /** Ends the session that asks. */
    public void end(Requester requester) {
        Caller.Person person = requester.person();
        if (person.means() instanceof Caller.Session session) {
            Instant now = clock.instant();
            store.write(rows -> {
                if (rows.sessions().remove(session.hash())) {
                    rows.audit().add(requester.act(now, "session-ended", "", person.accountId(), Map.of()));
                }
                return session;
            });
        }
    }
}
