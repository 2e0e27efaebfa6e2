package dev.lair.cli.trust;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog;
import dev.lair.signing.SignedCheckpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a registry says, as of one checkpoint, after all of it was verified.
 *
 * @param registry base URL
 * @param operator the operator log after all its records
 * @param operatorRecords these records, oldest first; the newest is proven to be where it is, the places of the others are
 *     the registry's word
 * @param packages the logs that were asked for and exist
 * @param absences the packages that the registry says it does not have, with its hint; the protocol has no proof of
 *     absence, so this is its word
 */
public record VerifiedView(
        String registry,
        SignedCheckpoint checkpoint,
        OperatorLog.State operator,
        List<Place> operatorRecords,
        Map<PackageName, VerifiedLog> packages,
        Map<PackageName, Absence> absences) {

    /** A package that the registry says it does not have. */
    public record Absence(@Nullable String hint) {}

    public VerifiedView {
        operatorRecords = List.copyOf(operatorRecords);
        packages = Map.copyOf(packages);
        absences = Map.copyOf(absences);
    }

    /** Records in the registry's log. */
    public long size() {
        return checkpoint.contents().checkpoint().logLength();
    }

    /** The log of a package that was asked for, if the registry has it. */
    public Optional<VerifiedLog> find(PackageName name) {
        return Optional.ofNullable(packages.get(name));
    }

    /** The log of a package that was asked for; a not-found fault when the registry says it has none. */
    public VerifiedLog require(PackageName name) throws Fault {
        VerifiedLog log = packages.get(name);
        if (log == null) {
            Absence absence = absences.get(name);
            throw ExitCode.NOT_FOUND
                    .fault("package `" + name + "` is not in the registry " + registry
                            + " (its word: the protocol has no proof of absence); check the name")
                    .withHint(absence == null ? null : absence.hint());
        }
        return log;
    }
}
