package dev.lair.storage.postgres;

import dev.lair.storage.Arguments;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FullTile;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Frontier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The evidence log, by the same steps and with the same durability argument as {@link LedgerTables}. */
final class EvidenceTables implements EvidenceStore {

    private static final String APPEND = """
            INSERT INTO evidence_entry (idx, entry)
              SELECT ? + place - 1, entry FROM unnest(?::bytea[]) WITH ORDINALITY AS added (entry, place);
            INSERT INTO evidence_tile (id, bytes)
              SELECT id, bytes FROM unnest(?::bigint[], ?::bytea[]) AS added (id, bytes);
            UPDATE evidence_state SET size = ?, frontier = ? WHERE id = 1
            """;

    private final Database database;
    private final StateRow<Frontier> state;

    EvidenceTables(Database database) {
        this.database = database;
        this.state = new StateRow<>(database, EvidenceTables::readState);
    }

    /** The row that says where the log stands. */
    StateRow<Frontier> stateRow() {
        return state;
    }

    @Override
    public Frontier state() {
        return state.read();
    }

    @Override
    public void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException {
        Frontier stored = state.write(connection -> {
            Frontier found = state.lock(connection);
            if (found.equals(expected)) {
                batch.requireFollows(expected);
                append(connection, expected.treeSize(), batch);
            }
            return found;
        });
        if (!stored.equals(expected)) {
            throw new StaleEvidenceException(expected.treeSize(), stored.treeSize());
        }
    }

    private static Frontier readState(Connection connection, String lock) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT size, frontier FROM evidence_state WHERE id = 1" + lock,
                        Rows.Binder.NOTHING,
                        row -> Frontier.decode(row.getLong(1), row.getBytes(2)))
                .orElseThrow(() -> new StorageException("the evidence log's state row is gone: restore a backup"));
    }

    private static void append(Connection connection, long from, EvidenceBatch batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            statement.setLong(1, from);
            Column.ofBytes(statement, 2, batch.entries(), entry -> entry);
            Column.ofLongs(statement, 3, batch.tiles(), tile -> Tiles.id(tile.level(), tile.index()));
            Column.ofBytes(statement, 4, batch.tiles(), FullTile::bytes);
            statement.setLong(5, batch.next().treeSize());
            statement.setBytes(6, batch.next().encode());
            statement.execute();
        }
    }

    @Override
    public List<byte[]> entries(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        return Rows.all(
                database,
                "SELECT entry FROM evidence_entry WHERE idx >= ? AND idx < ? ORDER BY idx",
                statement -> {
                    statement.setLong(1, fromIndex);
                    statement.setLong(2, untilIndex);
                },
                row -> row.getBytes(1));
    }

    @Override
    public Optional<byte[]> tile(int level, long index) {
        return Tiles.read(database, "evidence_tile", level, index);
    }
}
