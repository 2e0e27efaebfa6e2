package dev.lair.storage.registry;

import java.time.Instant;

/** Packages that differ from the rule of their namespace. */
public final class RuleRows {

    private final Sql sql;

    RuleRows(Sql sql) {
        this.sql = sql;
    }

    /** Whether only trusted publishers release this package. */
    public boolean isTrustedOnly(String packageName) {
        return sql.count("SELECT trusted_only FROM package_rule WHERE package = ?", packageName) == 1;
    }

    /** Says whether. */
    public void setTrustedOnly(String packageName, boolean trustedOnly, String setBy, Instant now) {
        sql.change(
                "INSERT INTO package_rule (package, trusted_only, set_by, set_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (package) DO UPDATE SET trusted_only = excluded.trusted_only,"
                        + " set_by = excluded.set_by, set_at = excluded.set_at",
                packageName,
                trustedOnly,
                setBy,
                now);
    }

    /** Says that only they do, unless somebody has said anything. */
    public void closeUnlessSaid(String packageName, String setBy, Instant now) {
        sql.change(
                "INSERT INTO package_rule (package, trusted_only, set_by, set_at) VALUES (?, 1, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                packageName,
                setBy,
                now);
    }
}
