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
import java.util.Map;
import org.springframework.stereotype.Service;

/** What a login gives: a token of one hour, with which sensitive acts are allowed for the first quarter of it. */
@Service
public final class Sessions {

    static final Duration LIFE = Duration.ofHours(1);
    static final Duration STEPPED_UP = Duration.ofMinutes(15);

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
    TokenText newSecret() {
        return TokenText.generate(TokenText.Kind.PAT, random);
    }

    /** Begins a session inside the transaction that found the login to be right. */
    Begun begin(RegistryRows rows, TokenText secret, Account account, Instant steppedUpUntil, Instant now) {
        Begun begun = new Begun(secret, account, now.plus(LIFE), steppedUpUntil);
        rows.sessions().removeExpired(now);
        rows.sessions()
                .add(new SessionRows.Session(
                        secret.digest(), account.id(), now, begun.expiresAt(), begun.steppedUpUntil()));
        return begun;
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
