package dev.lair.server.ledger;

import dev.lair.storage.LedgerStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import java.io.InputStream;
import java.util.NavigableSet;

/** Snapshots on a disk that is full. */
record RefusingSnapshots(SnapshotStore store) implements SnapshotStore {

    /** {@code storage} with this ledger and such snapshots in the place of its own. */
    static Storage in(Storage storage, LedgerStore ledger) {
        return new Storage(
                ledger,
                storage.evidence(),
                storage.submissions(),
                new RefusingSnapshots(storage.snapshots()),
                storage.contents(),
                storage.archive(),
                storage.sharing(),
                storage::close);
    }

    @Override
    public void save(long treeSize, SnapshotWriter writer) {
        throw new StorageException("the disk is full");
    }

    @Override
    public NavigableSet<Long> sizes() {
        return store.sizes();
    }

    @Override
    public InputStream open(long treeSize) {
        return store.open(treeSize);
    }

    @Override
    public void delete(long treeSize) {
        store.delete(treeSize);
    }
}
