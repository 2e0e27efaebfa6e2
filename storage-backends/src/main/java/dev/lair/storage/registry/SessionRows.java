package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sessions: what a browser or {@code lair login} holds. Only the digest of the secret is here. */
public final class SessionRows {

    /**
     * A session.
     *
     * @param hash of the secret
     * @param steppedUpUntil until when sensitive acts are allowed without logging in again; may be past
     */
    public record Session(
            Digest hash, String accountId, Instant createdAt, Instant expiresAt, Instant steppedUpUntil) {}

    private static final String SELECT =
            "SELECT token_hash, account_id, created_at, expires_at, stepped_up_until FROM session WHERE ";

    private final Sql sql;

    SessionRows(Sql sql) {
        this.sql = sql;
    }

    public void add(Session session) {
        sql.change(
                "INSERT INTO session (token_hash, account_id, created_at, expires_at, stepped_up_until)"
                        + " VALUES (?, ?, ?, ?, ?)",
                session.hash(),
                session.accountId(),
                session.createdAt(),
                session.expiresAt(),
                session.steppedUpUntil());
    }

    /** A session by its secret's digest; whether it is over is the caller's to ask. */
    public Optional<Session> find(Digest hash) {
        return sql.first(SELECT + "token_hash = ?", SessionRows::session, hash);
    }

    /** Those of an account that are not over, newest first. */
    public List<Session> ofAccount(String accountId, Instant now) {
        return sql.all(
                SELECT + "account_id = ? AND expires_at > ? ORDER BY created_at DESC, token_hash",
                SessionRows::session,
                accountId,
                now);
    }

    /** Lets a session live until then; false when there is none. */
    public boolean extend(Digest hash, Instant expiresAt) {
        return sql.change("UPDATE session SET expires_at = ? WHERE token_hash = ?", expiresAt, hash) == 1;
    }

    /** Allows sensitive acts until then; false when there is no such session. */
    public boolean stepUp(Digest hash, Instant until) {
        return sql.change("UPDATE session SET stepped_up_until = ? WHERE token_hash = ?", until, hash) == 1;
    }

    /** Ends a session; false when there is none. */
    public boolean remove(Digest hash) {
        return sql.change("DELETE FROM session WHERE token_hash = ?", hash) == 1;
    }

    /** Ends every session of an account. */
    public int removeOf(String accountId) {
        return sql.change("DELETE FROM session WHERE account_id = ?", accountId);
    }

    /** Drops what is over. */
    public int removeExpired(Instant now) {
        return sql.change("DELETE FROM session WHERE expires_at <= ?", now);
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                Sql.digest(row, "token_hash"),
                row.getString("account_id"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"),
                Sql.time(row, "stepped_up_until"));
    }
}
