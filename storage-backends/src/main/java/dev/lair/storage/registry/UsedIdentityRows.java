package dev.lair.storage.registry;

import java.time.Instant;

/** Identity tokens that were exchanged. Each works once: whoever adds its row first has used it. */
public final class UsedIdentityRows {

    private final Sql sql;

    UsedIdentityRows(Sql sql) {
        this.sql = sql;
    }

    /**
     * Says that a token is used; false when it was before.
     *
     * @param jti by which its issuer tells it from others
     * @param keepUntil when this may be forgotten: later than the token is accepted
     */
    public boolean add(String issuer, String jti, Instant keepUntil) {
        return sql.change(
                        "INSERT INTO used_identity_token (issuer, jti, keep_until) VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        issuer,
                        jti,
                        keepUntil)
                == 1;
    }

    /** Forgets what need not be kept any more. */
    public int forget(Instant now) {
        return sql.change("DELETE FROM used_identity_token WHERE keep_until <= ?", now);
    }
}
