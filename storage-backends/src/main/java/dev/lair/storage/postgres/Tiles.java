package dev.lair.storage.postgres;

import dev.lair.storage.Arguments;
import dev.lair.storage.FullTile;
import java.util.Optional;

/** The tables of full tiles, whose key is level and index in one number. */
final class Tiles {

    private Tiles() {}

    static long id(int level, long index) {
        return (long) level << 56 | index;
    }

    static Optional<byte[]> read(Database database, String table, int level, long index) {
        Arguments.requireNotNegative(level);
        Arguments.requireNotNegative(index);
        if (level > FullTile.MAX_LEVEL || index >= 1L << 56) {
            return Optional.empty();
        }
        return Rows.first(
                database,
                "SELECT bytes FROM " + table + " WHERE id = ?",
                statement -> statement.setLong(1, id(level, index)),
                row -> row.getBytes(1));
    }
}
