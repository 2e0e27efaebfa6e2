package dev.lair.storage.embedded;

import dev.lair.storage.Arguments;
import dev.lair.storage.FullTile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A table of full tiles, {@code (id, bytes)}: level and index of a tile make one id, so a lookup is one row by its key. */
final class SqliteTiles {

    private static final int INDEX_BITS = 56;

    private final String insert;
    private final String select;

    SqliteTiles(String table) {
        this.insert = "INSERT INTO " + table + " (id, bytes) VALUES (?, ?)";
        this.select = "SELECT bytes FROM " + table + " WHERE id = ?";
    }

    void insert(Connection connection, List<FullTile> tiles) throws SQLException {
        if (tiles.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (FullTile tile : tiles) {
                statement.setLong(1, id(tile.level(), tile.index()));
                statement.setBytes(2, tile.bytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    Optional<byte[]> find(LedgerDatabase database, int level, long index) {
        Arguments.requireNotNegative(level);
        Arguments.requireNotNegative(index);
        if (level > FullTile.MAX_LEVEL || index >= 1L << INDEX_BITS) {
            return Optional.empty();
        }
        return Rows.first(
                database, select, statement -> statement.setLong(1, id(level, index)), row -> row.getBytes(1));
    }

    private static long id(int level, long index) {
        return (long) level << INDEX_BITS | index;
    }
}
