package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much is used of what is bounded: by namespaces what lies in them, by accounts and publishers what they did in a day.
 *
 * <p>What somebody is about to release is <em>held</em>: it is counted at once, and until a time by which it was released or
 * never will be. Whoever looks then keeps it or drops it, so a crash in between costs nobody room for long.
 */
public final class QuotaRows {

    /** What lies in a namespace. */
    public enum Kind {
        /** Bytes under their digest, once however often they are released. */
        CONTENT,
        PACKAGE
    }

    /** What a namespace has, held items among it. */
    public record Use(long storedBytes, long packages) {}

    /** What somebody did on one day. */
    public record Daily(long releases, long uploadedBytes) {}

    /** What an administrator decided for a namespace; nothing where the settings stand. */
    public record Own(OptionalLong storedBytes, OptionalLong packages, String setBy, Instant setAt) {}

    /** An item that is held. */
    public record Held(String namespace, String item, Kind kind, long amount) {}

    private static final long AS_SET = -1;

    private final Sql sql;

    QuotaRows(Sql sql) {
        this.sql = sql;
    }

    public Use use(String namespace) {
        return sql.first(
                        "SELECT stored_bytes, packages FROM namespace_use WHERE namespace = ?",
                        row -> new Use(row.getLong("stored_bytes"), row.getLong("packages")),
                        namespace)
                .orElse(new Use(0, 0));
    }

    /** Counts an item until then, unless it is counted already; whether it was new. */
    public boolean hold(Held held, Instant until) {
        int added = sql.change(
                "INSERT INTO namespace_item (namespace, item, kind, amount, held_until) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                held.namespace(),
                held.item(),
                held.kind(),
                held.amount(),
                until);
        if (added == 0) {
            sql.change(
                    "UPDATE namespace_item SET held_until = ? WHERE namespace = ? AND item = ?"
                            + " AND held_until <> 0 AND held_until < ?",
                    until,
                    held.namespace(),
                    held.item(),
                    until);
            return false;
        }
        count(held, 1);
        return true;
    }

    /** Items that nobody looked at in time, the oldest first. */
    public List<Held> overdue(Instant now, int limit) {
        return sql.all(
                "SELECT namespace, item, kind, amount FROM namespace_item WHERE held_until <> 0 AND held_until <= ?"
                        + " ORDER BY held_until, namespace, item LIMIT ?",
                QuotaRows::held,
                now,
                limit);
    }

    /** It was released: it is counted for good. */
    public void keep(Held held) {
        sql.change(
                "UPDATE namespace_item SET held_until = 0 WHERE namespace = ? AND item = ?",
                held.namespace(),
                held.item());
    }

    /** It was not; unless somebody holds it anew. */
    public void drop(Held held, Instant now) {
        int removed = sql.change(
                "DELETE FROM namespace_item WHERE namespace = ? AND item = ? AND held_until <> 0 AND held_until <= ?",
                held.namespace(),
                held.item(),
                now);
        if (removed == 1) {
            count(held, -1);
        }
    }

    private void count(Held held, int sign) {
        long bytes = held.kind() == Kind.CONTENT ? sign * held.amount() : 0;
        long packages = held.kind() == Kind.PACKAGE ? sign * held.amount() : 0;
        sql.change(
                "INSERT INTO namespace_use (namespace, stored_bytes, packages) VALUES (?, ?, ?)"
                        + " ON CONFLICT (namespace) DO UPDATE SET stored_bytes = namespace_use.stored_bytes"
                        + " + excluded.stored_bytes, packages = namespace_use.packages + excluded.packages",
                held.namespace(),
                bytes,
                packages);
    }

    /** What was done on a day, counted from 1970 in UTC. */
    public Daily daily(String who, long day) {
        return sql.first(
                        "SELECT releases, uploaded_bytes FROM daily_use WHERE who = ? AND day = ?",
                        row -> new Daily(row.getLong("releases"), row.getLong("uploaded_bytes")),
                        who,
                        day)
                .orElse(new Daily(0, 0));
    }

    /** Adds to it; what it is behind this. */
    public Daily add(String who, long day, Daily more) {
        sql.change(
                "INSERT INTO daily_use (who, day, releases, uploaded_bytes) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (who, day) DO UPDATE SET releases = daily_use.releases + excluded.releases,"
                        + " uploaded_bytes = daily_use.uploaded_bytes + excluded.uploaded_bytes",
                who,
                day,
                more.releases(),
                more.uploadedBytes());
        return daily(who, day);
    }

    /** Forgets the days before. */
    public int forgetDaysBefore(long day) {
        return sql.change("DELETE FROM daily_use WHERE day < ?", day);
    }

    public Optional<Own> own(String namespace) {
        return sql.first(
                "SELECT stored_bytes, packages, set_by, set_at FROM namespace_quota WHERE namespace = ?",
                row -> new Own(
                        limit(row, "stored_bytes"),
                        limit(row, "packages"),
                        row.getString("set_by"),
                        Sql.time(row, "set_at")),
                namespace);
    }

    /** Decides for a namespace, in place of what was decided. */
    public void setOwn(String namespace, Own own) {
        sql.change(
                "INSERT INTO namespace_quota (namespace, stored_bytes, packages, set_by, set_at)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (namespace) DO UPDATE SET"
                        + " stored_bytes = excluded.stored_bytes, packages = excluded.packages,"
                        + " set_by = excluded.set_by, set_at = excluded.set_at",
                namespace,
                own.storedBytes().orElse(AS_SET),
                own.packages().orElse(AS_SET),
                own.setBy(),
                own.setAt());
    }

    private static OptionalLong limit(ResultSet row, String column) throws SQLException {
        long limit = row.getLong(column);
        return limit == AS_SET ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(
                row.getString("namespace"),
                row.getString("item"),
                Sql.word(row, "kind", Kind.class),
                row.getLong("amount"));
    }
}
