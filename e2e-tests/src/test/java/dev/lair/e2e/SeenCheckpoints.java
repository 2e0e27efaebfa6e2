package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** Every checkpoint that some client saw on some node: of one size there is one, and all are prefixes of one log. */
final class SeenCheckpoints {

    /** More neighbours than this are not asked for proofs; the roots of all are compared. */
    private static final int PROOFS = 200;

    private final ConcurrentSkipListMap<Long, SignedCheckpoint> bySize = new ConcurrentSkipListMap<>();

    /** Notes it; a failure when somebody was shown another one of this size. */
    void add(SignedCheckpoint seen) {
        Checkpoint roots = seen.contents().checkpoint();
        SignedCheckpoint before = bySize.putIfAbsent(roots.logLength(), seen);
        if (before != null && !before.contents().checkpoint().equals(roots)) {
            throw new AssertionError("two checkpoints of one size were shown: " + before + " and " + seen);
        }
    }

    int count() {
        return bySize.size();
    }

    /** All are signed, are prefixes of the log of {@code audit}, and each node proves each one from its predecessor. */
    void check(Audit audit, List<Registry> nodes) throws Exception {
        assertThat(bySize.lastKey())
                .as("no checkpoint was longer than the log is now")
                .isLessThanOrEqualTo(audit.checkpoint().logLength());
        Frontier frontier = Frontier.empty();
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : audit.leaves()) {
            frontier = frontier.append(leaf.hash());
            map = map.with(leaf.logId(), leaf.recordId());
            SignedCheckpoint seen = bySize.get(frontier.treeSize());
            if (seen != null) {
                assertThat(seen.contents().checkpoint())
                        .isEqualTo(new Checkpoint(frontier.root(), frontier.treeSize(), map.root()));
                Audit.checkSignature(seen, audit.operator());
            }
        }
        List<Checkpoint> inOrder = new ArrayList<>();
        bySize.values().forEach(seen -> inOrder.add(seen.contents().checkpoint()));
        inOrder.add(audit.checkpoint());
        int step = 1 + inOrder.size() / PROOFS;
        for (int i = step; i < inOrder.size(); i += step) {
            for (Registry node : nodes) {
                requireConsistent(node, inOrder.get(i - step), inOrder.get(i));
            }
        }
    }

    private static void requireConsistent(Registry node, Checkpoint from, Checkpoint to) throws Exception {
        byte[] proof = node.proveConsistency(from.logLength(), to.logLength());
        LogProofBundle.parse(proof).verifyConsistency(from.logLength(), from.logRoot(), to.logLength(), to.logRoot());
    }
}
