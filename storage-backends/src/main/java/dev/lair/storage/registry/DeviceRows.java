package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Machines without a browser that wait until somebody approves them (RFC 8628). */
public final class DeviceRows {

    /** Where a login stands; it is used once. */
    public enum State {
        WAITING,
        APPROVED,
        DENIED,
        USED
    }

    /**
     * A login.
     *
     * @param hash of the code that the machine polls with
     * @param userCode that its owner types
     * @param polledAt when the machine last asked
     * @param accountId who approved it; empty while nobody did
     * @param steppedUpUntil as the session that approved it
     */
    public record Device(
            Digest hash,
            String userCode,
            Instant createdAt,
            Instant expiresAt,
            Instant polledAt,
            State state,
            Optional<String> accountId,
            Instant steppedUpUntil) {}

    private static final String SELECT = "SELECT device_hash, user_code, created_at, expires_at, polled_at, state,"
            + " account_id, stepped_up_until FROM device_login WHERE ";

    private final Sql sql;

    DeviceRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds one that waits; false when its user code is taken. */
    public boolean add(Digest hash, String userCode, Instant now, Instant expiresAt) {
        return sql.change(
                        "INSERT INTO device_login (device_hash, user_code, created_at, expires_at, polled_at, state,"
                                + " stepped_up_until) VALUES (?, ?, ?, ?, 0, ?, 0) ON CONFLICT DO NOTHING",
                        hash,
                        userCode,
                        now,
                        expiresAt,
                        State.WAITING)
                == 1;
    }

    public Optional<Device> find(Digest hash) {
        return sql.first(SELECT + "device_hash = ?", DeviceRows::device, hash);
    }

    public Optional<Device> byUserCode(String userCode) {
        return sql.first(SELECT + "user_code = ?", DeviceRows::device, userCode);
    }

    public void polled(Digest hash, Instant now) {
        sql.change("UPDATE device_login SET polled_at = ? WHERE device_hash = ?", now, hash);
    }

    /** Approves or denies one that still waits and is not over; false when none is. */
    public boolean decide(String userCode, State decision, String accountId, Instant steppedUpUntil, Instant now) {
        return sql.change(
                        "UPDATE device_login SET state = ?, account_id = ?, stepped_up_until = ? WHERE user_code = ?"
                                + " AND state = ? AND expires_at > ?",
                        decision,
                        accountId,
                        steppedUpUntil,
                        userCode,
                        State.WAITING,
                        now)
                == 1;
    }

    /** Takes what was approved; true for one caller only. */
    public boolean use(Digest hash) {
        return sql.change(
                        "UPDATE device_login SET state = ? WHERE device_hash = ? AND state = ?",
                        State.USED,
                        hash,
                        State.APPROVED)
                == 1;
    }

    /** Drops what is over. */
    public int removeExpired(Instant before) {
        return sql.change("DELETE FROM device_login WHERE expires_at <= ?", before);
    }

    /** Takes back what an account approved and no machine has used yet. */
    public int removeOf(String accountId) {
        return sql.change("DELETE FROM device_login WHERE account_id = ? AND state = ?", accountId, State.APPROVED);
    }

    private static Device device(ResultSet row) throws SQLException {
        return new Device(
                Sql.digest(row, "device_hash"),
                row.getString("user_code"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"),
                Sql.time(row, "polled_at"),
                Sql.word(row, "state", State.class),
                Optional.ofNullable(row.getString("account_id")),
                Sql.time(row, "stepped_up_until"));
    }
}
