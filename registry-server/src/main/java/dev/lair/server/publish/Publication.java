package dev.lair.server.publish;

import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.util.Set;

/** Where a publish stands. */
public sealed interface Publication {

    /** The record that is being published. */
    RecordId recordId();

    /** A record that was taken and waits for these contents; for its turn only, when there are none. */
    static Publication waiting(RecordId recordId, Set<Digest> missing) {
        return missing.isEmpty() ? new Processing(recordId) : new Sourcing(recordId, missing);
    }

    /** These contents are to be uploaded first. */
    record Sourcing(RecordId recordId, Set<Digest> missing) implements Publication {
        public Sourcing {
            missing = Set.copyOf(missing);
        }
    }

    /** All is there; the ledger is at work. */
    record Processing(RecordId recordId) implements Publication {}

    /** The record is in the ledger and a published checkpoint covers it. */
    record Published(RecordId recordId, long leafIndex) implements Publication {}

    /** Refused; posting the record again tries again. */
    record Rejected(RecordId recordId, String reason) implements Publication {}
}
