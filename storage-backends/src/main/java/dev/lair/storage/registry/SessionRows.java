package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.time.Instant;
import java.util.Optional;

/** Sessions: what a browser or {@code lair login} holds for an hour. Only the digest of the secret is here. */
public final class SessionRows {

    /**
     * A session.
     *
     * @param hash of the secret
     * @param steppedUpUntil until when sensitive acts are allowed without logging in again; may be past
     */
    public record Session(
            Digest hash, String accountId, Instant createdAt, Instant expiresAt, Instant steppedUpUntil) {}

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
        return sql.first(
                "SELECT token_hash, account_id, created_at, expires_at, stepped_up_until FROM session"
                        + " WHERE token_hash = ?",
                row -> new Session(
                        Sql.digest(row, "token_hash"),
                        row.getString("account_id"),
                        Sql.time(row, "created_at"),
                        Sql.time(row, "expires_at"),
                        Sql.time(row, "stepped_up_until")),
                hash);
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
}
