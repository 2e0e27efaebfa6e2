package dev.lair.server.publish;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.transparency.RecordId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much waits in all logs together. Anybody may begin a package and never send its content, so a bound per log is none;
 * and whatever waits is held in memory and read at the next start.
 *
 * <p>Two threads that look at once may both find the last place: the bound is missed by as many records as are taken at
 * one moment. Where other nodes write, theirs are counted at each sweep.
 */
final class Backlog {

    private final int maxRecords;
    private final long maxBytes;

    /** Size of each record that waits, in bytes. */
    private final Map<RecordId, Integer> sizes = new ConcurrentHashMap<>();

    private final AtomicLong bytes = new AtomicLong();

    Backlog(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    boolean hasRoomFor(SignedPackageRecord record) {
        return sizes.size() < maxRecords && bytes.get() + record.envelope().contentSizeBytes() <= maxBytes;
    }

    /** Counts a record, once. */
    void add(SignedPackageRecord record) {
        int size = record.envelope().contentSizeBytes();
        if (sizes.putIfAbsent(record.id(), size) == null) {
            bytes.addAndGet(size);
        }
    }

    /** Counts a record no longer, if it was counted. */
    void remove(RecordId id) {
        Integer size = sizes.remove(id);
        if (size != null) {
            bytes.addAndGet(-size);
        }
    }

    /** The records that are counted now. */
    Set<RecordId> ids() {
        return Set.copyOf(sizes.keySet());
    }
}
