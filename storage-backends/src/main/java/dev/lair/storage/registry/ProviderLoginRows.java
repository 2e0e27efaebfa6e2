package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Browsers that were sent to an identity provider, and are to come back within minutes. */
public final class ProviderLoginRows {

    /** What somebody wants there. */
    public enum Intent {
        LOG_IN,
        /** To show once more that it is them. */
        STEP_UP,
        /** To be known by this provider too. */
        LINK
    }

    /**
     * One that is under way.
     *
     * @param state digest of what the provider sends back
     * @param browser digest of what the browser's cookie holds
     * @param next own path to go to then
     * @param accountId who asked, of {@link Intent#STEP_UP} and {@link Intent#LINK}; otherwise empty
     */
    public record ProviderLogin(
            Digest state,
            Digest browser,
            String provider,
            String nonce,
            String verifier,
            String next,
            Intent intent,
            String accountId,
            Instant createdAt,
            Instant expiresAt) {

        /** Without what a stranger could use. */
        @Override
        public String toString() {
            return "ProviderLogin[" + intent + " at " + provider + ", " + createdAt + "]";
        }
    }

    private final Sql sql;

    ProviderLoginRows(Sql sql) {
        this.sql = sql;
    }

    public void add(ProviderLogin login) {
        sql.change(
                "INSERT INTO provider_login (state_hash, browser_hash, provider, nonce, verifier, next, intent,"
                        + " account_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                login.state(),
                login.browser(),
                login.provider(),
                login.nonce(),
                login.verifier(),
                login.next(),
                login.intent(),
                login.accountId(),
                login.createdAt(),
                login.expiresAt());
    }

    /** Takes one away for the browser that began it, if it is not over; each is taken by one caller only. */
    public Optional<ProviderLogin> take(Digest state, Digest browser, String provider, Instant now) {
        Optional<ProviderLogin> found = sql.first(
                "SELECT state_hash, browser_hash, provider, nonce, verifier, next, intent, account_id, created_at,"
                        + " expires_at FROM provider_login"
                        + " WHERE state_hash = ? AND browser_hash = ? AND provider = ? AND expires_at > ?",
                ProviderLoginRows::login,
                state,
                browser,
                provider,
                now);
        return found.filter(login -> sql.change("DELETE FROM provider_login WHERE state_hash = ?", state) == 1);
    }

    /** Drops what is over. */
    public int removeExpired(Instant now) {
        return sql.change("DELETE FROM provider_login WHERE expires_at <= ?", now);
    }

    private static ProviderLogin login(ResultSet row) throws SQLException {
        return new ProviderLogin(
                Sql.digest(row, "state_hash"),
                Sql.digest(row, "browser_hash"),
                row.getString("provider"),
                row.getString("nonce"),
                row.getString("verifier"),
                row.getString("next"),
                Sql.word(row, "intent", Intent.class),
                row.getString("account_id"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"));
    }
}
