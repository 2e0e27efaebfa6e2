package dev.lair.cli.monitor;

import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.Fault;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The registry as its own records make it: log, map, operator log and package logs. Each record that is appended passes
 *
 * <ol>
 *   <li>it is the record that its leaf names,
 *   <li>the rules of its log allow it, its signature among them, and
 *   <li>log and map are what follows from it.
 * </ol>
 *
 * <p>Whether the registry signed the same log and map is for others to compare. Owned by one thread.
 */
final class Replica {

    /** A record that was appended, and whether the log knew a key of it before or after. */
    sealed interface Appended {

        long leafIndex();

        /** A record of the operator log. */
        record OfOperator(long leafIndex, SignedOperatorRecord record) implements Appended {}

        /** A record of a package log. */
        record OfPackage(
                long leafIndex, LogId log, SignedPackageRecord record, PackageLog.State before, PackageLog.State after)
                implements Appended {}
    }

    private final LogHistory history;
    private final PackageStates packages;
    private Frontier frontier;
    private SparseMap map;
    private OperatorLog.State operator;

    /** Goes on from what was checked before. */
    Replica(LogHistory history, PackageStates packages, Frontier frontier, SparseMap map, OperatorLog.State operator) {
        this.history = history;
        this.packages = packages;
        this.frontier = frontier;
        this.map = map;
        this.operator = operator;
    }

    /**
     * Brings back the logs that these leaves continue, as far as they are not held, in few requests.
     *
     * @param length of a checkpoint that covers them
     */
    void prepare(List<LogLeaf> leaves, long length) throws Fault, Contradiction {
        Map<LogId, RecordId> missing = new LinkedHashMap<>();
        for (LogLeaf leaf : leaves) {
            LogId log = leaf.logId();
            if (!log.equals(OperatorLog.LOG_ID) && packages.get(log) == null) {
                map.head(log).ifPresent(head -> missing.put(log, head));
            }
        }
        history.packages(missing, length)
                .forEach((log, replayed) -> packages.put(log, replayed.state(), replayed.entries()));
    }

    /** Appends a record, or says why it may not stand there. */
    Appended append(LogLeaf leaf, SignedRecord record, long length) throws Fault, Contradiction {
        Appended appended = leaf.logId().equals(OperatorLog.LOG_ID)
                ? appendOperator(leaf, record)
                : appendPackage(leaf, record, length);
        // 3. Log and map.
        frontier = frontier.append(leaf.hash());
        map = map.with(leaf.logId(), leaf.recordId());
        return appended;
    }

    private Appended appendOperator(LogLeaf leaf, SignedRecord envelope) throws Contradiction {
        // 1. The record of the leaf.
        requireNamed(leaf, envelope.recordId(RecordDomain.OPERATOR));
        // 2. The rules.
        try {
            SignedOperatorRecord record = SignedOperatorRecord.decode(envelope);
            operator = operator.append(record, EcdsaP256.INSTANCE);
            return new Appended.OfOperator(size(), record);
        } catch (MalformedRecordException | RecordRejected e) {
            throw invalid(leaf, "the operator log", e);
        }
    }

    private Appended appendPackage(LogLeaf leaf, SignedRecord envelope, long length) throws Fault, Contradiction {
        LogId log = leaf.logId();
        // 1. The record of the leaf.
        requireNamed(leaf, envelope.recordId(RecordDomain.PACKAGE));
        // 2. The rules.
        PackageLog.State before = state(log, length);
        try {
            SignedPackageRecord record = SignedPackageRecord.decode(envelope);
            PackageLog.State after = before.append(record, EcdsaP256.INSTANCE);
            packages.put(log, after, record.contents().entries().size());
            return new Appended.OfPackage(size(), log, record, before, after);
        } catch (MalformedRecordException | RecordRejected e) {
            throw invalid(leaf, "log " + log, e);
        }
    }

    private PackageLog.State state(LogId log, long length) throws Fault, Contradiction {
        PackageLog.State held = packages.get(log);
        if (held != null) {
            return held;
        }
        RecordId head = map.head(log).orElse(null);
        if (head == null) {
            return PackageLog.State.EMPTY;
        }
        // Prepared, and pushed out again by its neighbours: rare, so alone.
        LogHistory.Replayed replayed =
                history.packages(Map.of(log, head), length).get(log);
        if (replayed == null) {
            throw new IllegalStateException("a log that was asked for is answered or refused");
        }
        packages.put(log, replayed.state(), replayed.entries());
        return replayed.state();
    }

    private void requireNamed(LogLeaf leaf, RecordId found) throws Contradiction {
        if (!found.equals(leaf.recordId())) {
            throw Contradiction.at(
                    size(),
                    Kind.WRONG_RECORD,
                    "leaf " + size() + " names record " + leaf.recordId() + ", and the registry gives record " + found
                            + " for it");
        }
    }

    private Contradiction invalid(LogLeaf leaf, String log, Exception rule) {
        return Contradiction.at(
                size(),
                Kind.INVALID_RECORD,
                "record " + leaf.recordId() + " at leaf " + size() + " may not stand in " + log + ": "
                        + rule.getMessage());
    }

    /** Records so far. */
    long size() {
        return frontier.treeSize();
    }

    Frontier frontier() {
        return frontier;
    }

    RootHash logRoot() {
        return frontier.root();
    }

    SparseMap map() {
        return map;
    }

    OperatorLog.State operator() {
        return operator;
    }
}
