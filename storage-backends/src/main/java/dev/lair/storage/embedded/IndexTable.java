package dev.lair.storage.embedded;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The statements upon {@code log_index} and {@code log_indexed}. */
final class IndexTable {

    private IndexTable() {}

    /** Entries below this are in the table. */
    static long indexed(Connection connection) throws SQLException {
        return number(connection, "SELECT size FROM log_indexed WHERE id = 1");
    }

    static void setIndexed(Connection connection, long size) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR REPLACE INTO log_indexed (id, size) VALUES (1, ?)")) {
            statement.setLong(1, size);
            statement.executeUpdate();
        }
    }

    /** Entries in the ledger. */
    static long size(Connection connection) throws SQLException {
        return number(connection, "SELECT size FROM log_state WHERE id = 1");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Adds rows; those that are there stay. Cheapest in the order of keys. */
    static void insert(Connection connection, List<IndexKey> keys) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR IGNORE INTO log_index (kind, prefix, idx) VALUES (?, ?, ?)")) {
            for (IndexKey key : keys) {
                statement.setInt(1, key.kind().code());
                statement.setLong(2, key.prefix());
                statement.setLong(3, key.index());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    static void clear(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM log_index");
        }
        setIndexed(connection, 0);
    }

    /**
     * All keys of some stored entries.
     *
     * @param until index of the first entry behind them
     */
    record Page(List<IndexKey> keys, long until) {}

    /**
     * The keys of the stored entries {@code [from, size)}, only of the first of them when all have more than {@code enough}:
     * each page has so many, and those of one entry more at most.
     */
    static Page keysOfEntries(Connection connection, long from, long size, int enough) throws SQLException {
        List<IndexKey> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT idx, log_id, record_id, releases FROM log_entry WHERE idx >= ? AND idx < ? ORDER BY idx")) {
            statement.setLong(1, from);
            statement.setLong(2, size);
            // Rows are read as they are asked for.
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long index = row.getLong(1);
                    IndexKey.addTo(keys, index, row.getBytes(2), row.getBytes(3), row.getBytes(4));
                    if (keys.size() >= enough) {
                        return new Page(keys, index + 1);
                    }
                }
            }
        }
        return new Page(keys, size);
    }

    /** Places of entries that may have one of these records. One statement, because its start costs more than a look-up. */
    static List<Long> placesOfRecords(Connection connection, long[] prefixes) throws SQLException {
        StringBuilder json = new StringBuilder(21 * prefixes.length + 2).append('[');
        for (long prefix : prefixes) {
            json.append(json.length() > 1 ? "," : "").append(prefix);
        }
        return Rows.all(
                connection,
                "SELECT i.idx FROM json_each(?) AS wanted CROSS JOIN log_index AS i ON i.kind = "
                        + IndexKey.Kind.RECORD.code() + " AND i.prefix = wanted.value",
                statement -> statement.setString(1, json.append(']').toString()),
                row -> row.getLong(1));
    }
}
