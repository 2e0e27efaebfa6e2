package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.warg.MalformedLedgerException;
import dev.lair.registry.warg.PackedLedger;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.LedgerSource;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything a registry has, not just one package:
 *
 * <ol>
 *   <li>the packed ledger makes both roots of the checkpoint,
 *   <li>it gives the operator log of the view those records at those leaves, all of them and no others, and
 *   <li>the same for every package log that it names, each of which is replayed.
 * </ol>
 *
 * <p>The proof endpoints speak of heads only. The roots alone bind the ledger, not what the registry says of it elsewhere:
 * without 2 and 3 it could give an older record another leaf, or have leaves whose records it never shows.
 */
public final class LedgerAudit {

    /** Logs in one fetch: keeps replies small while one page still holds many records. */
    private static final int LOGS_PER_FETCH = 50;

    /** Longest piece of ledger that is read: 2^20 records. */
    private static final long SOURCE_BYTES = (long) PackedLedger.RECORD_BYTES << 20;

    private final RegistryClient client;
    private final Reporter reporter;

    public LedgerAudit(RegistryClient client, Reporter reporter) {
        this.client = client;
        this.reporter = reporter;
    }

    /** What was checked. */
    public record Result(long records, int packages) {}

    /** Audits the registry as of the checkpoint of {@code view}. */
    public Result audit(VerifiedView view) throws Fault {
        try {
            List<LogLeaf> ledger = readLedger(view.size());
            Map<LogId, List<Place>> logs = byLog(ledger);
            // 1. The roots.
            checkRoots(view.checkpoint().contents().checkpoint(), ledger, logs);
            // 2. The operator log, which the view replayed.
            requireSame("the operator log", view.operatorRecords(), logs.remove(OperatorLog.LOG_ID));
            reporter.found(proven("operator log: all of its "
                    + Counted.of(view.operatorRecords().size(), "record") + " found in the ledger"));
            // 3. The package logs.
            replay(view.size(), new ArrayList<>(logs.keySet()), logs);
            return new Result(view.size(), logs.size());
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("what is in its ledger", e);
        }
    }

    private List<LogLeaf> readLedger(long size) throws Fault, RegistryRefused {
        LedgerResponse ledger = client.ledger();
        if (!ledger.hashAlgorithm().equals("sha256")) {
            throw Unproven.because("its ledger is hashed by `" + ledger.hashAlgorithm() + "`, not sha256");
        }
        List<LedgerSource> sources = ledger.sources().stream()
                .sorted(Comparator.comparingLong(LedgerSource::firstRegistryIndex))
                .toList();
        List<LogLeaf> leaves = new ArrayList<>();
        try (Reporter.Progress progress = reporter.start("read ledger", size, Reporter.Unit.RECORDS)) {
            for (LedgerSource source : sources) {
                if (leaves.size() < size) {
                    progress.advance(append(leaves, source, size));
                }
            }
        }
        if (leaves.size() != size) {
            throw Unproven.because(
                    "its ledger has " + Counted.of(leaves.size(), "record") + ", its checkpoint covers " + size);
        }
        return leaves;
    }

    /** A page may go on behind the end of its source and of the checkpoint. */
    private int append(List<LogLeaf> leaves, LedgerSource source, long size) throws Fault, RegistryRefused {
        int before = leaves.size();
        if (source.firstRegistryIndex() != before || !source.contentType().equals(PackedLedger.CONTENT_TYPE)) {
            throw Unproven.because("its ledger goes on at leaf " + source.firstRegistryIndex() + " as `"
                    + source.contentType() + "`, not at leaf " + before + " as `" + PackedLedger.CONTENT_TYPE + "`");
        }
        List<LogLeaf> piece;
        try {
            piece = PackedLedger.parse(client.bytes(source.url(), SOURCE_BYTES));
        } catch (MalformedLedgerException e) {
            throw Unproven.because("its ledger from leaf " + before + " on is none", e);
        }
        long end = Math.min(size, source.lastRegistryIndex() + 1);
        for (LogLeaf leaf : piece) {
            if (leaves.size() < end) {
                leaves.add(leaf);
            }
        }
        return leaves.size() - before;
    }

    private static Map<LogId, List<Place>> byLog(List<LogLeaf> ledger) {
        Map<LogId, List<Place>> logs = new LinkedHashMap<>();
        for (int i = 0; i < ledger.size(); i++) {
            LogLeaf leaf = ledger.get(i);
            logs.computeIfAbsent(leaf.logId(), log -> new ArrayList<>()).add(new Place(i, leaf.recordId()));
        }
        return logs;
    }

    private void checkRoots(Checkpoint checkpoint, List<LogLeaf> ledger, Map<LogId, List<Place>> logs) throws Fault {
        Frontier log = Frontier.empty();
        for (LogLeaf leaf : ledger) {
            log = log.append(leaf.hash());
        }
        if (!log.root().equals(checkpoint.logRoot())) {
            throw Unproven.because(
                    "its ledger makes log root " + log.root() + ", its checkpoint says " + checkpoint.logRoot());
        }
        SparseMap map = SparseMap.empty();
        for (Map.Entry<LogId, List<Place>> entry : logs.entrySet()) {
            map = map.with(entry.getKey(), entry.getValue().getLast().record());
        }
        if (!map.root().equals(checkpoint.mapRoot())) {
            throw Unproven.because(
                    "its ledger makes map root " + map.root() + ", its checkpoint says " + checkpoint.mapRoot());
        }
        reporter.found(
                proven("ledger: its " + Counted.of(ledger.size(), "record") + (ledger.size() == 1 ? " makes" : " make")
                        + " both roots of the checkpoint, so the place of each is proven"));
    }

    /** What the registry says of a log elsewhere must be what its ledger proves. */
    private static void requireSame(String log, List<Place> said, @Nullable List<Place> proven) throws Fault {
        if (!said.equals(proven)) {
            throw Unproven.because(log + " is not what the ledger says of it");
        }
    }

    private void replay(long size, List<LogId> logs, Map<LogId, List<Place>> ledger) throws Fault, RegistryRefused {
        try (Reporter.Progress progress = reporter.start("replay logs", logs.size(), Reporter.Unit.RECORDS)) {
            for (int from = 0; from < logs.size(); from += LOGS_PER_FETCH) {
                List<LogId> batch = logs.subList(from, Math.min(from + LOGS_PER_FETCH, logs.size()));
                Map<LogId, @Nullable String> names = client.fetchNames(batch).packages();
                FetchedLogs fetched = FetchedLogs.fetch(client, size, batch, reporter);
                for (LogId log : batch) {
                    String label = label(log, names.get(log));
                    LogReplay.Replayed replayed = LogReplay.packageLog(label, fetched.of(log));
                    List<Place> found = replayed.records().stream()
                            .map(record -> new Place(
                                    record.leafIndex(), record.record().id()))
                            .toList();
                    requireSame("the log of " + label, found, ledger.get(log));
                    reporter.found(proven("log of " + label + ": all of its " + Counted.of(found.size(), "record")
                            + " replayed and found in the ledger"));
                    progress.advance(1);
                }
            }
        }
    }

    /** A name is believed when it hashes to the log id; a registry may keep it to itself. */
    private static String label(LogId log, @Nullable String name) throws Fault {
        if (name == null) {
            return "log " + log;
        }
        try {
            if (PackageName.parse(name).logId().equals(log)) {
                return "`" + name + "`";
            }
        } catch (MalformedNameException e) {
            throw Unproven.because("it names log " + log + " wrongly", e);
        }
        throw Unproven.because("it names log " + log + " `" + name + "`, which is another log");
    }
}
