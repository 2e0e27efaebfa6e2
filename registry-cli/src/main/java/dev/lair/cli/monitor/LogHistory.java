package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.trust.FetchedLogs;
import dev.lair.cli.trust.Unproven;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishedRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings back what a log amounted to at a record that was checked before: its records are fetched again and replayed up to
 * that record. Its id, which is in the proven map, binds the content of all before it. Signatures are checked again: an id
 * does not cover who signed.
 */
final class LogHistory {

    private final RegistryClient client;
    private final Reporter reporter;

    LogHistory(RegistryClient client, Reporter reporter) {
        this.client = client;
        this.reporter = reporter;
    }

    /** A log again, and how many entries its records have. */
    record Replayed(PackageLog.State state, int entries) {}

    /**
     * The operator log up to {@code head}.
     *
     * @param length of a checkpoint that covers it
     */
    OperatorLog.State operator(RecordId head, long length) throws Fault, Contradiction {
        OperatorLog.State state = OperatorLog.State.EMPTY;
        try {
            for (PublishedRecord published : fetch(length, List.of()).operator()) {
                SignedOperatorRecord record = SignedOperatorRecord.decode(published.signedRecord());
                state = state.append(record, EcdsaP256.INSTANCE);
                if (record.id().equals(head)) {
                    return state;
                }
            }
        } catch (MalformedRecordException | RecordRejected e) {
            throw broken(OperatorLog.LOG_ID, e);
        }
        throw missing(OperatorLog.LOG_ID, head);
    }

    /** Package logs, each up to its head. */
    Map<LogId, Replayed> packages(Map<LogId, RecordId> heads, long length) throws Fault, Contradiction {
        Map<LogId, Replayed> replayed = new LinkedHashMap<>();
        List<LogId> logs = new ArrayList<>(heads.keySet());
        for (int from = 0; from < logs.size(); from += MonitorLimits.LOGS_PER_FETCH) {
            List<LogId> some = logs.subList(from, Math.min(from + MonitorLimits.LOGS_PER_FETCH, logs.size()));
            FetchedLogs fetched = fetch(length, some);
            for (LogId log : some) {
                RecordId head = heads.get(log);
                if (head != null) {
                    replayed.put(log, replay(log, head, fetched.of(log)));
                }
            }
        }
        return replayed;
    }

    private static Replayed replay(LogId log, RecordId head, List<PublishedRecord> records) throws Contradiction {
        PackageLog.State state = PackageLog.State.EMPTY;
        int entries = 0;
        try {
            for (PublishedRecord published : records) {
                SignedPackageRecord record = SignedPackageRecord.decode(published.signedRecord());
                state = state.append(record, EcdsaP256.INSTANCE);
                entries += record.contents().entries().size();
                if (record.id().equals(head)) {
                    return new Replayed(state, entries);
                }
            }
        } catch (MalformedRecordException | RecordRejected e) {
            throw broken(log, e);
        }
        throw missing(log, head);
    }

    private FetchedLogs fetch(long length, List<LogId> logs) throws Fault {
        try {
            return FetchedLogs.fetch(client, length, Set.copyOf(logs), reporter);
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("what its logs hold", e);
        }
    }

    private static Contradiction broken(LogId log, Exception rule) {
        return Contradiction.of(
                Kind.INVALID_RECORD,
                "log " + log + " was valid when it was checked, and is not as the registry gives it now: "
                        + rule.getMessage());
    }

    private static Contradiction missing(LogId log, RecordId head) {
        return Contradiction.of(
                Kind.FORK,
                "log " + log + " had record " + head
                        + " when it was checked, and does not have it as the registry gives" + " it now");
    }
}
