package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.monitor.Contradiction.Exhibit;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.monitor.EvidenceReader.Claim;
import dev.lair.cli.monitor.Monitor.Checked;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Deadline;
import dev.lair.cli.trust.Unproven;
import dev.lair.registry.tree.TreePaths;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.Sha256Value;
import dev.lair.transparency.Tile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way from what was checked to the newest checkpoint: points 2 to 5 of {@link Monitor}. The evidence log is read side
 * by side with the records, because a claim can only be compared when the replica has exactly its size.
 */
final class Round implements AutoCloseable {

    /** What a round needs from its monitor. */
    interface Host {

        /** A newer checkpoint of the evidence log, when the one at hand does not reach far enough. */
        Head newerEvidence() throws Fault;

        /** So much is proven: owners may be told, and the cursor may move. */
        void proven(Round round) throws Fault;

        /** A wait for caches on the way. */
        Deadline cachesLag();
    }

    /** 256 leaves and their records. */
    private record Bundle(long number, List<byte[]> entries, List<SignedRecord> records) {}

    private final RegistryTree tree;
    private final LogView logView;
    private final LogView evidenceView;
    private final Replica replica;
    private final Watch watch;
    private final Heads heads;
    private final Optional<RecordId> pinnedInit;
    private final MonitorLimits limits;
    private final Reporter reporter;
    private final Host host;
    private final long start;

    private Head evidence;
    private EvidenceReader claims;
    private long claimsCompared;
    private boolean wargCompared;
    private Frontier proven;

    /**
     * @param before what was checked before; null when nothing was
     * @param pinnedInit the operator log's first record as other commands remember it
     */
    Round(
            RegistryTree tree,
            LogView logView,
            LogView evidenceView,
            Replica replica,
            Watch watch,
            Heads heads,
            @Nullable Cursor before,
            Optional<RecordId> pinnedInit,
            MonitorLimits limits,
            Reporter reporter,
            Host host) {
        this.tree = tree;
        this.logView = logView;
        this.evidenceView = evidenceView;
        this.replica = replica;
        this.watch = watch;
        this.heads = heads;
        this.pinnedInit = pinnedInit;
        this.limits = limits;
        this.reporter = reporter;
        this.host = host;
        this.start = replica.size();
        this.proven = replica.frontier();
        this.evidence = heads.evidence();
        Frontier taken =
                before == null ? Frontier.empty() : Frontier.decode(before.evidenceSize(), before.evidenceFrontier());
        this.claims = claims(taken, before == null ? -1 : before.evidenceClaim());
    }

    private EvidenceReader claims(Frontier taken, long lastClaim) {
        return new EvidenceReader(tree, heads.log().origin(), taken, lastClaim, evidence.size());
    }

    Checked run() throws Fault, Contradiction {
        long size = heads.log().size();
        compareClaims();
        try (Ahead<Bundle> bundles = new Ahead<>(start / Tile.WIDTH, Math.ceilDiv(size, Tile.WIDTH), this::bundle);
                Reporter.Progress progress = reporter.start("check records", size - start, Reporter.Unit.RECORDS)) {
            while (replica.size() < size) {
                long from = replica.size();
                append(bundles.next());
                progress.advance(replica.size() - from);
                if (replica.size() - proven.treeSize() >= limits.saveEvery() && replica.size() < size) {
                    requireBeginning();
                    requireEvidenceSoFar();
                    keep();
                }
            }
        }
        requireRoot();
        requireEvidence();
        keep();
        return new Checked(
                size,
                size - start,
                replica.logRoot(),
                replica.map().root(),
                claims.taken().treeSize(),
                claimsCompared);
    }

    private Bundle bundle(long number) throws Fault, RegistryRefused {
        int width = (int) Math.min(Tile.WIDTH, heads.log().size() - number * Tile.WIDTH);
        return new Bundle(number, tree.entries(TreePaths.LOG, number, width), tree.records(number, width));
    }

    /** The records of a bundle that are new. */
    private void append(Bundle bundle) throws Fault, Contradiction {
        int known = (int) (replica.size() - bundle.number() * Tile.WIDTH);
        List<LogLeaf> leaves = new ArrayList<>();
        for (byte[] entry : bundle.entries().subList(known, bundle.entries().size())) {
            leaves.add(Restart.leaf(replica.size() + leaves.size(), entry));
        }
        replica.prepare(leaves, heads.log().size());
        List<Replica.Appended> appended = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            appended.add(append(leaves.get(i), bundle.records().get(known + i)));
            compareClaims();
        }
        watch.look(appended);
    }

    private Replica.Appended append(LogLeaf leaf, SignedRecord record) throws Fault, Contradiction {
        long index = replica.size();
        try {
            Replica.Appended appended = replica.append(leaf, record, heads.log().size());
            requirePinned(appended);
            return appended;
        } catch (Contradiction e) {
            // A proof that the log has this leaf, with the record: anyone can check it, offline.
            logView.exhibits(index, leaf.encode(), EnvelopeCodec.format(record), heads.log())
                    .forEach(e::with);
            throw heads.addTo(e);
        }
    }

    private void requirePinned(Replica.Appended appended) throws Contradiction {
        if (appended instanceof Replica.Appended.OfOperator first
                && first.record().contents().prev() == null
                && pinnedInit.isPresent()
                && !pinnedInit.get().equals(first.record().id())) {
            throw Contradiction.at(
                    first.leafIndex(),
                    Kind.FORK,
                    "the operator log starts with record " + first.record().id() + ", and other commands remember "
                            + pinnedInit.get());
        }
    }

    /** Whatever the registry stated about the size that the replica has now. */
    private void compareClaims() throws Fault, Contradiction {
        for (Optional<Claim> claim = claims.peek();
                claim.isPresent() && claim.get().evidence().treeSize() <= replica.size();
                claim = claims.peek()) {
            compare(claim.get());
            claims.take();
            claimsCompared++;
        }
        if (!wargCompared && heads.wargSize() == replica.size()) {
            heads.requireWarg(replica.logRoot(), replica.map().root(), replica.operator());
            wargCompared = true;
        }
    }

    private void compare(Claim claim) throws Contradiction {
        CheckpointEvidence stated = claim.evidence();
        String what = "entry " + claim.index() + " of the evidence log states ";
        if (stated.treeSize() < replica.size()) {
            throw wrong(
                    claim,
                    Kind.WRONG_EVIDENCE,
                    what + "a checkpoint of " + stated.treeSize() + " records after one of " + replica.size()
                            + " was published");
        }
        if (!stated.logRoot().equals(replica.logRoot())) {
            throw wrong(
                    claim,
                    Kind.ROOT_MISMATCH,
                    what + "log root " + stated.logRoot() + " for " + stated.treeSize() + " records, which make "
                            + replica.logRoot());
        }
        if (!stated.mapRoot().equals(replica.map().root())) {
            throw wrong(
                    claim,
                    Kind.WRONG_MAP,
                    what + "map root " + stated.mapRoot() + " for " + stated.treeSize() + " records, which make "
                            + replica.map().root());
        }
    }

    private Contradiction wrong(Claim claim, Kind kind, String what) {
        Contradiction found = heads.contradiction(kind, what);
        evidenceView
                .exhibits(claim.index(), claim.entry(), claim.entry(), evidence)
                .forEach(found::with);
        return found;
    }

    /** The leaves make the root that the log signed. */
    private void requireRoot() throws Contradiction {
        if (!replica.logRoot().equals(heads.log().root())) {
            throw differing();
        }
    }

    /** The leaves so far are the beginning of the tree that the log signed. */
    private void requireBeginning() throws Fault, Contradiction {
        try {
            logView.requireBeginsWith(replica.size(), replica.logRoot(), heads.log());
        } catch (Contradiction e) {
            throw differing();
        }
    }

    /** Leaves and root do not fit: says where, as far as the registry lets itself be asked. */
    private Contradiction differing() {
        try {
            for (long n = proven.treeSize() / Tile.WIDTH; n * Tile.WIDTH < replica.size(); n++) {
                Optional<Contradiction> found = differing(bundle(n));
                if (found.isPresent()) {
                    return found.get();
                }
            }
        } catch (Fault | RegistryRefused e) {
            reporter.warn("the place of the difference could not be found: " + e.getMessage());
        }
        return heads.contradiction(
                Kind.ROOT_MISMATCH,
                "the " + Counted.of(replica.size(), "record") + " that the registry gives make root "
                        + replica.logRoot() + ", and its log's checkpoint of "
                        + heads.log().size() + " states "
                        + heads.log().root());
    }

    private Optional<Contradiction> differing(Bundle bundle) throws Fault {
        byte[] tile = logView.leafHashes(bundle.number(), bundle.entries().size());
        for (int i = 0; i < bundle.entries().size(); i++) {
            byte[] hash = Arrays.copyOfRange(tile, i * Sha256Value.LENGTH, (i + 1) * Sha256Value.LENGTH);
            if (!Arrays.equals(hash, MerkleHash.leaf(bundle.entries().get(i)).bytes())) {
                long index = bundle.number() * Tile.WIDTH + i;
                return Optional.of(heads.addTo(Contradiction.at(
                                index,
                                Kind.ROOT_MISMATCH,
                                "entry " + index + " as the registry gives it is not the leaf that its tree has there"))
                        .with(new Exhibit("log-tile-0-" + bundle.number(), tile))
                        .with(new Exhibit("log-entries-" + bundle.number(), EntryBundle.encode(bundle.entries()))));
            }
        }
        return Optional.empty();
    }

    /** The evidence log holds what was read of it. */
    private void requireEvidenceSoFar() throws Fault, Contradiction {
        evidenceView.requireBeginsWith(claims.taken().treeSize(), claims.taken().root(), evidence);
    }

    /** The same, and it speaks of the newest checkpoint or a later one: it is published together with it. */
    private void requireEvidence() throws Fault, Contradiction {
        Deadline deadline = host.cachesLag();
        requireEvidenceSoFar();
        while (claims.lastClaim() < heads.log().size() && claims.peek().isEmpty()) {
            if (!deadline.another()) {
                throw Unproven.because("its evidence log ends with a checkpoint of "
                        + Math.max(0, claims.lastClaim()) + " records, and "
                        + heads.log().size()
                        + " are published: nobody can hold it to the map root of the newest");
            }
            Head newer = host.newerEvidence();
            evidenceView.requireFollows(evidence, newer);
            evidence = newer;
            EvidenceReader read = claims;
            claims = claims(read.taken(), read.lastClaim());
            read.close();
            compareClaims();
            requireEvidenceSoFar();
        }
    }

    private void keep() throws Fault {
        host.proven(this);
        proven = replica.frontier();
    }

    Replica replica() {
        return replica;
    }

    Head logHead() {
        return heads.log();
    }

    Head evidenceHead() {
        return evidence;
    }

    EvidenceReader evidence() {
        return claims;
    }

    @Override
    public void close() {
        claims.close();
    }
}
