package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Accounts, the identities and passwords by which people log in to them, and who is in which organisation. */
public final class AccountRows {

    /** What an account stands for. */
    public enum Kind {
        PERSON,
        ORGANISATION
    }

    /** Whether an account may do anything. */
    public enum State {
        ACTIVE,
        FROZEN
    }

    /** What somebody is in an organisation. */
    public enum Membership {
        MEMBER,
        OWNER
    }

    /**
     * An account.
     *
     * @param id {@code acc_…}, for ever
     * @param login lower-case ASCII, given once
     * @param administrator whether it runs the registry
     */
    public record Account(
            String id,
            String login,
            String displayName,
            Kind kind,
            boolean administrator,
            State state,
            Instant createdAt) {}

    /**
     * By whom a person is known elsewhere.
     *
     * @param issuer of an OpenID provider
     * @param subject that the issuer never gives to anybody else
     * @param shown how the issuer calls them; for eyes only
     */
    public record Identity(String issuer, String subject, String accountId, String shown, Instant linkedAt) {}

    /**
     * What a local account logs in with.
     *
     * @param hash with its parameters and salt
     * @param failures in a row
     * @param lockedUntil empty when no login was ever refused for too many failures
     */
    public record Password(
            String accountId, String hash, int failures, Optional<Instant> lockedUntil, Instant changedAt) {

        @Override
        public String toString() {
            return "Password[of " + accountId + ", changed " + changedAt + "]";
        }
    }

    /** Somebody in an organisation. */
    public record Member(String organisationId, String accountId, String login, Membership role, Instant addedAt) {}

    /** An organisation, and what somebody is in it. */
    public record Belonging(Account organisation, Membership role) {}

    private static final String COLUMNS =
            "a.id, a.login, a.display_name, a.kind, a.administrator, a.state, a.created_at";

    private final Sql sql;

    AccountRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds an account; false when its id or login was given before. */
    public boolean add(Account account) {
        return sql.change(
                        "INSERT INTO account (id, login, display_name, kind, administrator, state, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        account.id(),
                        account.login(),
                        account.displayName(),
                        account.kind(),
                        account.administrator(),
                        account.state(),
                        account.createdAt())
                == 1;
    }

    public Optional<Account> find(String id) {
        return sql.first("SELECT " + COLUMNS + " FROM account a WHERE a.id = ?", AccountRows::account, id);
    }

    public Optional<Account> byLogin(String login) {
        return sql.first("SELECT " + COLUMNS + " FROM account a WHERE a.login = ?", AccountRows::account, login);
    }

    /** All whose logins follow {@code after}, by login. */
    public List<Account> list(String after, int limit) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM account a WHERE a.login > ? ORDER BY a.login LIMIT ?",
                AccountRows::account,
                after,
                limit);
    }

    /** Whether anybody runs this registry. */
    public boolean hasAdministrator() {
        return sql.count("SELECT count(*) FROM account WHERE administrator = 1") > 0;
    }

    /** Freezes an account or lets it act again; false when there is none. */
    public boolean setState(String id, State state) {
        return sql.change("UPDATE account SET state = ? WHERE id = ?", state, id) == 1;
    }

    /** Links an identity; false when it is linked already, whoever's it is. */
    public boolean link(Identity identity) {
        return sql.change(
                        "INSERT INTO account_identity (issuer, subject, account_id, shown, linked_at)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        identity.issuer(),
                        identity.subject(),
                        identity.accountId(),
                        identity.shown(),
                        identity.linkedAt())
                == 1;
    }

    /** The account that this identity logs in to. */
    public Optional<Account> byIdentity(String issuer, String subject) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM account a JOIN account_identity i ON i.account_id = a.id"
                        + " WHERE i.issuer = ? AND i.subject = ?",
                AccountRows::account,
                issuer,
                subject);
    }

    /** Unlinks an identity of this account; false when it has no such. */
    public boolean unlink(String accountId, String issuer, String subject) {
        return sql.change(
                        "DELETE FROM account_identity WHERE account_id = ? AND issuer = ? AND subject = ?",
                        accountId,
                        issuer,
                        subject)
                == 1;
    }

    public List<Identity> identitiesOf(String accountId) {
        return sql.all(
                "SELECT issuer, subject, account_id, shown, linked_at FROM account_identity WHERE account_id = ?"
                        + " ORDER BY issuer, subject",
                row -> new Identity(
                        row.getString("issuer"),
                        row.getString("subject"),
                        row.getString("account_id"),
                        row.getString("shown"),
                        Sql.time(row, "linked_at")),
                accountId);
    }

    /** Sets a password, and with it counts failures from none. */
    public void setPassword(String accountId, String hash, Instant now) {
        sql.change(
                "INSERT INTO account_password (account_id, hash, failures, locked_until, changed_at)"
                        + " VALUES (?, ?, 0, 0, ?) ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash,"
                        + " failures = 0, locked_until = 0, changed_at = excluded.changed_at",
                accountId,
                hash,
                now);
    }

    /** The password of an account that has one. */
    public Optional<Password> password(String accountId) {
        return sql.first(
                "SELECT account_id, hash, failures, locked_until, changed_at FROM account_password WHERE account_id = ?",
                row -> new Password(
                        row.getString("account_id"),
                        row.getString("hash"),
                        row.getInt("failures"),
                        Sql.timeOrNever(row, "locked_until"),
                        Sql.time(row, "changed_at")),
                accountId);
    }

    /** Says how many logins failed in a row, and until when the next is refused unseen. */
    public void setFailures(String accountId, int failures, Optional<Instant> lockedUntil) {
        sql.change(
                "UPDATE account_password SET failures = ?, locked_until = ? WHERE account_id = ?",
                failures,
                Sql.millisOrZero(lockedUntil),
                accountId);
    }

    /** Puts somebody into an organisation, or changes what they are in it. */
    public void setMember(String organisationId, String accountId, Membership role, Instant now) {
        sql.change(
                "INSERT INTO organisation_member (organisation_id, account_id, role, added_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (organisation_id, account_id) DO UPDATE SET role = excluded.role",
                organisationId,
                accountId,
                role,
                now);
    }

    /** Takes somebody out; false when they were not in it. */
    public boolean removeMember(String organisationId, String accountId) {
        return sql.change(
                        "DELETE FROM organisation_member WHERE organisation_id = ? AND account_id = ?",
                        organisationId,
                        accountId)
                == 1;
    }

    /** The organisations that somebody is in, with what they are there, by login. */
    public List<Belonging> organisationsOf(String accountId) {
        return sql.all(
                "SELECT " + COLUMNS + ", m.role AS membership FROM account a"
                        + " JOIN organisation_member m ON m.organisation_id = a.id WHERE m.account_id = ? ORDER BY a.login",
                row -> new Belonging(account(row), Sql.word(row, "membership", Membership.class)),
                accountId);
    }

    /** What somebody is in an organisation; empty when they are not in it. */
    public Optional<Membership> membership(String organisationId, String accountId) {
        return sql.first(
                "SELECT role FROM organisation_member WHERE organisation_id = ? AND account_id = ?",
                row -> Sql.word(row, "role", Membership.class),
                organisationId,
                accountId);
    }

    /** Who is in an organisation, by login. */
    public List<Member> membersOf(String organisationId) {
        return sql.all(
                "SELECT m.organisation_id, m.account_id, a.login, m.role, m.added_at FROM organisation_member m"
                        + " JOIN account a ON a.id = m.account_id WHERE m.organisation_id = ? ORDER BY a.login",
                row -> new Member(
                        row.getString("organisation_id"),
                        row.getString("account_id"),
                        row.getString("login"),
                        Sql.word(row, "role", Membership.class),
                        Sql.time(row, "added_at")),
                organisationId);
    }

    static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("login"),
                row.getString("display_name"),
                Sql.word(row, "kind", Kind.class),
                Sql.flag(row, "administrator"),
                Sql.word(row, "state", State.class),
                Sql.time(row, "created_at"));
    }
}
