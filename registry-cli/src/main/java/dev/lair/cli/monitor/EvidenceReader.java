package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.Fault;
import dev.lair.registry.tree.TreePaths;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.Tile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the evidence log in order, claim by claim, and keeps its right edge. A claim says what the registry signed at one
 * size of the main log; sizes ascend strictly. Entries about attestations must be readable, speak of the same log and come
 * behind a claim, since each speaks of a record that a claim before it covers; whether that very record is covered is not
 * looked up, which would cost an index of all records. Entries of other kinds are counted and passed over.
 */
final class EvidenceReader implements AutoCloseable {

    /** What the registry claims, and where. */
    @SuppressWarnings("ArrayRecordComponent")
    record Claim(long index, byte[] entry, CheckpointEvidence evidence) {}

    private final String mainOrigin;
    private final long until;
    private final Ahead<List<byte[]>> bundles;
    private final Deque<byte[]> unread = new ArrayDeque<>();
    private Frontier taken;
    private long lastClaim;
    private long skip;
    private @Nullable Claim claim;

    /**
     * Goes on behind what was taken before.
     *
     * @param lastClaim size that the last claim before stated, -1 when there was none
     * @param until entries that the log has
     */
    EvidenceReader(RegistryTree tree, String mainOrigin, Frontier taken, long lastClaim, long until) {
        this.mainOrigin = mainOrigin;
        this.taken = taken;
        this.lastClaim = lastClaim;
        this.until = until;
        long first = taken.treeSize() / Tile.WIDTH;
        this.skip = taken.treeSize() % Tile.WIDTH;
        this.bundles = new Ahead<>(
                first,
                Math.ceilDiv(until, Tile.WIDTH),
                n -> tree.entries(TreePaths.EVIDENCE, n, (int) Math.min(Tile.WIDTH, until - n * Tile.WIDTH)));
    }

    /** The next claim, which is not taken yet; empty when the log has no more. */
    Optional<Claim> peek() throws Fault, Contradiction {
        while (claim == null && taken.treeSize() < until) {
            byte[] entry = nextEntry();
            if (CheckpointEvidence.isMarked(entry)) {
                claim = claimOf(taken.treeSize(), entry);
            } else {
                if (AttestationEvidence.isMarked(entry)) {
                    requireAttestation(taken.treeSize(), entry);
                }
                append(entry);
            }
        }
        return Optional.ofNullable(claim);
    }

    /** Takes the claim that {@link #peek} showed. */
    void take() {
        Claim shown = claim;
        if (shown == null) {
            throw new IllegalStateException("no claim was shown");
        }
        append(shown.entry());
        lastClaim = shown.evidence().treeSize();
        claim = null;
    }

    private void append(byte[] entry) {
        taken = taken.append(MerkleHash.leaf(entry));
    }

    private byte[] nextEntry() throws Fault {
        while (unread.isEmpty()) {
            List<byte[]> bundle = bundles.next();
            unread.addAll(bundle.subList((int) skip, bundle.size()));
            skip = 0;
        }
        return unread.remove();
    }

    private Claim claimOf(long index, byte[] entry) throws Contradiction {
        CheckpointEvidence evidence;
        try {
            evidence = CheckpointEvidence.parse(entry);
        } catch (MalformedCheckpointException e) {
            throw wrong(index, entry, "is none: " + e.getMessage());
        }
        requireOrigin(index, entry, evidence.origin());
        if (evidence.treeSize() <= lastClaim) {
            throw wrong(
                    index, entry, "speaks of " + evidence.treeSize() + " records after one that spoke of " + lastClaim);
        }
        return new Claim(index, entry, evidence);
    }

    private void requireAttestation(long index, byte[] entry) throws Contradiction {
        AttestationEvidence evidence;
        try {
            evidence = AttestationEvidence.parse(entry);
        } catch (MalformedCheckpointException e) {
            throw wrong(index, entry, "is none: " + e.getMessage());
        }
        requireOrigin(index, entry, evidence.origin());
        if (lastClaim < 1) {
            throw wrong(
                    index, entry, "attests record " + evidence.recordId() + " before a checkpoint of it was stated");
        }
    }

    private void requireOrigin(long index, byte[] entry, String origin) throws Contradiction {
        if (!origin.equals(mainOrigin)) {
            throw wrong(index, entry, "speaks of the log `" + origin + "`, not of `" + mainOrigin + "`");
        }
    }

    private static Contradiction wrong(long index, byte[] entry, String what) {
        return Contradiction.of(Kind.WRONG_EVIDENCE, "entry " + index + " of the evidence log " + what)
                .with(new Contradiction.Exhibit("evidence-" + index + ".entry", entry));
    }

    /** Right edge behind what was taken. */
    Frontier taken() {
        return taken;
    }

    /** Size of the main log that the last claim taken stated; -1 before the first. */
    long lastClaim() {
        return lastClaim;
    }

    @Override
    public void close() {
        bundles.close();
    }
}
