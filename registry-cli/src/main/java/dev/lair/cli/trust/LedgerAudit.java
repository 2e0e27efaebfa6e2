package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.warg.WargBodies.LedgerResponse;
import dev.lair.registry.warg.WargBodies.LedgerSource;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.Sha256Value;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything a registry has, not just one package: reads the packed ledger, computes both roots of the checkpoint
 * from it, and replays every log that it names. After this the place of each record is proven too, which the proof
 * endpoints offer for heads only.
 */
public final class LedgerAudit {

    /** Logs in one fetch: keeps replies small while one page still holds many records. */
    private static final int LOGS_PER_FETCH = 50;

    private static final int ENTRY_BYTES = 2 * Sha256Value.LENGTH;

    /** Longest piece of ledger that is read: 2^20 entries. */
    private static final long SOURCE_BYTES = (long) ENTRY_BYTES << 20;

    private final RegistryClient client;
    private final Reporter reporter;

    public LedgerAudit(RegistryClient client, Reporter reporter) {
        this.client = client;
        this.reporter = reporter;
    }

    /** What was checked. */
    public record Result(long records, int packages) {}

    /** A place in the ledger. */
    private record Entry(long leafIndex, RecordId record) {}

    /** Audits the registry as of the checkpoint of {@code view}. */
    public Result audit(VerifiedView view) throws Fault {
        try {
            List<LogLeaf> ledger = readLedger(view.size());
            Map<LogId, List<Entry>> logs = byLog(ledger);
            checkRoots(view.checkpoint().contents().checkpoint(), ledger, logs);
            logs.remove(OperatorLog.LOG_ID);
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
            throw Unproven.because("its ledger has " + leaves.size() + " records, its checkpoint covers " + size);
        }
        return leaves;
    }

    /** A page may go on behind the end of its source and of the checkpoint. */
    private int append(List<LogLeaf> leaves, LedgerSource source, long size) throws Fault, RegistryRefused {
        int before = leaves.size();
        if (source.firstRegistryIndex() != before || !source.contentType().equals(LedgerSource.PACKED)) {
            throw Unproven.because("its ledger goes on at leaf " + source.firstRegistryIndex() + " as `"
                    + source.contentType() + "`, not at leaf " + before + " as `" + LedgerSource.PACKED + "`");
        }
        byte[] packed = client.bytes(source.url(), SOURCE_BYTES);
        long end = Math.min(size, source.lastRegistryIndex() + 1);
        for (int at = 0; at + ENTRY_BYTES <= packed.length && leaves.size() < end; at += ENTRY_BYTES) {
            int middle = at + Sha256Value.LENGTH;
            leaves.add(new LogLeaf(
                    LogId.ofBytes(Arrays.copyOfRange(packed, at, middle)),
                    RecordId.ofBytes(Arrays.copyOfRange(packed, middle, at + ENTRY_BYTES))));
        }
        return leaves.size() - before;
    }

    private static Map<LogId, List<Entry>> byLog(List<LogLeaf> ledger) {
        Map<LogId, List<Entry>> logs = new LinkedHashMap<>();
        for (int i = 0; i < ledger.size(); i++) {
            LogLeaf leaf = ledger.get(i);
            logs.computeIfAbsent(leaf.logId(), log -> new ArrayList<>()).add(new Entry(i, leaf.recordId()));
        }
        return logs;
    }

    private void checkRoots(Checkpoint checkpoint, List<LogLeaf> ledger, Map<LogId, List<Entry>> logs) throws Fault {
        Frontier log = Frontier.empty();
        for (LogLeaf leaf : ledger) {
            log = log.append(leaf.hash());
        }
        if (!log.root().equals(checkpoint.logRoot())) {
            throw Unproven.because(
                    "its ledger makes log root " + log.root() + ", its checkpoint says " + checkpoint.logRoot());
        }
        SparseMap map = SparseMap.empty();
        for (Map.Entry<LogId, List<Entry>> entry : logs.entrySet()) {
            map = map.with(entry.getKey(), entry.getValue().getLast().record());
        }
        if (!map.root().equals(checkpoint.mapRoot())) {
            throw Unproven.because(
                    "its ledger makes map root " + map.root() + ", its checkpoint says " + checkpoint.mapRoot());
        }
        reporter.found(proven("ledger: its " + ledger.size()
                + " records make both roots of the checkpoint, so the place" + " of each is proven"));
    }

    private void replay(long size, List<LogId> logs, Map<LogId, List<Entry>> ledger) throws Fault, RegistryRefused {
        try (Reporter.Progress progress = reporter.start("replay logs", logs.size(), Reporter.Unit.RECORDS)) {
            for (int from = 0; from < logs.size(); from += LOGS_PER_FETCH) {
                List<LogId> batch = logs.subList(from, Math.min(from + LOGS_PER_FETCH, logs.size()));
                Map<LogId, @Nullable String> names = client.fetchNames(batch).packages();
                FetchedLogs fetched = FetchedLogs.fetch(client, size, batch, reporter);
                for (LogId log : batch) {
                    String label = label(log, names.get(log));
                    LogReplay.Replayed replayed = LogReplay.packageLog(label, fetched.of(log));
                    List<Entry> found = replayed.records().stream()
                            .map(record -> new Entry(
                                    record.leafIndex(), record.record().id()))
                            .toList();
                    if (!found.equals(ledger.get(log))) {
                        throw Unproven.because("the log of " + label + " is not what the ledger says of it");
                    }
                    reporter.found(proven("log of " + label + ": all of its " + found.size()
                            + " records replayed and found in the ledger"));
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
