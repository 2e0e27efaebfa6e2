package dev.lair.storage.embedded;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Arguments;
import dev.lair.storage.CheckpointRule;
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
 * size in {@code log_state}, and nothing has to be repaired. Each read sees one such moment: it is one statement, or one
 * below a size that was read first ({@link LedgerIndex}, which finds entries and checks that no record comes twice). A
 * publication is one transaction too, behind the commits of all that it covers.
 */
final class SqliteLedger implements LedgerStore {

    private static final SqliteTiles TILES = new SqliteTiles("log_tile");

    private final LedgerDatabase database;
    private final LedgerIndex index;

    SqliteLedger(LedgerDatabase database, LedgerIndex index) {
        this.database = database;
        this.index = index;
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
        List<IndexKey> keys = IndexKey.of(expected.treeSize(), batch.entries());
        index.awaitRoom();
        try {
            stored = database.write(connection -> {
                // 1. The batch continues what is stored, or nothing happens.
                LedgerState found = readState(connection);
                if (found.equals(expected)) {
                    batch.requireFollows(expected);
                    // 2. No record is there already. Its keys come before its row: who can see it can find it.
                    index.add(connection, expected.treeSize(), batch.entries(), keys);
                    // 3. All rows, and 4. the state that makes them count.
                    insertEntries(connection, expected.treeSize(), batch.entries(), records);
                    insertNames(connection, batch.entries());
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
        index.committed(batch.next().treeSize());
    }

    /** Finds out which name of a refused batch was there already. */
    private RuntimeException refusal(LedgerBatch batch, ConstraintBrokenException broken) {
        for (NewEntry entry : batch.entries()) {
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
                "INSERT INTO log_entry (idx, log_id, record_id, releases, record) VALUES (?, ?, ?, ?, ?)")) {
            for (int i = 0; i < entries.size(); i++) {
                NewEntry entry = entries.get(i);
                statement.setLong(1, from + i);
                statement.setBytes(2, entry.logId().bytes());
                statement.setBytes(3, entry.recordId().bytes());
                statement.setBytes(4, IndexKey.releases(entry));
                statement.setBytes(5, records.get(i));
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

    @Override
    public Optional<LedgerEntry> entry(RecordId id) {
        return index.find(IndexKey.Kind.RECORD, id, 0, Long.MAX_VALUE, 1, SqliteLedger::toEntry).stream()
                .findFirst();
    }

    @Override
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        Arguments.requireNotNegative(leafIndex);
        return Rows.first(
                database,
                IndexKey.ENTRIES + "WHERE idx = ?",
                statement -> statement.setLong(1, leafIndex),
                SqliteLedger::toEntry);
    }

    @Override
    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        return Rows.all(
                database,
                IndexKey.ENTRIES + "WHERE idx >= ? AND idx < ? ORDER BY idx",
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
        return index.find(IndexKey.Kind.LOG, log, fromIndex, treeSize, limit, SqliteLedger::toEntry);
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
        List<Long> first = index.find(IndexKey.Kind.CONTENT, content, 0, Long.MAX_VALUE, 1, row -> row.getLong(1));
        return first.isEmpty() ? OptionalLong.empty() : OptionalLong.of(first.getFirst());
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

    @Override
    public OptionalLong reindex() {
        return OptionalLong.of(index.rebuild());
    }
}
