package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Namespaces, and who may do what in them. That a namespace exists is said by the operator log, which is not in this
 * database: {@link State#DEFINING} is what a crash between the two leaves, and whoever meets it goes on.
 */
public final class NamespaceRows {

    /** Where a namespace stands. */
    public enum State {
        /** An administrator has to decide. */
        PENDING,
        /** It is decided; the operator log has it, or has it soon. */
        DEFINING,
        /** The operator log has it. */
        ACTIVE,
        /** The name is as free as before. */
        REJECTED
    }

    /**
     * A namespace.
     *
     * @param note why it waits, or was rejected; empty when it does not
     * @param trustedOnly whether only trusted publishers release in it
     * @param createdBy account that asked for it
     */
    public record Namespace(
            String name, State state, String note, boolean trustedOnly, String createdBy, Instant createdAt) {}

    /** Who is what in a namespace, by the account that was named, which may be an organisation. */
    public record Member(String namespace, String accountId, String login, Role role, Instant addedAt) {}

    private static final String SELECT =
            "SELECT n.name, n.state, n.note, n.trusted_only, n.created_by, n.created_at FROM namespace n ";

    private final Sql sql;

    NamespaceRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds a namespace, or takes the name of a rejected one; false when somebody has it. */
    public boolean add(Namespace namespace) {
        return sql.change(
                        "INSERT INTO namespace (name, state, note, trusted_only, created_by, created_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                                + " state = excluded.state, note = excluded.note,"
                                + " trusted_only = excluded.trusted_only, created_by = excluded.created_by,"
                                + " created_at = excluded.created_at WHERE namespace.state = 'rejected'",
                        namespace.name(),
                        namespace.state(),
                        namespace.note(),
                        namespace.trustedOnly(),
                        namespace.createdBy(),
                        namespace.createdAt())
                == 1;
    }

    public Optional<Namespace> find(String name) {
        return sql.first(SELECT + "WHERE n.name = ?", NamespaceRows::namespace, name);
    }

    /** All in one state, by name. */
    public List<Namespace> in(State state) {
        return sql.all(SELECT + "WHERE n.state = ? ORDER BY n.name", NamespaceRows::namespace, state);
    }

    /** Those of which {@code accountId} is something, itself or through an organisation, by name. */
    public List<Namespace> ofAccount(String accountId) {
        return sql.all(
                SELECT + "WHERE n.name IN (SELECT r.namespace FROM namespace_role r WHERE r.account_id = ?"
                        + " OR r.account_id IN (SELECT m.organisation_id FROM organisation_member m"
                        + " WHERE m.account_id = ?)) ORDER BY n.name",
                NamespaceRows::namespace,
                accountId,
                accountId);
    }

    /** The names of all that are not rejected. */
    public List<String> names() {
        return sql.all(
                "SELECT name FROM namespace WHERE state <> ? ORDER BY name",
                row -> row.getString("name"),
                State.REJECTED);
    }

    /** How many an account asked for and has, or may still get. */
    public long createdBy(String accountId) {
        return sql.count(
                "SELECT count(*) FROM namespace WHERE created_by = ? AND state <> ?", accountId, State.REJECTED);
    }

    /** Moves a namespace from one state to another; false when it is not in the first. */
    public boolean move(String name, State from, State to, String note) {
        return sql.change("UPDATE namespace SET state = ?, note = ? WHERE name = ? AND state = ?", to, note, name, from)
                == 1;
    }

    /** Says whether only trusted publishers release; false when there is no such namespace. */
    public boolean setTrustedOnly(String name, boolean trustedOnly) {
        return sql.change("UPDATE namespace SET trusted_only = ? WHERE name = ?", trustedOnly, name) == 1;
    }

    /**
     * A namespace in which nobody writes.
     *
     * @param why for its owners to read
     */
    public record Frozen(Instant at, String why) {}

    /** Since when nobody writes, and why; empty when everybody may who may. */
    public Optional<Frozen> frozen(String name) {
        return sql.first(
                "SELECT frozen_at, frozen_why FROM namespace WHERE name = ? AND frozen_at > 0",
                row -> new Frozen(Sql.time(row, "frozen_at"), row.getString("frozen_why")),
                name);
    }

    /** Those in which nobody writes, by name. */
    public List<String> frozen() {
        return sql.all("SELECT name FROM namespace WHERE frozen_at > 0 ORDER BY name", row -> row.getString("name"));
    }

    /** Stops all writes; false when they are stopped already. */
    public boolean freeze(String name, String why, Instant now) {
        return sql.change(
                        "UPDATE namespace SET frozen_at = ?, frozen_why = ? WHERE name = ? AND frozen_at = 0",
                        now,
                        why,
                        name)
                == 1;
    }

    /** Lets writes go on; false when nothing stopped them. */
    public boolean unfreeze(String name) {
        return sql.change("UPDATE namespace SET frozen_at = 0, frozen_why = '' WHERE name = ? AND frozen_at > 0", name)
                == 1;
    }

    /** Gives an account a role, in place of the one that it has. */
    public void setRole(String namespace, String accountId, Role role, Instant now) {
        sql.change(
                "INSERT INTO namespace_role (namespace, account_id, role, added_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (namespace, account_id) DO UPDATE SET role = excluded.role",
                namespace,
                accountId,
                role,
                now);
    }

    /** Takes an account's role; false when it has none. */
    public boolean removeRole(String namespace, String accountId) {
        return sql.change("DELETE FROM namespace_role WHERE namespace = ? AND account_id = ?", namespace, accountId)
                == 1;
    }

    /** Takes everybody's role. */
    public int removeRoles(String namespace) {
        return sql.change("DELETE FROM namespace_role WHERE namespace = ?", namespace);
    }

    /** Who is what, by login. */
    public List<Member> members(String namespace) {
        return sql.all(
                "SELECT r.namespace, r.account_id, a.login, r.role, r.added_at FROM namespace_role r"
                        + " JOIN account a ON a.id = r.account_id WHERE r.namespace = ? ORDER BY a.login",
                row -> new Member(
                        row.getString("namespace"),
                        row.getString("account_id"),
                        row.getString("login"),
                        Sql.word(row, "role", Role.class),
                        Sql.time(row, "added_at")),
                namespace);
    }

    /** The role that was given to this account itself. */
    public Optional<Role> ownRole(String namespace, String accountId) {
        return sql.first(
                "SELECT role FROM namespace_role WHERE namespace = ? AND account_id = ?",
                row -> Sql.word(row, "role", Role.class),
                namespace,
                accountId);
    }

    /**
     * The most that an account is in a namespace, itself or through organisations: whoever owns an organisation is what it
     * is, its other members publish. An organisation that is frozen gives nobody anything.
     */
    public Optional<Role> role(String namespace, String accountId) {
        List<Role> through = sql.all(
                "SELECT r.role AS role, m.role AS membership FROM namespace_role r"
                        + " JOIN organisation_member m ON m.organisation_id = r.account_id"
                        + " JOIN account o ON o.id = r.account_id"
                        + " WHERE r.namespace = ? AND m.account_id = ? AND o.state = 'active'",
                row -> Sql.word(row, "membership", AccountRows.Membership.class) == AccountRows.Membership.OWNER
                        ? Sql.word(row, "role", Role.class)
                        : Role.PUBLISHER,
                namespace,
                accountId);
        return Stream.concat(ownRole(namespace, accountId).stream(), through.stream())
                .max(Comparator.naturalOrder());
    }

    /** How many accounts own it. */
    public long owners(String namespace) {
        return sql.count("SELECT count(*) FROM namespace_role WHERE namespace = ? AND role = ?", namespace, Role.OWNER);
    }

    /** Drops the trusted publishers of a namespace, and revokes the tokens that were minted for them. */
    public int dropPublishers(String namespace, Instant now) {
        sql.change("UPDATE trusted_token SET revoked_at = ? WHERE namespace = ? AND revoked_at = 0", now, namespace);
        return sql.change("DELETE FROM publisher WHERE namespace = ?", namespace);
    }

    private static Namespace namespace(ResultSet row) throws SQLException {
        return new Namespace(
                row.getString("name"),
                Sql.word(row, "state", State.class),
                row.getString("note"),
                Sql.flag(row, "trusted_only"),
                row.getString("created_by"),
                Sql.time(row, "created_at"));
    }
}
