package dev.lair.storage.embedded;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Arguments;
import dev.lair.storage.CheckpointRule;
import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The ledger in {@code ledger.db}, layout d of the ledger-storage specification; the tables are in
 * {@code db/ledger/sqlite}.
 *
 * <p>The durability argument: a commit is one SQLite transaction that first reads the stored state and compares it
 * with the expected one, then writes every row of the batch, then the new state. SQLite makes it visible to readers
 * only after its log file is synced. So at any moment, and after any crash, the entries are exactly those below the
 * size in {@code log_state}, and nothing has to be repaired. Each read is one statement and so sees one such moment. A
 * publication is one transaction too, behind the commits of all that it covers.
 */
final class SqliteLedger implements LedgerStore {

    private static final String ENTRY = "SELECT idx, log_id, record_id, record FROM log_entry ";
    private static final SqliteTiles TILES = new SqliteTiles("log_tile");

    private final LedgerDatabase database;

    SqliteLedger(LedgerDatabase database) {
        this.database = database;
    }

    @Override
    public LedgerState state() {
        return database.read(SqliteLedger::readState);
    }

    @Override
    public void commit(LedgerState expected, LedgerBatch batch) throws StaleLedgerException {
        LedgerState stored;
        // Before the transaction: the writer's thread is the one that everybody waits for.
        List<byte[]> records = batch.entries().stream()
                .map(entry -> EnvelopeCodec.format(entry.record()))
                .toList();
        try {
            stored = database.write(connection -> {
                // 1. The batch continues what is stored, or nothing happens.
                LedgerState found = readState(connection);
                if (found.equals(expected)) {
                    batch.requireFollows(expected);
                    // 2. All rows, and 3. the state that makes them count.
                    insertEntries(connection, expected.treeSize(), batch.entries(), records);
                    insertNames(connection, batch.entries());
                    insertReleases(connection, expected.treeSize(), batch.entries());
                    TILES.insert(connection, batch.tiles());
                    writeState(connection, batch.next());
                }
                return found;
            });
        } catch (ConstraintBrokenException e) {
            throw refusal(batch, e);
        }
        if (!stored.equals(expected)) {
            throw new StaleLedgerException(expected, stored);
        }
    }

    /** Finds out which row of a refused batch was there already. */
    private RuntimeException refusal(LedgerBatch batch, ConstraintBrokenException broken) {
        for (NewEntry entry : batch.entries()) {
            if (entry(entry.recordId()).isPresent()) {
                return new DuplicateRecordException(entry.recordId());
            }
            if (entry.logName() != null && logName(entry.logId()).isPresent()) {
                return new IllegalArgumentException("log " + entry.logId() + " has a name already", broken);
            }
        }
        return broken;
    }

    /** The stored state, as the transaction of {@code connection} sees it. */
    static LedgerState readState(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT size, root, map_root, frontier FROM log_state WHERE id = 1");
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return LedgerState.EMPTY;
            }
            long size = row.getLong(1);
            RootHash root = RootHash.ofBytes(row.getBytes(2));
            Frontier frontier = Frontier.decode(size, row.getBytes(4));
            if (!frontier.root().equals(root)) {
                throw new StorageException("the ledger's state row is damaged: at size " + size + " it has root " + root
                        + " and a frontier of root " + frontier.root());
            }
            return new LedgerState(frontier, RootHash.ofBytes(row.getBytes(3)));
        }
    }

    private static void writeState(Connection connection, LedgerState state) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT OR REPLACE INTO log_state (id, size, root, map_root, frontier) VALUES (1, ?, ?, ?, ?)")) {
            statement.setLong(1, state.treeSize());
            statement.setBytes(2, state.logRoot().bytes());
            statement.setBytes(3, state.mapRoot().bytes());
            statement.setBytes(4, state.frontier().encode());
            statement.executeUpdate();
        }
    }

    private static void insertEntries(Connection connection, long from, List<NewEntry> entries, List<byte[]> records)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO log_entry (idx, log_id, record_id, record) VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < entries.size(); i++) {
                NewEntry entry = entries.get(i);
                statement.setLong(1, from + i);
                statement.setBytes(2, entry.logId().bytes());
                statement.setBytes(3, entry.recordId().bytes());
                statement.setBytes(4, records.get(i));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void insertNames(Connection connection, List<NewEntry> entries) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO log_name (log_id, name) VALUES (?, ?)")) {
            for (NewEntry entry : entries) {
                if (entry.logName() != null) {
                    statement.setBytes(1, entry.logId().bytes());
                    statement.setString(2, entry.logName());
                    statement.addBatch();
                }
            }
            statement.executeBatch();
        }
    }

    private static void insertReleases(Connection connection, long from, List<NewEntry> entries) throws SQLException {
        // The first release of a content stays.
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT OR IGNORE INTO released_content (digest, idx) VALUES (?, ?)")) {
            long index = from;
            for (NewEntry entry : entries) {
                for (Digest content : entry.releases()) {
                    statement.setBytes(1, content.bytes());
                    statement.setLong(2, index);
                    statement.addBatch();
                }
                index++;
            }
            statement.executeBatch();
        }
    }

    @Override
    public Optional<LedgerEntry> entry(RecordId id) {
        return first(ENTRY + "WHERE record_id = ?", statement -> statement.setBytes(1, id.bytes()));
    }

    @Override
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        Arguments.requireNotNegative(leafIndex);
        return first(ENTRY + "WHERE idx = ?", statement -> statement.setLong(1, leafIndex));
    }

    private Optional<LedgerEntry> first(String sql, Rows.Binder binder) {
        return Rows.first(database, sql, binder, SqliteLedger::toEntry);
    }

    @Override
    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        return Rows.all(
                database,
                ENTRY + "WHERE idx >= ? AND idx < ? ORDER BY idx",
                statement -> {
                    statement.setLong(1, fromIndex);
                    statement.setLong(2, untilIndex);
                },
                SqliteLedger::toEntry);
    }

    @Override
    public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        return Rows.all(
                database,
                "SELECT log_id, record_id FROM log_entry WHERE idx >= ? AND idx < ? ORDER BY idx",
                statement -> {
                    statement.setLong(1, fromIndex);
                    statement.setLong(2, untilIndex);
                },
                row -> new LogLeaf(LogId.ofBytes(row.getBytes(1)), RecordId.ofBytes(row.getBytes(2))));
    }

    @Override
    public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
        Arguments.requireNotNegative(fromIndex);
        Arguments.requireNotNegative(treeSize);
        Arguments.requireLimit(limit);
        return Rows.all(
                database,
                ENTRY + "WHERE log_id = ? AND idx >= ? AND idx < ? ORDER BY idx LIMIT ?",
                statement -> {
                    statement.setBytes(1, log.bytes());
                    statement.setLong(2, fromIndex);
                    statement.setLong(3, treeSize);
                    statement.setInt(4, limit);
                },
                SqliteLedger::toEntry);
    }

    private static LedgerEntry toEntry(ResultSet row) throws SQLException {
        return new LedgerEntry(
                row.getLong(1),
                LogId.ofBytes(row.getBytes(2)),
                RecordId.ofBytes(row.getBytes(3)),
                EnvelopeCodec.parse(row.getBytes(4)));
    }

    @Override
    public Optional<String> logName(LogId log) {
        return Rows.first(
                database,
                "SELECT name FROM log_name WHERE log_id = ?",
                statement -> statement.setBytes(1, log.bytes()),
                row -> row.getString(1));
    }

    @Override
    public Optional<byte[]> tile(int level, long index) {
        return TILES.find(database, level, index);
    }

    @Override
    public OptionalLong releasedAt(Digest content) {
        return Rows.first(
                        database,
                        "SELECT idx FROM released_content WHERE digest = ?",
                        statement -> statement.setBytes(1, content.bytes()),
                        row -> row.getLong(1))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public void publish(Publication publication) {
        database.write(connection -> {
            CheckpointRule.require(
                    publication,
                    readState(connection),
                    SqliteEvidence.readState(connection).treeSize(),
                    SqliteCheckpoints.latest(connection, 1).stream().findFirst().orElse(null),
                    SqliteCheckpoints.publishedEvidence(connection));
            // Both or neither: readers find the notes of the checkpoint that they find.
            SqliteCheckpoints.save(connection, publication.checkpoint());
            SqliteCheckpoints.saveNotes(connection, publication);
            return publication;
        });
    }

    @Override
    public Optional<Publication> latestPublication() {
        return database.read(SqliteCheckpoints::latestPublication);
    }

    @Override
    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
        Arguments.requireNotNegative(treeSize);
        return database.read(connection -> SqliteCheckpoints.from(connection, treeSize, 1)).stream()
                .filter(checkpoint -> checkpoint.contents().checkpoint().logLength() == treeSize)
                .findFirst();
    }

    @Override
    public Optional<SignedCheckpoint> latestCheckpoint() {
        return latestCheckpoints(1).stream().findFirst();
    }

    @Override
    public List<SignedCheckpoint> checkpointsFrom(long treeSize, int limit) {
        Arguments.requireNotNegative(treeSize);
        Arguments.requireLimit(limit);
        return database.read(connection -> SqliteCheckpoints.from(connection, treeSize, limit));
    }

    @Override
    public List<SignedCheckpoint> latestCheckpoints(int limit) {
        Arguments.requireLimit(limit);
        return database.read(connection -> SqliteCheckpoints.latest(connection, limit));
    }
}
