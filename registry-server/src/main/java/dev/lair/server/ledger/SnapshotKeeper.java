package dev.lair.server.ledger;

import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.StorageException;
import dev.lair.transparency.MapSnapshot;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot of the map each so many records, so that a start replays few, and deletes those that lead to no
 * retained checkpoint any more. Another thread does it: the map is immutable, so it sees exactly the size that it is tied
 * to.
 */
final class SnapshotKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

    private final SnapshotStore snapshots;
    private final MapHistory history;
    private final long everyRecords;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("map-snapshot").daemon().factory());

    private final AtomicBoolean writing = new AtomicBoolean();

    // Owned by the publisher thread.
    private long lastSize;

    SnapshotKeeper(SnapshotStore snapshots, MapHistory history, LedgerSettings settings, long treeSize) {
        this.snapshots = snapshots;
        this.history = history;
        this.everyRecords = settings.snapshotRecords();
        Long newest = snapshots.sizes().floor(treeSize);
        this.lastSize = newest == null ? 0 : newest;
    }

    /** Has a snapshot written if enough records came since the last. */
    void offer(Committed now) {
        if (now.treeSize() - lastSize < everyRecords || !writing.compareAndSet(false, true)) {
            // While one is written the next one waits for a later checkpoint: a slow disk must not gather maps.
            return;
        }
        lastSize = now.treeSize();
        MapSnapshot snapshot = new MapSnapshot(now.treeSize(), now.map());
        writer.execute(() -> {
            try {
                write(snapshot);
            } finally {
                writing.set(false);
            }
        });
    }

    private void write(MapSnapshot snapshot) {
        try {
            Long newest = snapshots.sizes().floor(snapshot.logSize());
            if (newest != null && snapshot.logSize() - newest < everyRecords) {
                // Another node wrote one while we got here.
                return;
            }
            snapshots.save(snapshot.logSize(), snapshot::writeTo);
            MapSnapshots.superseded(snapshots, history.oldest()).forEach(snapshots::delete);
            LOG.info("map snapshot written snapshot.size={} size_bytes={}", snapshot.logSize(), snapshot.sizeBytes());
        } catch (StorageException e) {
            // Derived data: the next snapshot tries again, a start replays more until then.
            LOG.warn("map snapshot failed snapshot.size={} reason=\"{}\"", snapshot.logSize(), e.getMessage());
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
