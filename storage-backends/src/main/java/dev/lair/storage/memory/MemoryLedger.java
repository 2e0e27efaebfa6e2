package dev.lair.storage.memory;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Arguments;
import dev.lair.storage.CheckpointRule;
import dev.lair.storage.DuplicateRecordException;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FullTile;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleLedgerException;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in the heap, for tests and short trials. One read-write lock owns every field below it, so a reader sees
 * whole batches; a batch is checked to its end before the first field changes.
 */
final class MemoryLedger implements LedgerStore {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private LedgerState state = LedgerState.EMPTY;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<RecordId, LedgerEntry> byRecord = new HashMap<>();
    private final Map<LogId, List<LedgerEntry>> byLog = new HashMap<>();
    private final Map<LogId, String> names = new HashMap<>();
    private final Map<TileKey, byte[]> tiles = new HashMap<>();
    private final Map<Digest, Long> released = new HashMap<>();
    private final NavigableMap<Long, SignedCheckpoint> checkpoints = new TreeMap<>();
    private @Nullable Publication published;

    /** Has a lock of its own, taken under ours and never the other way round. */
    private final EvidenceStore evidence;

    MemoryLedger(EvidenceStore evidence) {
        this.evidence = evidence;
    }

    @Override
    public LedgerState state() {
        return reading(() -> state);
    }

    @Override
    public void commit(LedgerState expected, LedgerBatch batch) throws StaleLedgerException {
        lock.writeLock().lock();
        try {
            if (!state.equals(expected)) {
                throw new StaleLedgerException(expected, state);
            }
            batch.requireFollows(expected);
            for (NewEntry entry : batch.entries()) {
                if (byRecord.containsKey(entry.recordId())) {
                    throw new DuplicateRecordException(entry.recordId());
                }
                if (entry.logName() != null && names.containsKey(entry.logId())) {
                    throw new IllegalArgumentException("log " + entry.logId() + " has a name already");
                }
            }
            for (NewEntry entry : batch.entries()) {
                append(entry);
            }
            for (FullTile tile : batch.tiles()) {
                tiles.put(new TileKey(tile.level(), tile.index()), tile.bytes().clone());
            }
            state = batch.next();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void append(NewEntry added) {
        LedgerEntry entry = new LedgerEntry(entries.size(), added.logId(), added.recordId(), added.record());
        entries.add(entry);
        byRecord.put(entry.recordId(), entry);
        byLog.computeIfAbsent(entry.logId(), log -> new ArrayList<>()).add(entry);
        if (added.logName() != null) {
            names.put(entry.logId(), added.logName());
        }
        for (Digest content : added.releases()) {
            released.putIfAbsent(content, entry.leafIndex());
        }
    }

    @Override
    public Optional<LedgerEntry> entry(RecordId id) {
        return reading(() -> Optional.ofNullable(byRecord.get(id)));
    }

    @Override
    public Optional<LedgerEntry> entryAt(long leafIndex) {
        Arguments.requireNotNegative(leafIndex);
        return reading(() -> leafIndex < entries.size() ? Optional.of(entries.get((int) leafIndex)) : Optional.empty());
    }

    @Override
    public List<LedgerEntry> entries(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        return reading(() -> {
            int from = (int) Math.min(fromIndex, entries.size());
            int until = (int) Math.min(untilIndex, entries.size());
            return List.copyOf(entries.subList(from, until));
        });
    }

    @Override
    public List<LogLeaf> leaves(long fromIndex, long untilIndex) {
        return entries(fromIndex, untilIndex).stream().map(LedgerEntry::leaf).toList();
    }

    @Override
    public List<LedgerEntry> logEntries(LogId log, long fromIndex, long treeSize, int limit) {
        Arguments.requireNotNegative(fromIndex);
        Arguments.requireNotNegative(treeSize);
        Arguments.requireLimit(limit);
        return reading(() -> byLog.getOrDefault(log, List.of()).stream()
                .filter(entry -> entry.leafIndex() >= fromIndex && entry.leafIndex() < treeSize)
                .limit(limit)
                .toList());
    }

    @Override
    public Optional<String> logName(LogId log) {
        return reading(() -> Optional.ofNullable(names.get(log)));
    }

    @Override
    public Optional<byte[]> tile(int level, long index) {
        Arguments.requireNotNegative(level);
        Arguments.requireNotNegative(index);
        return reading(
                () -> Optional.ofNullable(tiles.get(new TileKey(level, index))).map(byte[]::clone));
    }

    @Override
    public OptionalLong releasedAt(Digest content) {
        return reading(() -> {
            Long index = released.get(content);
            return index == null ? OptionalLong.empty() : OptionalLong.of(index);
        });
    }

    @Override
    public void publish(Publication publication) {
        lock.writeLock().lock();
        try {
            SignedCheckpoint latest =
                    checkpoints.isEmpty() ? null : checkpoints.lastEntry().getValue();
            CheckpointRule.require(
                    publication,
                    state,
                    evidence.state().treeSize(),
                    latest,
                    published == null ? 0 : published.notes().evidenceSize());
            checkpoints.put(publication.treeSize(), publication.checkpoint());
            published = publication;
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Optional<Publication> latestPublication() {
        return reading(() -> Optional.ofNullable(published));
    }

    @Override
    public Optional<SignedCheckpoint> checkpoint(long treeSize) {
        Arguments.requireNotNegative(treeSize);
        return reading(() -> Optional.ofNullable(checkpoints.get(treeSize)));
    }

    @Override
    public Optional<SignedCheckpoint> latestCheckpoint() {
        return latestCheckpoints(1).stream().findFirst();
    }

    @Override
    public List<SignedCheckpoint> checkpointsFrom(long treeSize, int limit) {
        Arguments.requireNotNegative(treeSize);
        Arguments.requireLimit(limit);
        return reading(() -> checkpoints.tailMap(treeSize, true).values().stream()
                .limit(limit)
                .toList());
    }

    @Override
    public List<SignedCheckpoint> latestCheckpoints(int limit) {
        Arguments.requireLimit(limit);
        return reading(
                () -> checkpoints.descendingMap().values().stream().limit(limit).toList());
    }

    @Override
    public OptionalLong reindex() {
        return OptionalLong.empty();
    }

    private <T> T reading(Supplier<T> read) {
        lock.readLock().lock();
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }
}
