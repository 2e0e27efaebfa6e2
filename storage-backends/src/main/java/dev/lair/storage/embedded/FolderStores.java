package dev.lair.storage.embedded;

import dev.lair.storage.ContentStore;
import dev.lair.storage.SnapshotStore;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Contents and snapshots in a data folder, for a registry whose ledger is elsewhere. One process has the folder open, so
 * this is for a single node; many nodes keep contents in a bucket.
 */
public final class FolderStores implements AutoCloseable {

    private final ContentStore contents;
    private final SnapshotStore snapshots;
    private final FolderLock lock;

    private FolderStores(ContentStore contents, SnapshotStore snapshots, FolderLock lock) {
        this.contents = contents;
        this.snapshots = snapshots;
        this.lock = lock;
    }

    /**
     * Opens the folder, which is created when it is not there.
     *
     * @throws DataFolderInUseException when it is open already, here or in another process
     */
    public static FolderStores open(Path dataDir, Clock clock) {
        FolderLock.create(dataDir);
        FolderLock lock = FolderLock.take(dataDir);
        FolderStores opened = null;
        try {
            opened = new FolderStores(
                    FolderContents.open(
                            DurableFolder.open(dataDir.resolve(EmbeddedStorage.CONTENTS), DurableFolder.Probe.NONE),
                            clock),
                    new FolderSnapshots(
                            DurableFolder.open(dataDir.resolve(EmbeddedStorage.SNAPSHOTS), DurableFolder.Probe.NONE),
                            clock),
                    lock);
            return opened;
        } finally {
            if (opened == null) {
                lock.close();
            }
        }
    }

    /** The contents. */
    public ContentStore contents() {
        return contents;
    }

    /** Snapshots of the map. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    @Override
    public void close() {
        lock.close();
    }
}
