package dev.lair.storage.memory;

import dev.lair.storage.Arguments;
import dev.lair.storage.SnapshotNotFoundException;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.SnapshotWriter;
import dev.lair.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/** Snapshots in the heap. */
final class MemorySnapshots implements SnapshotStore {

    private final ConcurrentSkipListMap<Long, byte[]> snapshots = new ConcurrentSkipListMap<>();

    @Override
    public void save(long treeSize, SnapshotWriter writer) {
        Arguments.requireNotNegative(treeSize);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out);
        } catch (IOException e) {
            throw new StorageException("the snapshot of tree size " + treeSize + " could not be written", e);
        }
        snapshots.put(treeSize, out.toByteArray());
    }

    @Override
    public NavigableSet<Long> sizes() {
        return new TreeSet<>(snapshots.keySet());
    }

    @Override
    public InputStream open(long treeSize) {
        byte[] bytes = snapshots.get(treeSize);
        if (bytes == null) {
            throw new SnapshotNotFoundException(treeSize);
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void delete(long treeSize) {
        snapshots.remove(treeSize);
    }
}
