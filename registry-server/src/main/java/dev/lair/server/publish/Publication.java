package dev.lair.server.publish;

import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.util.Set;

/** Where a publish stands. */
public sealed interface Publication {

    /** The record that is being published. */
    RecordId recordId();

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
