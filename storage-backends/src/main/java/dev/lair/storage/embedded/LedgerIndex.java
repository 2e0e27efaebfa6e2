package dev.lair.storage.embedded;

import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.NewEntry;
import dev.lair.storage.StorageException;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.Sha256Value;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds entries by record, log and released content. Keys are hashes, so a table of them is written all over with each
 * record: in the transaction of the records that cost four fifths of all time (ledger storage, "Recommended"). Here it is
 * written behind them, {@value Limits#INDEX_GENERATION_KEYS} keys at a time and in its own order; until then the keys
 * are in memory ({@link IndexTail}).
 *
 * <p><b>Durability.</b> The table is derived, the entries are the truth. Rows are written for committed entries only;
 * {@code log_indexed} moves in the transaction of the last rows that it counts. A crash in the middle leaves rows that are
 * early: no reader looks at them, and they are written again without effect. Opening reads the keys of all entries at and
 * behind {@code log_indexed} from the entries, and indexes first when these are more than memory is meant for (a folder of
 * an older version, a table that was dropped).
 *
 * <p><b>Reads</b> see what {@code log_state} counts when they begin. Keys come into memory before their entries are
 * committed and go when the table has them durably, so at each moment every counted entry is in the table below
 * {@code indexed} or in memory at or behind it; a read during which {@code indexed} moved is done again. The entry itself
 * decides whether it has the key.
 */
final class LedgerIndex {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerIndex.class);

    static final String FROM_TABLE = "SELECT e." + IndexKey.COLUMNS.replace(", ", ", e.")
            + " FROM log_index AS i CROSS JOIN log_entry AS e ON e.idx = i.idx"
            + " WHERE i.kind = ? AND i.prefix = ? AND i.idx >= ? AND i.idx < ? ORDER BY i.idx";
    private static final String ENTRY = IndexKey.ENTRIES + "WHERE idx = ?";

    private final LedgerDatabase database;
    private final Sizes sizes;
    private final IndexTail tail;

    /** All entries below this are in the table, durably. Moved by the writer's thread, before the keys leave the tail. */
    private volatile long indexed;

    /** All entries below this are committed, for sure. */
    private final AtomicLong committed;

    /** The move into the table that is under way; never two at once. */
    private final AtomicReference<@Nullable Move> moving = new AtomicReference<>();

    /**
     * How much is in memory, and how much is written at once. All count keys and not entries, of which each has as many as
     * its author wanted.
     *
     * @param generationKeys that move into the table together
     * @param tailKeys from which on commits wait for the table
     * @param chunkKeys written in one transaction
     * @param fillKeys written in one transaction while nobody commits
     */
    record Sizes(int generationKeys, int tailKeys, int chunkKeys, int fillKeys) {
        static final Sizes PRODUCTION = new Sizes(
                Limits.INDEX_GENERATION_KEYS, Limits.INDEX_TAIL_KEYS, Limits.INDEX_CHUNK_KEYS, Limits.INDEX_FILL_KEYS);
    }

    private LedgerIndex(LedgerDatabase database, Sizes sizes, IndexTail tail, long indexed, long committed) {
        this.database = database;
        this.sizes = sizes;
        this.tail = tail;
        this.indexed = indexed;
        this.committed = new AtomicLong(committed);
    }

    /** The index of a database that nobody writes to yet. */
    static LedgerIndex open(LedgerDatabase database, Sizes sizes) {
        long size = database.read(IndexTable::size);
        long indexed = database.read(IndexTable::indexed);
        if (indexed > size) {
            LOG.warn("the index is of another ledger and is made again indexed={} entries={}", indexed, size);
            clear(database);
            indexed = 0;
        }
        IndexTail tail = load(database, indexed, size, sizes);
        if (tail == null) {
            indexed = fill(database, indexed, size, sizes);
            tail = new IndexTail(indexed, sizes.generationKeys());
        }
        return new LedgerIndex(database, sizes, tail, indexed, size);
    }

    /** The keys of the entries {@code [indexed, size)}; null when these are more than memory is meant for. */
    private static @Nullable IndexTail load(LedgerDatabase database, long indexed, long size, Sizes sizes) {
        IndexTail tail = new IndexTail(indexed, sizes.generationKeys());
        for (long done = indexed; done < size; ) {
            long from = done;
            IndexTable.Page page = database.read(
                    connection -> IndexTable.keysOfEntries(connection, from, size, sizes.generationKeys()));
            tail.add(from, page.until(), page.keys());
            if (tail.keys() >= sizes.tailKeys()) {
                return null;
            }
            done = page.until();
        }
        return tail;
    }

    /**
     * Makes the whole index again, in a database that nobody else uses: until it ends, look-ups miss. A crash leaves the
     * rest to the next opening.
     *
     * @return entries that are in it
     */
    long rebuild() {
        clear(database);
        return fill(database, 0, database.read(IndexTable::size), sizes);
    }

    private static void clear(LedgerDatabase database) {
        database.write(connection -> {
            IndexTable.clear(connection);
            return true;
        });
    }

    /** Indexes the entries {@code [indexed, size)}; each page is a transaction of its own. */
    private static long fill(LedgerDatabase database, long indexed, long size, Sizes sizes) {
        long done = indexed;
        while (done < size) {
            long from = done;
            done = database.write(connection -> {
                IndexTable.Page page = IndexTable.keysOfEntries(connection, from, size, sizes.fillKeys());
                page.keys().sort(null);
                IndexTable.insert(connection, page.keys());
                IndexTable.setIndexed(connection, page.until());
                return page.until();
            });
            LOG.info("indexed entries={} of={}", done, size);
        }
        return done;
    }

    /** Keys that the table does not have. */
    long keysInMemory() {
        return tail.keys();
    }

    /**
     * Waits until the tail has room, so that memory is bounded where commits are faster than the index. By the caller of a
     * commit, before it.
     *
     * @throws StorageException when the table could not be written
     */
    void awaitRoom() {
        while (tail.keys() >= sizes.tailKeys()) {
            Move move = move();
            if (move == null) {
                return;
            }
            LedgerDatabase.await(move.done);
        }
    }

    /**
     * Takes the keys of entries that the running transaction of {@code connection} is about to write behind {@code from}
     * stored ones. On the writer's thread.
     *
     * @throws DuplicateRecordException when one is there already
     */
    void add(Connection connection, long from, List<NewEntry> entries, List<IndexKey> keys) throws SQLException {
        requireNew(connection, from, entries);
        tail.add(from, from + entries.size(), keys);
    }

    private void requireNew(Connection connection, long size, List<NewEntry> entries) throws SQLException {
        Map<RecordId, Long> prefixes = new HashMap<>();
        for (NewEntry entry : entries) {
            prefixes.put(entry.recordId(), IndexKey.prefix(entry.recordId().bytes()));
        }
        long[] sorted =
                prefixes.values().stream().mapToLong(prefix -> prefix).sorted().toArray();
        List<Long> places = IndexTable.placesOfRecords(connection, sorted);
        for (long prefix : sorted) {
            places.addAll(tail.find(IndexKey.Kind.RECORD, prefix, 0, size));
        }
        for (long place : places) {
            List<RecordId> there = Rows.all(
                    connection,
                    "SELECT record_id FROM log_entry WHERE idx = ?",
                    statement -> statement.setLong(1, place),
                    row -> RecordId.ofBytes(row.getBytes(1)));
            for (RecordId record : there) {
                if (prefixes.containsKey(record)) {
                    throw new DuplicateRecordException(record);
                }
            }
        }
    }

    /** Tells that all entries below {@code size} are committed. Begins a move into the table when it is time. */
    void committed(long size) {
        long now = committed.accumulateAndGet(size, Math::max);
        if (tail.complete(now) != null) {
            move();
        }
    }

    /** The entries of {@code [from, until)} with this key, in leaf order, at most {@code limit} of them. */
    <T> List<T> find(IndexKey.Kind kind, Sha256Value key, long from, long until, int limit, Rows.Mapper<T> mapper) {
        Search<T> search = new Search<>(kind, key.bytes(), limit, mapper);
        return database.read(connection -> {
            long end = Math.min(until, IndexTable.size(connection));
            while (true) {
                long inTable = indexed;
                List<T> found = new ArrayList<>();
                search.inTable(connection, from, Math.min(inTable, end), found);
                search.inTail(connection, Math.max(from, inTable), end, found);
                if (inTable == indexed) {
                    return found;
                }
            }
        });
    }

    private final class Search<T> {

        private final IndexKey.Kind kind;
        private final byte[] key;
        private final long prefix;
        private final int limit;
        private final Rows.Mapper<T> mapper;

        Search(IndexKey.Kind kind, byte[] key, int limit, Rows.Mapper<T> mapper) {
            this.kind = kind;
            this.key = key;
            this.prefix = IndexKey.prefix(key);
            this.limit = limit;
            this.mapper = mapper;
        }

        private void inTable(Connection connection, long from, long until, List<T> found) throws SQLException {
            if (from >= until) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(FROM_TABLE)) {
                statement.setInt(1, kind.code());
                statement.setLong(2, prefix);
                statement.setLong(3, from);
                statement.setLong(4, until);
                addMatching(statement, found);
            }
        }

        private void inTail(Connection connection, long from, long until, List<T> found) throws SQLException {
            if (found.size() >= limit || from >= until) {
                return;
            }
            List<Long> places = tail.find(kind, prefix, from, until);
            if (places.isEmpty()) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(ENTRY)) {
                for (int i = 0; i < places.size() && found.size() < limit; i++) {
                    statement.setLong(1, places.get(i));
                    addMatching(statement, found);
                }
            }
        }

        private void addMatching(PreparedStatement statement, List<T> found) throws SQLException {
            try (ResultSet row = statement.executeQuery()) {
                while (found.size() < limit && row.next()) {
                    if (kind.isIn(row, key)) {
                        found.add(mapper.map(row));
                    }
                }
            }
        }
    }

    /** The move that is under way, or a new one; null when no generation is ready for it. */
    private @Nullable Move move() {
        while (true) {
            Move running = moving.get();
            if (running != null) {
                return running;
            }
            IndexTail.Generation ready = tail.complete(committed.get());
            if (ready == null) {
                return null;
            }
            Move begun = new Move(ready);
            if (moving.compareAndSet(null, begun)) {
                if (tail.complete(committed.get()) == ready) {
                    begun.writeNext();
                } else {
                    // Another one took it in between.
                    begun.end();
                }
                return begun;
            }
        }
    }

    /**
     * Writes one generation into the table, a chunk per transaction, in the order of the table: each page of it is changed
     * once. A commit of records that comes meanwhile waits for one chunk. Runs on the writer's thread, between others.
     */
    private final class Move {

        private final IndexTail.Generation generation;
        private final Iterator<IndexKey> keys;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        Move(IndexTail.Generation generation) {
            this.generation = generation;
            this.keys = generation.keys().iterator();
        }

        private void writeNext() {
            List<IndexKey> chunk = new ArrayList<>(sizes.chunkKeys());
            while (chunk.size() < sizes.chunkKeys() && keys.hasNext()) {
                chunk.add(keys.next());
            }
            boolean last = !keys.hasNext();
            // A crash behind this and before the last: rows that nobody looks at, see above.
            var unused = database.queue(connection -> {
                        IndexTable.insert(connection, chunk);
                        if (last) {
                            IndexTable.setIndexed(connection, generation.until());
                        }
                        return last;
                    })
                    .whenComplete(this::goOn);
        }

        private void goOn(@Nullable Boolean complete, @Nullable Throwable failure) {
            try {
                if (failure != null) {
                    fail(failure);
                } else if (Boolean.TRUE.equals(complete)) {
                    succeed();
                } else {
                    writeNext();
                }
            } catch (RuntimeException | Error e) {
                // Nobody else sees a fault of ours here, and commits may wait for the end of this.
                fail(e);
            }
        }

        private void succeed() {
            // In this order: who misses a key in the tail sees that this moved.
            indexed = generation.until();
            tail.drop(generation);
            end();
            committed(indexed);
        }

        /** What is in the table stays; the next commit of records begins anew, if this was not a disk that stops them. */
        private void fail(Throwable why) {
            LOG.info("the index stays behind indexed={} reason=\"{}\"", indexed, why.getMessage());
            moving.set(null);
            done.completeExceptionally(why);
        }

        private void end() {
            moving.set(null);
            done.complete(true);
        }
    }
}
