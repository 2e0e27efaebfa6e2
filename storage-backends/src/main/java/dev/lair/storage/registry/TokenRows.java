package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** API tokens of accounts. Only the digest of the secret is here; a revoked token stays, so that its id means something. */
public final class TokenRows {

    /**
     * A token.
     *
     * @param id {@code tok_…}
     * @param hash of the secret
     * @param label by which its owner knows it
     * @param scopes what it may be used for
     * @param packages patterns of what it may touch; empty for all that its account may
     * @param lastUsedAt to the hour
     */
    public record Token(
            String id,
            Digest hash,
            String accountId,
            String label,
            List<String> scopes,
            List<String> packages,
            Instant createdAt,
            Instant expiresAt,
            Optional<Instant> lastUsedAt,
            Optional<Instant> revokedAt) {

        public Token {
            scopes = List.copyOf(scopes);
            packages = List.copyOf(packages);
        }
    }

    private static final String SELECT = "SELECT id, hash, account_id, label, scopes, packages, created_at, expires_at,"
            + " last_used_at, revoked_at FROM api_token WHERE ";

    private final Sql sql;

    TokenRows(Sql sql) {
        this.sql = sql;
    }

    public void add(Token token) {
        sql.change(
                "INSERT INTO api_token (id, hash, account_id, label, scopes, packages, created_at, expires_at,"
                        + " last_used_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                token.hash(),
                token.accountId(),
                token.label(),
                Sql.joined(token.scopes()),
                Sql.joined(token.packages()),
                token.createdAt(),
                token.expiresAt(),
                Sql.millisOrZero(token.lastUsedAt()),
                Sql.millisOrZero(token.revokedAt()));
    }

    public Optional<Token> find(String id) {
        return sql.first(SELECT + "id = ?", TokenRows::token, id);
    }

    /** A token by its secret's digest; whether it is over or revoked is the caller's to ask. */
    public Optional<Token> byHash(Digest hash) {
        return sql.first(SELECT + "hash = ?", TokenRows::token, hash);
    }

    /** Those of an account that are not revoked, newest first. */
    public List<Token> ofAccount(String accountId) {
        return sql.all(
                SELECT + "account_id = ? AND revoked_at = 0 ORDER BY created_at DESC, id", TokenRows::token, accountId);
    }

    /** Those that are not revoked and are for packages of this namespace, whoever's they are. */
    public List<Token> boundTo(String namespace) {
        // Words of one column cannot be compared in SQL; a namespace has none of the signs that LIKE knows.
        return sql
                .all(
                        SELECT + "revoked_at = 0 AND packages LIKE ? ORDER BY id",
                        TokenRows::token,
                        "%" + namespace + ":%")
                .stream()
                .filter(token -> token.packages().stream().anyMatch(pattern -> pattern.startsWith(namespace + ":")))
                .toList();
    }

    /** Revokes a token; false when there is none or it was revoked before. */
    public boolean revoke(String id, Instant now) {
        return sql.change("UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at = 0", now, id) == 1;
    }

    /** Says that a token was used. */
    public void used(String id, Instant hour) {
        sql.change("UPDATE api_token SET last_used_at = ? WHERE id = ? AND last_used_at < ?", hour, id, hour);
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                Sql.digest(row, "hash"),
                row.getString("account_id"),
                row.getString("label"),
                Sql.words(row, "scopes"),
                Sql.words(row, "packages"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"),
                Sql.timeOrNever(row, "last_used_at"),
                Sql.timeOrNever(row, "revoked_at"));
    }
}
