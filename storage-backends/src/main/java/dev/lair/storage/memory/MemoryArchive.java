package dev.lair.storage.memory;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Arguments;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Write-once objects in the heap. Paths are ASCII, so the order of strings is that of bytes. */
final class MemoryArchive implements Archive {

    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
        Arguments.requireArchivePath(path);
        byte[] there = objects.putIfAbsent(path, bytes.clone());
        if (there != null && !Arrays.equals(there, bytes)) {
            throw new ArchiveConflictException(path);
        }
        return there == null;
    }

    @Override
    public Optional<byte[]> get(String path) {
        Arguments.requireArchivePath(path);
        return Optional.ofNullable(objects.get(path)).map(byte[]::clone);
    }

    @Override
    public Optional<String> firstAfter(String prefix, String after) {
        // What starts with the prefix stands together in the order, behind the prefix itself.
        String next = after.compareTo(prefix) < 0 ? objects.ceilingKey(prefix) : objects.higherKey(after);
        return Optional.ofNullable(next).filter(path -> path.startsWith(prefix));
    }
}
