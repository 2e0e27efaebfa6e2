package dev.lair.cli.monitor;

import static dev.lair.cli.report.Finding.trusted;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Deadline;
import dev.lair.cli.time.Pace;
import dev.lair.cli.trust.FirstUseKeys;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.Unproven;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.Limits;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one registry. A round checks all that is new since the last one:
 *
 * <ol>
 *   <li>the checkpoints of both logs satisfy the policy and follow from those that were seen before,
 *   <li>each record is the one that its leaf names, and the rules of its log allow it,
 *   <li>the leaves make the root of the log's checkpoint,
 *   <li>each claim of the evidence log, and warg's checkpoint, state the log root and the map root that the records make at
 *       that size, and
 *   <li>the evidence log holds what it did, and speaks of the newest checkpoint.
 * </ol>
 *
 * Only then are owners told and the cursor moved, in this order: after a crash an owner may be told twice, never not at
 * all. A long way is saved in between, at sizes that are proven to be the beginning of the checkpoint's tree. A round costs
 * two files for 256 records and one signature each; memory is the map (about 200 MiB for a million packages) and the logs
 * that moved last.
 *
 * <p>A {@link Contradiction} is final. A {@link Fault} is not: the registry was not reached, or what it showed is not
 * enough (no quorum, too old); the next round starts where the cursor is.
 */
public final class Monitor {

    private final RegistryClient client;
    private final RegistryTree tree;
    private final MonitorFolder folder;
    private final Optional<NoteDemand> demand;
    private final Optional<RecordId> pinnedInit;
    private final MonitorLimits limits;
    private final Clock clock;
    private final Pace pace;
    private final Reporter reporter;
    private final Consumer<Event> listener;
    private final Watch watch;
    private final LogView logView;
    private final LogView evidenceView;
    private final LogHistory history;

    private @Nullable Cursor cursor;
    private @Nullable Keys keys;
    private @Nullable Replica replica;

    /**
     * @param demand what checkpoints must satisfy; without one the keys that the registry states on first use
     * @param pinnedInit the operator log's first record, when another command remembers it
     * @param owners who wants to know what
     * @param listener is told what owners should know, once it is proven
     */
    public Monitor(
            RegistryClient client,
            MonitorFolder folder,
            Optional<NoteDemand> demand,
            Optional<RecordId> pinnedInit,
            List<Owner> owners,
            MonitorLimits limits,
            Clock clock,
            Pace pace,
            Reporter reporter,
            Consumer<Event> listener)
            throws Fault {
        this.client = client;
        this.tree = new RegistryTree(client);
        this.folder = folder;
        this.demand = demand;
        this.pinnedInit = pinnedInit;
        this.limits = limits;
        this.clock = clock;
        this.pace = pace;
        this.reporter = reporter;
        this.listener = listener;
        this.watch = new Watch(owners, new Names(client));
        this.logView = new LogView(TreePaths.LOG, tree);
        this.evidenceView = new LogView(TreePaths.EVIDENCE, tree);
        this.history = new LogHistory(client, reporter);
        this.cursor = folder.cursor().orElse(null);
    }

    /**
     * What a round checked.
     *
     * @param size records that are checked now
     * @param records how many of them were new
     * @param evidenceSize entries of the evidence log that are checked now
     * @param claims how many of them were new and stated a checkpoint
     */
    public record Checked(
            long size, long records, RootHash logRoot, RootHash mapRoot, long evidenceSize, long claims) {}

    /** The keys of both logs as the registry stated them on first use. */
    private record Keys(List<WitnessPolicy.Log> log, List<WitnessPolicy.Log> evidence) {}

    /** Checks what is new. */
    public Checked round() throws Fault, Contradiction {
        boolean done = false;
        try {
            Keys firstUse = keys();
            Heads heads = heads(firstUse);
            requireFollow(heads);
            Checked checked = isKnown(heads) ? confirm(heads) : advance(heads, firstUse);
            done = true;
            return checked;
        } finally {
            if (!done) {
                // What is in memory may be ahead of the cursor, or unproven: the next round begins at the cursor.
                replica = null;
                watch.clear();
            }
        }
    }

    private Keys keys() throws Fault {
        Keys known = keys;
        if (known == null) {
            known = cursor == null ? stated() : kept(cursor);
            keys = known;
        }
        return known;
    }

    private Keys stated() throws Fault {
        try {
            RegistryConfig config = tree.config();
            Keys stated = new Keys(FirstUseKeys.of(config.log()), FirstUseKeys.of(config.evidence()));
            reporter.found(trusted("first use of " + client.registry() + ": its own word for the keys of its "
                    + (demand.isEmpty() ? "logs" : "evidence log, unless the policy names them")
                    + "; compare them with what its operator publishes"));
            return stated;
        } catch (RegistryRefused e) {
            throw e.fault();
        }
    }

    private static Keys kept(Cursor cursor) {
        return new Keys(logs(cursor.logKeys()), logs(cursor.evidenceKeys()));
    }

    private static List<WitnessPolicy.Log> logs(List<String> keys) {
        return keys.stream()
                .map(key -> new WitnessPolicy.Log(NoteKey.parse(key), Optional.empty()))
                .toList();
    }

    /** What a log's checkpoint must satisfy: the policy, with the keys of first use where it does not name the log. */
    private NoteDemand demandOf(List<WitnessPolicy.Log> firstUse) {
        NoteDemand asked =
                demand.orElse(NoteDemand.of(new WitnessPolicy(List.of(), List.of(), WitnessPolicy.NO_QUORUM)));
        String origin = firstUse.getFirst().key().name();
        WitnessPolicy policy = asked.policy();
        if (policy.logs().stream().noneMatch(log -> log.key().name().equals(origin))) {
            for (WitnessPolicy.Log log : firstUse) {
                policy = policy.withLog(log);
            }
        }
        return new NoteDemand(policy, asked.maxAge());
    }

    /** Asks in the order in which each may only be ahead of the one before, and again while a cache gives old ones. */
    private Heads heads(Keys firstUse) throws Fault {
        Deadline deadline = new Deadline(pace, limits.cachesLag());
        while (true) {
            SignedCheckpoint warg = Heads.warg(client);
            SignedNote log = logView.newest();
            SignedNote evidence = evidenceView.newest();
            if (!isBehind(warg, log, evidence) || !deadline.another()) {
                // The main log's keys may come from nobody but the policy, when there is one.
                NoteDemand ofLog = demand.isPresent() ? demand.get() : demandOf(firstUse.log());
                return new Heads(
                        warg,
                        logView.accept(log, ofLog, clock.instant(), told()),
                        evidenceView.accept(evidence, demandOf(firstUse.evidence()), clock.instant(), told()));
            }
        }
    }

    /** On first use it is said what checkpoints rest on; later that is known. */
    private Reporter told() {
        return cursor == null ? reporter : reporter.withoutFindings();
    }

    private boolean isBehind(SignedCheckpoint warg, SignedNote log, SignedNote evidence) {
        Cursor before = cursor;
        long wargSize = warg.contents().checkpoint().logLength();
        return claimedSize(log) < wargSize
                || (before != null
                        && (wargSize < before.size()
                                || claimedSize(log)
                                        < Head.ofKept(before.logNote()).size()
                                || claimedSize(evidence)
                                        < Head.ofKept(before.evidenceNote()).size()));
    }

    /** What a note says before anything is verified: enough to know whether to ask again. */
    private static long claimedSize(SignedNote note) {
        try {
            return CheckpointText.parse(note.text()).treeSize();
        } catch (MalformedCheckpointException saidLater) {
            return Long.MAX_VALUE;
        }
    }

    private void requireFollow(Heads heads) throws Fault, Contradiction {
        if (heads.log().size() > Limits.MAX_WARG_LOG_LENGTH || heads.wargSize() < 1) {
            throw Unproven.because("its checkpoints cover " + heads.log().size() + " and " + heads.wargSize()
                    + " records, which no registry has");
        }
        Cursor before = cursor;
        if (before != null) {
            Head log = Head.ofKept(before.logNote());
            Head evidence = Head.ofKept(before.evidenceNote());
            logView.requireFollows(log, heads.log());
            evidenceView.requireFollows(evidence, heads.evidence());
            if (heads.wargSize() < before.size()) {
                throw heads.contradiction(
                        Kind.REWIND,
                        "/v1/fetch/checkpoint covers " + heads.wargSize() + " records, and " + before.size()
                                + " were there when it was last seen");
            }
            // The new leaves would show a fork too, but only as a wrong root; and of a checkpoint that was seen and not
            // reached there are no leaves here.
            logView.requireBeginsWith(log, heads.log());
            evidenceView.requireBeginsWith(evidence, heads.evidence());
        }
        if (heads.log().size() < heads.wargSize()) {
            throw Unproven.because("/log/checkpoint covers " + heads.log().size() + " records and /v1/fetch/checkpoint "
                    + heads.wargSize() + ": the newest ones are shown to warg clients only");
        }
    }

    private boolean isKnown(Heads heads) {
        Cursor before = cursor;
        return before != null
                && heads.log().size() == before.size()
                && heads.evidence().size() == before.evidenceSize();
    }

    /** Nothing new: warg's checkpoint is compared, and the newer signatures are kept. Needs no map. */
    private Checked confirm(Heads heads) throws Fault, Contradiction {
        Cursor before = current();
        RootHash logRoot = heads.log().root();
        heads.requireWarg(logRoot, before.mapRoot(), operator(before, heads));
        Cursor renewed = new Cursor(
                Cursor.FORMAT_VERSION,
                before.registry(),
                before.size(),
                before.frontier(),
                before.mapRoot(),
                before.operatorHead(),
                heads.log().note().format(),
                before.evidenceSize(),
                before.evidenceFrontier(),
                before.evidenceClaim(),
                heads.evidence().note().format(),
                before.logKeys(),
                before.evidenceKeys(),
                before.snapshotSize(),
                before.snapshotFrontier());
        folder.write(renewed);
        cursor = renewed;
        return new Checked(before.size(), 0, logRoot, before.mapRoot(), before.evidenceSize(), 0);
    }

    private OperatorLog.State operator(Cursor at, Heads heads) throws Fault, Contradiction {
        if (replica != null) {
            return replica.operator();
        }
        return at.operatorHead() == null
                ? OperatorLog.State.EMPTY
                : history.operator(at.operatorHead(), heads.log().size());
    }

    private Cursor current() {
        if (cursor == null) {
            throw new IllegalStateException("nothing was checked yet");
        }
        return cursor;
    }

    private Checked advance(Heads heads, Keys firstUse) throws Fault, Contradiction {
        Replica here = replica == null ? resumed(heads) : replica;
        replica = here;
        Round.Host host = new Round.Host() {
            @Override
            public Head newerEvidence() throws Fault {
                return evidenceView.accept(
                        evidenceView.newest(), demandOf(firstUse.evidence()), clock.instant(), told());
            }

            @Override
            public void proven(Round round) throws Fault {
                keep(round, firstUse);
            }

            @Override
            public Deadline cachesLag() {
                return new Deadline(pace, limits.cachesLag());
            }
        };
        try (Round round = new Round(
                tree, logView, evidenceView, here, watch, heads, cursor, pinnedInit, limits, reporter, host)) {
            return round.run();
        }
    }

    private Replica resumed(Heads heads) throws Fault, Contradiction {
        Cursor before = cursor;
        PackageStates packages = new PackageStates(limits.heldEntries());
        if (before == null) {
            return new Replica(history, packages, Frontier.empty(), SparseMap.empty(), OperatorLog.State.EMPTY);
        }
        return new Replica(
                history,
                packages,
                Frontier.decode(before.size(), before.frontier()),
                new Restart(tree, folder, reporter).map(before),
                operator(before, heads));
    }

    /**
     * Tells owners and moves the cursor. A crash before the cursor has its name makes the next run check and tell the same
     * again; a crash before that leaves a snapshot that nothing names.
     */
    private void keep(Round round, Keys firstUse) throws Fault {
        watch.drain().forEach(listener);
        long unnamed = watch.drainUnnamed();
        if (unnamed > 0) {
            reporter.warn("the registry does not tell the name of " + Counted.of(unnamed, "package log")
                    + " that grew: owners of namespaces may miss something");
        }
        Replica here = round.replica();
        Cursor old = cursor;
        boolean snapshotDue = here.size() - (old == null ? 0 : old.snapshotSize()) >= limits.snapshotEvery();
        if (snapshotDue) {
            folder.write(new MapSnapshot(here.size(), here.map()));
        }
        byte[] frontier = here.frontier().encode();
        Cursor next = new Cursor(
                Cursor.FORMAT_VERSION,
                client.registry().toString(),
                here.size(),
                frontier,
                here.map().root(),
                here.operator().head().map(LogHead::recordId).orElse(null),
                round.logHead().note().format(),
                round.evidence().taken().treeSize(),
                round.evidence().taken().encode(),
                round.evidence().lastClaim(),
                round.evidenceHead().note().format(),
                texts(firstUse.log()),
                texts(firstUse.evidence()),
                snapshotDue ? here.size() : old == null ? 0 : old.snapshotSize(),
                snapshotDue ? frontier : old == null ? new byte[0] : old.snapshotFrontier());
        folder.write(next);
        cursor = next;
    }

    private static List<String> texts(List<WitnessPolicy.Log> logs) {
        return logs.stream().map(log -> log.key().text()).toList();
    }
}
