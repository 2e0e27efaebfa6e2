package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Releases that were asked for over HTTP. The row is there before anything is signed and knows the record before the ledger
 * does, so that after a crash somebody can tell what became of it, and finish it.
 */
public final class PublishRows {

    /** Where a release stands, as far as these tables know. */
    public enum State {
        /** Nothing is signed. */
        OPEN,
        /** The registry signed a record; the ledger may have it. */
        SIGNED,
        /** The ledger has it, and its attestation is stored. */
        PUBLISHED,
        /** It came to nothing; {@link Asked#problem} says why. */
        REJECTED
    }

    /**
     * What was asked.
     *
     * @param caller who asked: account, token or publisher
     * @param idempotencyKey the caller's own, once per caller
     * @param requestDigest what the key stands for: another request may not use it
     * @param content digest of what is to be released
     * @param readme digest of the README; empty without one
     * @param identity JSON of what the attestation will say about the caller
     * @param recordId empty until it is signed
     * @param problem why it was rejected; empty otherwise
     */
    public record Asked(
            String id,
            String caller,
            String idempotencyKey,
            String requestDigest,
            String packageName,
            String version,
            String content,
            String readme,
            String identity,
            String recordId,
            State state,
            String problem,
            Instant createdAt) {}

    private static final String COLUMNS =
            "id, caller, idempotency_key, request_digest, package, version, content, readme,"
                    + " identity, record_id, state, problem, created_at";

    private final Sql sql;

    PublishRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds a row; false when the caller has used this key already. */
    public boolean add(Asked asked) {
        return sql.change(
                        "INSERT INTO publish_request (" + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        asked.id(),
                        asked.caller(),
                        asked.idempotencyKey(),
                        asked.requestDigest(),
                        asked.packageName(),
                        asked.version(),
                        asked.content(),
                        asked.readme(),
                        asked.identity(),
                        asked.recordId(),
                        word(asked.state()),
                        asked.problem(),
                        asked.createdAt())
                == 1;
    }

    public Optional<Asked> find(String id) {
        return sql.first("SELECT " + COLUMNS + " FROM publish_request WHERE id = ?", PublishRows::asked, id);
    }

    public Optional<Asked> byKey(String caller, String idempotencyKey) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM publish_request WHERE caller = ? AND idempotency_key = ?",
                PublishRows::asked,
                caller,
                idempotencyKey);
    }

    /** Notes the record, of a release that is not settled. */
    public boolean signed(String id, String recordId) {
        return sql.change(
                        "UPDATE publish_request SET record_id = ?, state = ? WHERE id = ? AND state IN (?, ?)",
                        recordId,
                        word(State.SIGNED),
                        id,
                        word(State.OPEN),
                        word(State.SIGNED))
                == 1;
    }

    /** Ends it; false when it had ended. */
    public boolean settle(String id, State end, String problem) {
        return sql.change(
                        "UPDATE publish_request SET state = ?, problem = ? WHERE id = ? AND state IN (?, ?)",
                        word(end),
                        problem,
                        id,
                        word(State.OPEN),
                        word(State.SIGNED))
                == 1;
    }

    /** Removes a rejection, so that its key may be used again. */
    public boolean forgetRejected(String id) {
        return sql.change("DELETE FROM publish_request WHERE id = ? AND state = ?", id, word(State.REJECTED)) == 1;
    }

    /** Those that are neither published nor rejected, and were asked for before, the oldest first. */
    public List<Asked> unsettled(Instant before, int limit) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM publish_request WHERE state IN (?, ?) AND created_at < ?"
                        + " ORDER BY created_at, id LIMIT ?",
                PublishRows::asked,
                word(State.OPEN),
                word(State.SIGNED),
                before,
                limit);
    }

    /** Removes what ended and was asked for before. */
    public int forgetSettled(Instant before) {
        return sql.change(
                "DELETE FROM publish_request WHERE state IN (?, ?) AND created_at < ?",
                word(State.PUBLISHED),
                word(State.REJECTED),
                before);
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static Asked asked(ResultSet row) throws SQLException {
        return new Asked(
                row.getString("id"),
                row.getString("caller"),
                row.getString("idempotency_key"),
                row.getString("request_digest"),
                row.getString("package"),
                row.getString("version"),
                row.getString("content"),
                row.getString("readme"),
                row.getString("identity"),
                row.getString("record_id"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("problem"),
                Sql.time(row, "created_at"));
    }
}
