package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * The audit log: one row an act, written by the transaction that does it, so that neither is without the other. The
 * database itself refuses to change or remove a row.
 */
public final class AuditRows {

    /**
     * One act.
     *
     * @param actor account, token or publisher id; {@code registry} for what nobody asked for
     * @param act what was done, a fixed word such as {@code token-created}
     * @param namespace whose owners may read it; empty for administrators only
     * @param subject what it was done to
     * @param detail a JSON object without secrets
     * @param requestId of the request that asked
     */
    public record Act(
            Instant at, String actor, String act, String namespace, String subject, String detail, String requestId) {}

    /** An act and its place: ids ascend in the order of commits of one node. */
    public record Row(long id, Act act) {}

    private static final String COLUMNS = "id, at, actor, act, namespace, subject, detail, request_id";

    private final Sql sql;

    AuditRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds a row. */
    public void add(Act act) {
        sql.change(
                "INSERT INTO audit (at, actor, act, namespace, subject, detail, request_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                act.at(),
                act.actor(),
                act.act(),
                act.namespace(),
                act.subject(),
                act.detail(),
                act.requestId());
    }

    /** Newest first: rows with ids below {@code beforeId}, of one namespace. */
    public List<Row> ofNamespace(String namespace, long beforeId, int limit) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM audit WHERE namespace = ? AND id < ? ORDER BY id DESC LIMIT ?",
                AuditRows::row,
                namespace,
                beforeId,
                limit);
    }

    /** The same of all namespaces and of none. */
    public List<Row> all(long beforeId, int limit) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
                AuditRows::row,
                beforeId,
                limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                new Act(
                        Sql.time(row, "at"),
                        row.getString("actor"),
                        row.getString("act"),
                        row.getString("namespace"),
                        row.getString("subject"),
                        row.getString("detail"),
                        row.getString("request_id")));
    }
}
