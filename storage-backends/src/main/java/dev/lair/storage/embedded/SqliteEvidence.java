package dev.lair.storage.embedded;

import dev.lair.storage.Arguments;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.RootHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The evidence log in {@code ledger.db}, written by the ledger's writer. An append is one transaction that compares the
 * stored state, writes entries and tiles, then the state: a crash leaves all of it or nothing, as in {@link SqliteLedger}.
 */
final class SqliteEvidence implements EvidenceStore {

    private static final SqliteTiles TILES = new SqliteTiles("evidence_tile");

    private final LedgerDatabase database;

    SqliteEvidence(LedgerDatabase database) {
        this.database = database;
    }

    @Override
    public Frontier state() {
        return database.read(SqliteEvidence::readState);
    }

    @Override
    public void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException {
        Frontier stored = database.write(connection -> {
            Frontier found = readState(connection);
            if (found.equals(expected)) {
                batch.requireFollows(expected);
                insertEntries(connection, expected.treeSize(), batch.entries());
                TILES.insert(connection, batch.tiles());
                writeState(connection, batch.next());
            }
            return found;
        });
        if (!stored.equals(expected)) {
            throw new StaleEvidenceException(expected.treeSize(), stored.treeSize());
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
        return TILES.find(database, level, index);
    }

    /** The stored state, as the transaction of {@code connection} sees it. */
    static Frontier readState(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT size, root, frontier FROM evidence_state WHERE id = 1");
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Frontier.empty();
            }
            long size = row.getLong(1);
            RootHash root = RootHash.ofBytes(row.getBytes(2));
            Frontier frontier = Frontier.decode(size, row.getBytes(3));
            if (!frontier.root().equals(root)) {
                throw new StorageException("the evidence log's state row is damaged: at size " + size + " it has root "
                        + root + " and a frontier of root " + frontier.root());
            }
            return frontier;
        }
    }

    private static void writeState(Connection connection, Frontier state) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO evidence_state (id, size, root, frontier) VALUES (1, ?, ?, ?)")) {
            statement.setLong(1, state.treeSize());
            statement.setBytes(2, state.root().bytes());
            statement.setBytes(3, state.encode());
            statement.executeUpdate();
        }
    }

    private static void insertEntries(Connection connection, long from, List<byte[]> entries) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO evidence_entry (idx, entry) VALUES (?, ?)")) {
            for (int i = 0; i < entries.size(); i++) {
                statement.setLong(1, from + i);
                statement.setBytes(2, entries.get(i));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
