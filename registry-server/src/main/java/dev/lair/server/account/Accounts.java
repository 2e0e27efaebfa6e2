package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Identity;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.Membership;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/** People and organisations. An account is never removed: its id stands in the audit log for ever. */
@Service
public final class Accounts {

    private static final Pattern LOGIN = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int MAX_LOGIN = 39;

    /** Of a wanted login: there is room for a number behind it. */
    private static final int MAX_WANTED = 30;

    private static final int MAX_DISPLAY_NAME = 100;

    private final RegistryStore store;
    private final Passwords passwords;
    private final RandomIds ids;
    private final Clock clock;

    Accounts(RegistryStore store, Passwords passwords, RandomIds ids, Clock clock) {
        this.store = store;
        this.passwords = passwords;
        this.ids = ids;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /** Makes a local account for somebody, who logs in by password. */
    public Account create(Requester requester, String login, String displayName, String password) {
        Account account = fresh(login, displayName, Kind.PERSON);
        String hash = passwords.hash(password);
        store.write(rows -> {
            add(rows, account);
            rows.accounts().setPassword(account.id(), hash, account.createdAt());
            rows.audit().add(requester.act(account.createdAt(), "account-created", "", login, Map.of()));
            return account;
        });
        return account;
    }

    /** Makes an organisation, which the person who asks owns. */
    public Account createOrganisation(Requester requester, String login, String displayName) {
        Caller.Person person = requester.person();
        Account account = fresh(login, displayName, Kind.ORGANISATION);
        store.write(rows -> {
            add(rows, account);
            rows.accounts().setMember(account.id(), person.accountId(), Membership.OWNER, account.createdAt());
            rows.audit().add(requester.act(account.createdAt(), "organisation-created", "", login, Map.of()));
            return account;
        });
        return account;
    }

    /**
     * The account that an identity of a provider logs in to; made at its first login, with the first login that is free of
     * {@code wanted}, {@code wanted-2}, …
     *
     * @param subject that the issuer never gives to anybody else; never an e-mail address
     */
    public Account ofIdentity(String issuer, String subject, String shown, String wanted, String requestId) {
        String id = ids.next("acc");
        return store.write(rows -> ofIdentity(rows, id, issuer, subject, shown, wanted, requestId));
    }

    /** {@link #ofIdentity} inside a transaction; {@code id} is the account's, if it is made. */
    public Account ofIdentity(
            RegistryRows rows,
            String id,
            String issuer,
            String subject,
            String shown,
            String wanted,
            String requestId) {
        requireLogin(wanted);
        Optional<Account> known = rows.accounts().byIdentity(issuer, subject);
        if (known.isPresent()) {
            return known.get();
        }
        Instant now = clock.instant();
        Account account = new Account(id, wanted, wanted, Kind.PERSON, false, State.ACTIVE, now);
        for (int next = 2; !rows.accounts().add(account); next++) {
            account = new Account(id, wanted + "-" + next, wanted, Kind.PERSON, false, State.ACTIVE, now);
        }
        rows.accounts().link(new Identity(issuer, subject, id, shown, now));
        rows.audit().add(new AuditRows.Act(now, id, "account-created", "", account.login(), "{}", requestId));
        return account;
    }

    /** A login near to this text, as another registry or provider has it: small letters, digits and single hyphens. */
    public static String loginNear(String text) {
        String near = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+", "")
                .replaceAll("-+$", "");
        String bounded = near.substring(0, Math.min(near.length(), MAX_WANTED)).replaceAll("-+$", "");
        // Nobody is to be taken for the one who runs the registry.
        return bounded.isEmpty() || bounded.equals(Administrator.LOGIN) ? "user" : bounded;
    }

    /** The account of this login. */
    public Optional<Account> find(String login) {
        return store.read(rows -> rows.accounts().byLogin(login));
    }

    /** The logins of these accounts, by id; of ids that are none, nothing. */
    public Map<String, String> logins(Set<String> ids) {
        return store.read(rows -> ids.stream()
                .flatMap(id -> rows.accounts().find(id).stream())
                .collect(Collectors.toUnmodifiableMap(Account::id, Account::login)));
    }

    private Account fresh(String login, String displayName, Kind kind) {
        requireLogin(login);
        if (displayName.isBlank()
                || displayName.length() > MAX_DISPLAY_NAME
                || displayName.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "a display name has 1 to " + MAX_DISPLAY_NAME + " characters, none of them for control");
        }
        return new Account(ids.next("acc"), login, displayName, kind, false, State.ACTIVE, clock.instant());
    }

    private static void requireLogin(String login) {
        if (login.length() > MAX_LOGIN || !LOGIN.matcher(login).matches()) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "a login has at most " + MAX_LOGIN + " small letters and digits, with single hyphens between them,"
                            + " and begins with a letter");
        }
    }

    private static void add(RegistryRows rows, Account account) {
        if (!rows.accounts().add(account)) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT,
                    "the login `" + account.login() + "` was given before; no login is given twice");
        }
    }
}
