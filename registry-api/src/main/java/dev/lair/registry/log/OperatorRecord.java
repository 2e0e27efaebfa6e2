package dev.lair.registry.log;

import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one key signs in the operator log: statements that apply together or not at all.
 *
 * @param prev the record before this one; null only for the first
 * @param version protocol version, an unsigned 32-bit number; 0 is the only one that exists
 * @param time when the author says it was made, to the nanosecond
 * @param entries the statements, in order
 */
public record OperatorRecord(@Nullable RecordId prev, long version, Instant time, List<OperatorEntry> entries) {

    public OperatorRecord {
        entries = List.copyOf(entries);
    }
}
