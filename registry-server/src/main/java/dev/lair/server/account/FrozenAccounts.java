package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.TokenRows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/**
 * Accounts that may do nothing. To freeze one is one transaction: its sessions and tokens end and do not come back, and the
 * publishers that it created stand still, each until an owner of its namespace lets it go on. Who is an administrator is asked
 * at the door, with a login of the last quarter of an hour.
 */
@Service
public final class FrozenAccounts {

    private static final int MAX_REASON = 1000;

    private final RegistryStore store;
    private final Clock clock;

    FrozenAccounts(RegistryStore store, Clock clock) {
        this.store = store;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /**
     * What was done, or undone.
     *
     * @param sessions that ended
     * @param tokens that were revoked
     * @param publishers that the account created, and that stand still now
     */
    public record Frozen(Account account, int sessions, int tokens, List<PublisherRows.Publisher> publishers) {

        public Frozen {
            publishers = List.copyOf(publishers);
        }
    }

    /** All accounts whose logins follow {@code after}, by login. */
    public List<Account> list(String after, int limit) {
        return store.read(rows -> rows.accounts().list(after, limit));
    }

    /** Freezes an account, for a reason that the audit log keeps. */
    public Frozen freeze(Requester requester, String login, String reason) {
        requireReason(reason);
        Instant now = clock.instant();
        return store.write(rows -> {
            requireAdministrator(rows, requester);
            Account account = account(rows, login);
            if (account.id().equals(requester.person().accountId())) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT, "nobody freezes themselves; another administrator does");
            }
            if (account.state() == State.FROZEN) {
                throw new ProblemException(Problem.Kind.CONFLICT, "the account `" + login + "` is frozen already");
            }
            rows.accounts().setState(account.id(), State.FROZEN);
            int sessions = rows.sessions().removeOf(account.id());
            List<String> tokens = rows.tokens().ofAccount(account.id()).stream()
                    .map(TokenRows.Token::id)
                    .toList();
            tokens.forEach(id -> rows.tokens().revoke(id, now));
            List<PublisherRows.Publisher> publishers = stop(rows, account.id(), now);
            rows.audit()
                    .add(requester.act(
                            now,
                            "account-frozen",
                            "",
                            login,
                            Map.of("reason", reason, "sessions", sessions, "tokens", tokens)));
            for (PublisherRows.Publisher publisher : publishers) {
                rows.audit()
                        .add(requester.act(
                                now,
                                "publisher-frozen",
                                publisher.namespace(),
                                publisher.id(),
                                Map.of("because", "its creator `" + login + "` was frozen")));
            }
            return new Frozen(account(rows, login), sessions, tokens.size(), publishers);
        });
    }

    private static List<PublisherRows.Publisher> stop(RegistryRows rows, String accountId, Instant now) {
        List<PublisherRows.Publisher> stopped = new ArrayList<>();
        for (PublisherRows.Publisher publisher : rows.publishers().createdBy(accountId)) {
            if (publisher.status() != PublisherRows.Status.FROZEN
                    && rows.publishers().move(publisher.id(), publisher.status(), PublisherRows.Status.FROZEN)) {
                rows.trustedTokens().revokeOf(publisher.id(), now);
                rows.publishers().find(publisher.id()).ifPresent(stopped::add);
            }
        }
        return stopped;
    }

    /** Lets an account log in again. Its tokens and publishers stay as they are. */
    public Frozen unfreeze(Requester requester, String login) {
        Instant now = clock.instant();
        return store.write(rows -> {
            requireAdministrator(rows, requester);
            Account account = account(rows, login);
            if (account.state() != State.FROZEN) {
                throw new ProblemException(Problem.Kind.CONFLICT, "the account `" + login + "` is not frozen");
            }
            rows.accounts().setState(account.id(), State.ACTIVE);
            rows.audit().add(requester.act(now, "account-unfrozen", "", login, Map.of()));
            return new Frozen(account(rows, login), 0, 0, List.of());
        });
    }

    /** Of two administrators who freeze each other at once, one is too late. */
    private static void requireAdministrator(RegistryRows rows, Requester requester) {
        boolean administrator = rows.accounts()
                .find(requester.person().accountId())
                .filter(asking -> asking.state() == State.ACTIVE && asking.administrator())
                .isPresent();
        if (!administrator) {
            throw new ProblemException(Problem.Kind.FORBIDDEN, "freeze is not allowed: it needs an administrator");
        }
    }

    private static Account account(RegistryRows rows, String login) {
        return rows.accounts()
                .byLogin(login)
                .orElseThrow(() ->
                        new ProblemException(Problem.Kind.NO_SUCH_ACCOUNT, "there is no account `" + login + "`"));
    }

    private static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > MAX_REASON) {
            throw new ProblemException(
                    Problem.Kind.INVALID, "`reason` has 1 to " + MAX_REASON + " characters; the audit log keeps it");
        }
    }
}
