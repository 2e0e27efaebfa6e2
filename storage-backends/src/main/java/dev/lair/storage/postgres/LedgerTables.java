package dev.lair.storage.postgres;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Arguments;
import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.FullTile;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The ledger in PostgreSQL, layout d of the ledger-storage specification; the tables are in {@code db/ledger/postgresql}.
 *
 * <p>The durability argument: a commit is one transaction that locks the state row, compares it with the expected
 * state, and writes every row of the batch and the new state. The lock lasts until the transaction ends, so of all nodes
 * one is between these steps; the next one finds the new state. The server answers a commit, and shows it to others, only
 * after its log is synced (and has reached the synchronous standbys, where there are any). So at any moment, and after
 * any crash, the entries are exactly those below the size in {@code log_state}, and nothing has to be repaired. Each read
 * is one statement and so sees one such moment.
 *
 * <p>A commit takes three round trips whatever its size: lock, all rows at once, commit. Rows go as arrays through
 * {@code unnest}; COPY was measured to be no faster (26,000 records/s either way) and needs a round trip per table.
 */
final class LedgerTables implements LedgerStore {

    private static final String ENTRY = "SELECT idx, log_id, record_id, record FROM log_entry ";

    private static final String FIRST_OF_LOGS = """
            SELECT found.*, part.place
              FROM unnest(?::bytea[], ?::bigint[], ?::bigint[]) WITH ORDINALITY AS part (log, first, size, place)
              CROSS JOIN LATERAL (%sWHERE log_id = part.log AND idx >= part.first AND idx < part.size
                ORDER BY idx LIMIT %d) AS found
            """.formatted(ENTRY, Limits.GATHERED_ROWS);

    /** One string, so that the driver sends all of it before it waits for an answer. */
    private static final String APPEND = """
            INSERT INTO log_entry (idx, log_id, record_id, record)
              SELECT ? + place - 1, log_id, record_id, record
              FROM unnest(?::bytea[], ?::bytea[], ?::bytea[]) WITH ORDINALITY AS added (log_id, record_id, record, place);
            INSERT INTO log_name (log_id, name)
              SELECT log_id, name FROM unnest(?::bytea[], ?::text[]) AS added (log_id, name);
            INSERT INTO released_content (digest, idx)
              SELECT digest, idx FROM unnest(?::bytea[], ?::bigint[]) AS added (digest, idx) ON CONFLICT DO NOTHING;
            INSERT INTO log_tile (id, bytes)
              SELECT id, bytes FROM unnest(?::bigint[], ?::bytea[]) AS added (id, bytes);
            UPDATE log_state SET size = ?, root = ?, map_root = ?, frontier = ? WHERE id = 1
            """;

    private final Database database;
    private final StateRow<LedgerState> state;
    private final PublicationTables publications;
    private final Gathering<RecordId, Optional<LedgerEntry>> entries;
    private final Gathering<LogPart, List<LedgerEntry>> logEntries;
    private final Gathering<Digest, OptionalLong> releases;

    /** The entries of a log in {@code [fromIndex, treeSize)}. */
    private record LogPart(LogId log, long fromIndex, long treeSize) {}

    LedgerTables(Database database, StateRow<Frontier> evidence) {
        this.database = database;
        this.state = new StateRow<>(database, LedgerTables::readState);
        this.publications = new PublicationTables(database, state, evidence);
        this.entries = database.gatheredReads(this::allEntries);
        this.logEntries = database.gatheredReads(this::firstLogEntries);
        this.releases = database.gatheredReads(this::allReleasedAt);
    }

    @Override
    public LedgerState state() {
        return state.read();
    }

    @Override
    public void commit(LedgerState expected, LedgerBatch batch) throws StaleLedgerException {
        LedgerState stored;
        try {
            stored = state.write(connection -> {
                LedgerState found = state.lock(connection);
                if (found.equals(expected)) {
                    batch.requireFollows(expected);
                    append(connection, expected.treeSize(), batch);
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

    private static LedgerState readState(Connection connection, String lock) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT size, root, map_root, frontier FROM log_state WHERE id = 1" + lock,
                        Rows.Binder.NOTHING,
                        row -> {
                            long size = row.getLong(1);
                            RootHash root = RootHash.ofBytes(row.getBytes(2));
                            Frontier frontier = Frontier.decode(size, row.getBytes(4));
                            if (!frontier.root().equals(root)) {
                                throw new StorageException("the ledger's state row is damaged: at size " + size
                                        + " it has root " + root + " and a frontier of root " + frontier.root());
                            }
                            return new LedgerState(frontier, RootHash.ofBytes(row.getBytes(3)));
                        })
                .orElseThrow(() -> new StorageException("the ledger's state row is gone: restore a backup"));
    }

    private static void append(Connection connection, long from, LedgerBatch batch) throws SQLException {
        List<NewEntry> entries = batch.entries();
        List<NewEntry> named =
                entries.stream().filter(entry -> entry.logName() != null).toList();
        Map<Digest, Long> releases = releases(from, entries);
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            statement.setLong(1, from);
            Column.ofBytes(statement, 2, entries, entry -> entry.logId().bytes());
            Column.ofBytes(statement, 3, entries, entry -> entry.recordId().bytes());
            Column.ofBytes(statement, 4, entries, entry -> EnvelopeCodec.format(entry.record()));
            Column.ofBytes(statement, 5, named, entry -> entry.logId().bytes());
            Column.ofTexts(statement, 6, named, entry -> String.valueOf(entry.logName()));
            Column.ofBytes(statement, 7, releases.keySet(), Digest::bytes);
            Column.ofLongs(statement, 8, releases.values(), index -> index);
            Column.ofLongs(statement, 9, batch.tiles(), tile -> Tiles.id(tile.level(), tile.index()));
            Column.ofBytes(statement, 10, batch.tiles(), FullTile::bytes);
            LedgerState next = batch.next();
            statement.setLong(11, next.treeSize());
            statement.setBytes(12, next.logRoot().bytes());
            statement.setBytes(13, next.mapRoot().bytes());
            statement.setBytes(14, next.frontier().encode());
            statement.execute();
        }
    }

    /** The first release of each content in the batch; one of an earlier batch stays, by the statement. */
    private static Map<Digest, Long> releases(long from, List<NewEntry> entries) {
        Map<Digest, Long> releases = new LinkedHashMap<>();
        long index = from;
        for (NewEntry entry : entries) {
            for (Digest content : entry.releases()) {
                releases.putIfAbsent(content, index);
            }
            index++;
        }
        return releases;
    }

    /** Finds out which row of a refused batch was there already. */
    private RuntimeException refusal(LedgerBatch batch, ConstraintBrokenException broken) {
        Set<RecordId> known = new HashSet<>(Rows.all(
                database,
                "SELECT record_id FROM log_entry WHERE record_id = ANY (?)",
                statement -> Column.ofBytes(
                        statement, 1, batch.entries(), entry -> entry.recordId().bytes()),
                row -> RecordId.ofBytes(row.getBytes(1))));
        for (NewEntry entry : batch.entries()) {
            if (known.contains(entry.recordId())) {
                return new DuplicateRecordException(entry.recordId());
            }
        }
        for (NewEntry entry : batch.entries()) {
            if (entry.logName() != null && logName(entry.logId()).isPresent()) {
                return new IllegalArgumentException("log " + entry.logId() + " has a name already", broken);
            }
        }
        return broken;
    }

    @Override
    public Optional<LedgerEntry> entry(RecordId id) {
        return entries.ask(id);
    }

    private List<Optional<LedgerEntry>> allEntries(List<RecordId> ids) {
        Map<RecordId, LedgerEntry> found = Rows.byKey(
                Rows.all(
                        database,
                        ENTRY + "WHERE record_id = ANY (?)",
                        statement -> Column.ofBytes(statement, 1, ids, RecordId::bytes),
                        LedgerTables::toEntry),
                LedgerEntry::recordId);
        return ids.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
    }

    @Override
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        Arguments.requireNotNegative(leafIndex);
        return Rows.first(
                database, ENTRY + "WHERE idx = ?", statement -> statement.setLong(1, leafIndex), LedgerTables::toEntry);
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
                LedgerTables::toEntry);
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
        // Whoever reads what is new in a log finds little or nothing; a whole log is read by itself.
        List<LedgerEntry> first = logEntries.ask(new LogPart(log, fromIndex, treeSize));
        if (first.size() < Limits.GATHERED_ROWS) {
            return first.size() <= limit ? first : first.subList(0, limit);
        }
        return Rows.all(
                database,
                ENTRY + "WHERE log_id = ? AND idx >= ? AND idx < ? ORDER BY idx LIMIT ?",
                statement -> {
                    statement.setBytes(1, log.bytes());
                    statement.setLong(2, fromIndex);
                    statement.setLong(3, treeSize);
                    statement.setInt(4, limit);
                },
                LedgerTables::toEntry);
    }

    private List<List<LedgerEntry>> firstLogEntries(List<LogPart> parts) {
        Map<Long, List<LedgerEntry>> found = Rows.all(
                        database,
                        FIRST_OF_LOGS,
                        statement -> {
                            Column.ofBytes(
                                    statement, 1, parts, part -> part.log().bytes());
                            Column.ofLongs(statement, 2, parts, LogPart::fromIndex);
                            Column.ofLongs(statement, 3, parts, LogPart::treeSize);
                        },
                        row -> Map.entry(row.getLong(5), toEntry(row)))
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        List<List<LedgerEntry>> answers = new ArrayList<>();
        for (long place = 1; place <= parts.size(); place++) {
            answers.add(found.getOrDefault(place, List.of()).stream()
                    .sorted(Comparator.comparingLong(LedgerEntry::leafIndex))
                    .toList());
        }
        return answers;
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
        return Tiles.read(database, "log_tile", level, index);
    }

    @Override
    public OptionalLong releasedAt(Digest content) {
        return releases.ask(content);
    }

    private List<OptionalLong> allReleasedAt(List<Digest> contents) {
        Map<Digest, Long> found = Rows.all(
                        database,
                        "SELECT digest, idx FROM released_content WHERE digest = ANY (?)",
                        statement -> Column.ofBytes(statement, 1, contents, Digest::bytes),
                        row -> Map.entry(Digest.ofBytes(row.getBytes(1)), row.getLong(2)))
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        return contents.stream()
                .map(content -> {
                    Long index = found.get(content);
                    return index == null ? OptionalLong.empty() : OptionalLong.of(index);
                })
                .toList();
    }

    @Override
    public void publish(Publication publication) {
        publications.publish(publication);
    }

    @Override
    public Optional<Publication> latestPublication() {
        return publications.latest();
    }

    @Override
    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
        Arguments.requireNotNegative(treeSize);
        return publications.checkpoint(treeSize);
    }

    @Override
    public Optional<SignedCheckpoint> latestCheckpoint() {
        return latestCheckpoints(1).stream().findFirst();
    }

    @Override
    public List<SignedCheckpoint> checkpointsFrom(long treeSize, int limit) {
        Arguments.requireNotNegative(treeSize);
        Arguments.requireLimit(limit);
        return publications.from(treeSize, limit);
    }

    @Override
    public List<SignedCheckpoint> latestCheckpoints(int limit) {
        Arguments.requireLimit(limit);
        return publications.latest(limit);
    }

    @Override
    public OptionalLong reindex() {
        // The database keeps its own indexes, in the transaction of the entries.
        return OptionalLong.empty();
    }
}
