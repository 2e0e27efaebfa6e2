package dev.lair.registry.log;

import dev.lair.registry.log.RecordRejected.NoPreviousHashAfterInit;
import dev.lair.registry.log.RecordRejected.PreviousHashOnFirstRecord;
import dev.lair.registry.log.RecordRejected.ProtocolVersionNotAllowed;
import dev.lair.registry.log.RecordRejected.RecordHashDoesNotMatch;
import dev.lair.registry.log.RecordRejected.TimestampLowerThanPrevious;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The last record of a log: what the next one must name and may not be older than. */
public record LogHead(RecordId recordId, Instant time) {

    private static final int PROTOCOL_VERSION = 0;

    /** Steps 1 to 3 of the state machine (warg protocol, section 2). {@code head} is null before the first record. */
    static void checkFollows(@Nullable LogHead head, @Nullable RecordId prev, long version, Instant time)
            throws RecordRejected {
        // 1. The chain.
        if (head == null) {
            if (prev != null) {
                throw new RecordRejected(new PreviousHashOnFirstRecord());
            }
        } else if (prev == null) {
            throw new RecordRejected(new NoPreviousHashAfterInit());
        } else if (!head.recordId.equals(prev)) {
            throw new RecordRejected(new RecordHashDoesNotMatch());
        }
        // 2. The protocol version.
        if (version != PROTOCOL_VERSION) {
            throw new RecordRejected(new ProtocolVersionNotAllowed(version));
        }
        // 3. Time does not run backwards. It has no upper bound here: that is the door's (Admission).
        if (head != null && time.isBefore(head.time)) {
            throw new RecordRejected(new TimestampLowerThanPrevious());
        }
    }
}
