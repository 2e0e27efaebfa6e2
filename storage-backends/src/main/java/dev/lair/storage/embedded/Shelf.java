package dev.lair.storage.embedded;

import dev.lair.transparency.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The lock of one content folder, and the digests in it that somebody is uploading again. A pinned content is not
 * deleted, however long the upload takes.
 */
final class Shelf {

    private final ReentrantLock lock = new ReentrantLock();

    /** Uploads under way per digest; owned by {@link #lock}. */
    private final Map<Digest, Integer> pins = new HashMap<>();

    /** Runs {@code work} alone among all work of this shelf. */
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Counts one upload in. Always true, to stand in a condition. */
    boolean pin(Digest digest) {
        pins.merge(digest, 1, Integer::sum);
        return true;
    }

    /** Counts one upload out; true when it was the last. */
    boolean unpin(Digest digest) {
        return pins.computeIfPresent(digest, (key, count) -> count == 1 ? null : count - 1) == null;
    }

    boolean isPinned(Digest digest) {
        return pins.containsKey(digest);
    }
}
