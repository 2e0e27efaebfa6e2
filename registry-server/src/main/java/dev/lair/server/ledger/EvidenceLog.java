package dev.lair.server.ledger;

import dev.lair.server.ledger.AttestationPromises.Wanted;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FullTile;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileNodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The second, small log: one entry for each checkpoint of the main log, so that witnesses who cosign this log vouch for
 * the map root too (transparency log, section 4, point 6), and one for each publish attestation. Owned by the publisher
 * thread; several nodes may append to the stored log, and then the one whose view was old reads again.
 *
 * <p><b>Order.</b> An attestation is stated behind a checkpoint that covers its record, by every node. So {@link #find}
 * looks no further back than to a checkpoint that does not, and no index from digests to entries is kept anywhere.
 */
final class EvidenceLog {

    /**
     * The log as it was signed, and where it states what was to be stated.
     *
     * @param places of the attestations, those that were there before included
     */
    record Stated(Witnesses.Head head, Map<AttestationEvidence, Long> places) {}

    private final EvidenceStore store;
    private final LogTiles tiles;
    private final LogKeys keys;
    private final String mainOrigin;
    private Frontier frontier = Frontier.empty();
    private TileBuilder builder = TileBuilder.resume(EvidenceLog::noNode, 0);
    private long statedSize = -1;

    EvidenceLog(EvidenceStore store, LogTiles tiles, LogIdentity identity) {
        this.store = store;
        this.tiles = tiles;
        this.keys = identity.evidence();
        this.mainOrigin = identity.log().origin();
        reread();
    }

    private static NodeHash noNode(int level, long index) {
        throw new IllegalStateException("an empty log has no node " + index + " at level " + level);
    }

    private void reread() {
        frontier = store.state();
        builder = TileBuilder.resume(new TileNodes(tiles, frontier.treeSize()), frontier.treeSize());
        statedSize = lastStated();
    }

    private long lastStated() {
        for (long until = frontier.treeSize(); until > 0; until -= Limits.EVIDENCE_PAGE) {
            List<byte[]> page = store.entries(Math.max(0, until - Limits.EVIDENCE_PAGE), until);
            for (byte[] entry : page.reversed()) {
                if (CheckpointEvidence.isMarked(entry)) {
                    return CheckpointEvidence.parse(entry).treeSize();
                }
            }
        }
        return -1;
    }

    /**
     * Where a stored log states an attestation; empty when its first {@code until} entries do not. Reads backwards, to what
     * was appended when the record was: cheap soon after a publish, and as dear as all that came since for an old record.
     * Any thread may call.
     *
     * @param leafIndex of the record in the main log
     */
    static OptionalLong find(EvidenceStore store, AttestationEvidence wanted, long leafIndex, long until) {
        byte[] bytes = wanted.entry();
        for (long end = until; end > 0; end -= Limits.EVIDENCE_PAGE) {
            long from = Math.max(0, end - Limits.EVIDENCE_PAGE);
            List<byte[]> page = store.entries(from, end);
            for (int i = page.size() - 1; i >= 0; i--) {
                byte[] entry = page.get(i);
                if (Arrays.equals(entry, bytes)) {
                    return OptionalLong.of(from + i);
                }
                if (CheckpointEvidence.isMarked(entry)
                        && CheckpointEvidence.parse(entry).treeSize() <= leafIndex) {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Appends an entry about this checkpoint, unless this or a larger one is stated already, and behind it one for each of
     * these attestations that is not; signs the evidence log as it then is. One append: a crash leaves all of it or
     * nothing.
     *
     * @param attestations of records that the checkpoint covers
     */
    Stated state(Checkpoint checkpoint, List<Wanted> attestations, long epochSeconds) {
        // Of another node's view with fewer entries no note may be signed: readers have seen more of them.
        if (!store.state().equals(frontier)) {
            reread();
        }
        while (true) {
            Map<AttestationEvidence, Long> places = alreadyStated(attestations);
            List<byte[]> entries = new ArrayList<>();
            if (checkpoint.logLength() > statedSize) {
                entries.add(CheckpointEvidence.of(mainOrigin, checkpoint).entry());
            }
            for (Wanted one : attestations) {
                requireCovered(one, checkpoint);
                if (places.putIfAbsent(one.evidence(), frontier.treeSize() + entries.size()) == null) {
                    entries.add(one.evidence().entry());
                }
            }
            if (entries.isEmpty() || append(entries)) {
                statedSize = Math.max(statedSize, checkpoint.logLength());
                return new Stated(keys.head(frontier.treeSize(), frontier.root(), epochSeconds, tiles), places);
            }
        }
    }

    private static void requireCovered(Wanted one, Checkpoint checkpoint) {
        if (one.leafIndex() >= checkpoint.logLength()) {
            throw new IllegalArgumentException("leaf " + one.leafIndex()
                    + " is attested before a checkpoint covers it: " + checkpoint.logLength() + " leaves");
        }
    }

    /** Which of these were stated since somebody looked: by another node, or by this one when the answer was lost. */
    private Map<AttestationEvidence, Long> alreadyStated(List<Wanted> attestations) {
        Map<AttestationEvidence, Long> places = new HashMap<>();
        long from = attestations.stream().mapToLong(Wanted::searchedUntil).min().orElse(frontier.treeSize());
        for (long at = from; at < frontier.treeSize(); at += Limits.EVIDENCE_PAGE) {
            long index = at;
            for (byte[] entry : store.entries(at, Math.min(at + Limits.EVIDENCE_PAGE, frontier.treeSize()))) {
                if (AttestationEvidence.isMarked(entry)) {
                    places.putIfAbsent(AttestationEvidence.parse(entry), index);
                }
                index++;
            }
        }
        places.keySet().retainAll(attestations.stream().map(Wanted::evidence).collect(Collectors.toSet()));
        return places;
    }

    /** Whether it was appended; otherwise another node was quicker, and its entries are read. */
    private boolean append(List<byte[]> entries) {
        TileBuilder next = builder.copy();
        Frontier after = frontier;
        for (byte[] entry : entries) {
            after = after.append(MerkleHash.leaf(entry), next);
        }
        List<FullTile> full = next.takeFilled().stream()
                .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                .toList();
        try {
            store.append(frontier, new EvidenceBatch(entries, full, after));
            frontier = after;
            builder = next;
            return true;
        } catch (StaleEvidenceException e) {
            reread();
            return false;
        }
    }
}
