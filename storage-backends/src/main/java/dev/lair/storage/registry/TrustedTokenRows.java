package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tokens that trusted publishers got for their identity tokens. Only the digest of the secret is here. */
public final class TrustedTokenRows {

    /**
     * A token.
     *
     * @param id {@code tpt_…}
     * @param hash of the secret
     * @param namespace of all its packages
     * @param packages that it may release
     * @param contents digests that alone may be released; none for any
     * @param claims a JSON object of those that were looked at
     */
    public record Token(
            String id,
            Digest hash,
            String publisherId,
            String namespace,
            List<String> packages,
            String action,
            List<String> contents,
            String issuer,
            String claims,
            Instant createdAt,
            Instant expiresAt,
            Optional<Instant> revokedAt) {

        public Token {
            packages = List.copyOf(packages);
            contents = List.copyOf(contents);
        }
    }

    private static final String COLUMNS = "id, hash, publisher_id, namespace, packages, action, contents, issuer,"
            + " claims, created_at, expires_at, revoked_at";

    private final Sql sql;

    TrustedTokenRows(Sql sql) {
        this.sql = sql;
    }

    public void add(Token token) {
        sql.change(
                "INSERT INTO trusted_token (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                token.hash(),
                token.publisherId(),
                token.namespace(),
                Sql.joined(token.packages()),
                token.action(),
                Sql.joined(token.contents()),
                token.issuer(),
                token.claims(),
                token.createdAt(),
                token.expiresAt(),
                Sql.millisOrZero(token.revokedAt()));
    }

    public Optional<Token> find(String id) {
        return sql.first("SELECT " + COLUMNS + " FROM trusted_token WHERE id = ?", TrustedTokenRows::token, id);
    }

    /** A token whose publisher is there and active, in a namespace that somebody owns. */
    private static final String STANDS = "revoked_at = 0 AND publisher_id IN (SELECT p.id FROM publisher p"
            + " JOIN namespace n ON n.name = p.namespace"
            + " WHERE p.status = 'active' AND n.state IN ('active', 'defining') AND n.frozen_at = 0)";

    /**
     * A token that can be used: it is not over and not revoked, its publisher is there and active, and its namespace is one
     * that somebody owns and that is not frozen. One statement, so that all of it is true at once.
     */
    public Optional<Token> alive(Digest hash, Instant now) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM trusted_token WHERE hash = ? AND expires_at > ? AND " + STANDS,
                TrustedTokenRows::token,
                hash,
                now);
    }

    /** The same whatever the time is: of a request that came while the token was not over. */
    public boolean isUnrevoked(String id) {
        return sql.count("SELECT count(*) FROM trusted_token WHERE id = ? AND " + STANDS, id) == 1;
    }

    /** Revokes a token; false when there is none or it was revoked before. */
    public boolean revoke(String id, Instant now) {
        return sql.change("UPDATE trusted_token SET revoked_at = ? WHERE id = ? AND revoked_at = 0", now, id) == 1;
    }

    /** Revokes those of a publisher that are not over. */
    public int revokeOf(String publisherId, Instant now) {
        return sql.change(
                "UPDATE trusted_token SET revoked_at = ? WHERE publisher_id = ? AND revoked_at = 0 AND expires_at > ?",
                now,
                publisherId,
                now);
    }

    /** Revokes those for a namespace that are not over. */
    public int revokeIn(String namespace, Instant now) {
        return sql.change(
                "UPDATE trusted_token SET revoked_at = ? WHERE namespace = ? AND revoked_at = 0 AND expires_at > ?",
                now,
                namespace,
                now);
    }

    /** Forgets those that were over by then. */
    public int forget(Instant expiredBefore) {
        return sql.change("DELETE FROM trusted_token WHERE expires_at <= ?", expiredBefore);
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                Sql.digest(row, "hash"),
                row.getString("publisher_id"),
                row.getString("namespace"),
                Sql.words(row, "packages"),
                row.getString("action"),
                Sql.words(row, "contents"),
                row.getString("issuer"),
                row.getString("claims"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"),
                Sql.timeOrNever(row, "revoked_at"));
    }
}
