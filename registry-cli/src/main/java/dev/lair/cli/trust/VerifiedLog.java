package dev.lair.cli.trust;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.transparency.RecordId;
import java.util.List;
import java.util.Optional;

/**
 * A package log as it was verified: every record passed the state machine, the newest is proven in log and map. The leaf
 * indexes of the records before the newest are the registry's word (warg protocol, section 4: proofs exist for heads).
 *
 * @param records oldest first, at least one
 */
public record VerifiedLog(PackageName name, List<Logged> records, PackageLog.State state) {

    /** A record and its place in the registry's log. */
    public record Logged(long leafIndex, SignedPackageRecord record) {}

    public VerifiedLog {
        records = List.copyOf(records);
    }

    /** The newest record. */
    public Logged head() {
        return records.getLast();
    }

    /** The record of this id, if the log has it. */
    public Optional<Logged> record(RecordId id) {
        return records.stream()
                .filter(logged -> logged.record().id().equals(id))
                .findFirst();
    }
}
