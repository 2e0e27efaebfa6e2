package dev.lair.server.search;

import dev.lair.registry.log.OperatorLog;
import dev.lair.server.search.SearchIndex.Position;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MalformedCheckpointException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index up to the logs, in their order: each package that a new leaf of the ledger is of, or a new entry of the
 * evidence log, is looked at again as a whole. The evidence log tells of attestations and READMEs, which are stored behind the
 * release and before their entry there; so nothing that comes late is missed, whichever node stored it.
 *
 * <p>A package is read as it is below the ledger's size that the step goes to, so that doing a step again changes nothing.
 * One thread at a time.
 */
final class LedgerFollower {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerFollower.class);

    private final LedgerStore ledger;
    private final EvidenceStore evidence;
    private final Cards cards;
    private final SearchIndex index;

    LedgerFollower(LedgerStore ledger, EvidenceStore evidence, Cards cards, SearchIndex index) {
        this.ledger = ledger;
        this.evidence = evidence;
        this.cards = cards;
        this.index = index;
    }

    /**
     * Begins anew when the index is of another ledger than this one, or ahead of it: of a copy that was restored, say.
     *
     * @return whether it did
     */
    boolean dropIfForeign(long treeSize, long evidenceSize) {
        Position at = index.position();
        if (at.leaves() <= treeSize
                && at.evidence() <= evidenceSize
                && at.lastRecord().equals(lastRecord(at.leaves()))) {
            return false;
        }
        LOG.warn(
                "search index is not of this ledger or ahead of it, it is made anew index.leaves={} ledger.leaves={}",
                at.leaves(),
                treeSize);
        index.clear();
        return true;
    }

    private String lastRecord(long leaves) {
        return leaves == 0
                ? ""
                : ledger.leaves(leaves - 1, leaves).stream()
                        .findFirst()
                        .map(leaf -> leaf.recordId().toString())
                        .orElse("none");
    }

    /**
     * One step towards these sizes; what it indexed is seen when it returns.
     *
     * @return packages that were looked at; the step reached the sizes when {@link #isAt} says so
     */
    int step(long treeSize, long evidenceSize) {
        Position at = index.position();
        long leaves = Math.min(treeSize, at.leaves() + SearchLimits.STEP_LEAVES);
        long entries = Math.min(evidenceSize, at.evidence() + SearchLimits.STEP_LEAVES);
        Set<LogId> changed = new LinkedHashSet<>();
        for (long from = at.leaves(); from < leaves; from += SearchLimits.PAGE_OF_LEDGER) {
            for (LogLeaf leaf : ledger.leaves(from, Math.min(leaves, from + SearchLimits.PAGE_OF_LEDGER))) {
                changed.add(leaf.logId());
            }
        }
        for (long from = at.evidence(); from < entries; from += SearchLimits.PAGE_OF_LEDGER) {
            attested(evidence.entries(from, Math.min(entries, from + SearchLimits.PAGE_OF_LEDGER)), changed);
        }
        changed.remove(OperatorLog.LOG_ID);
        for (LogId log : changed) {
            PackageState.read(ledger, log, leaves).map(cards::of).ifPresent(index::put);
        }
        index.show(new Position(leaves, lastRecord(leaves), entries));
        return changed.size();
    }

    boolean isAt(long treeSize, long evidenceSize) {
        Position at = index.position();
        return at.leaves() >= treeSize && at.evidence() >= evidenceSize;
    }

    private void attested(List<byte[]> entries, Set<LogId> changed) {
        for (byte[] entry : entries) {
            if (AttestationEvidence.isMarked(entry)) {
                try {
                    ledger.entry(AttestationEvidence.parse(entry).recordId())
                            .map(LedgerEntry::logId)
                            .ifPresent(changed::add);
                } catch (MalformedCheckpointException e) {
                    LOG.warn("entry of the evidence log passed over: {}", e.getMessage());
                }
            }
        }
    }
}
