package dev.lair.bench;

import dev.lair.server.ledger.Ledger;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.SparseMap;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Proofs made as the warg door makes them: the checkpoint is looked up, the proof built and encoded. Only that is timed;
 * then each proof is verified. Leaves are random, tree sizes are those of random retained checkpoints.
 */
final class ProofRun {

    /** Untimed rounds in front, as a share of the timed ones. */
    private static final int WARM_UP_SHARE = 4;

    private static final double BYTES_PER_MB = 1 << 20;
    private static final int MOST_CHECKPOINTS = 1024;

    private final Ledger ledger;
    private final List<Checkpoint> checkpoints;
    private final Random random = new Random(1);

    ProofRun(Ledger ledger, LedgerStore store) {
        this.ledger = ledger;
        this.checkpoints = store.latestCheckpoints(MOST_CHECKPOINTS).stream()
                .map(SignedCheckpoint::contents)
                .map(contents -> contents.checkpoint())
                .filter(checkpoint -> ledger.map(checkpoint.logLength()).isPresent())
                .toList();
    }

    /** One proof, made and checked; answers the nanoseconds that making it took. */
    private interface Proof {
        long make() throws ProofRejected;
    }

    Findings run(int proofs) throws ProofRejected {
        Latencies inclusion = repeat(proofs, this::inclusion);
        Latencies consistency = repeat(proofs, this::consistency);
        Latencies map = repeat(proofs, this::map);
        return new Findings()
                .put("leaves", ledger.publishedSize())
                .put("inclusion_p50_ms", inclusion.millis(0.5))
                .put("inclusion_p99_ms", inclusion.millis(0.99))
                .put("consistency_p50_ms", consistency.millis(0.5))
                .put("consistency_p99_ms", consistency.millis(0.99))
                .put("packages", ledger.mappedLogs())
                .put("map_p50_ms", map.millis(0.5))
                .put("map_p99_ms", map.millis(0.99))
                .put("heap_mb", heapMb())
                .put("heap_limit_mb", Runtime.getRuntime().maxMemory() / BYTES_PER_MB)
                .put("retained_checkpoints", checkpoints.size())
                .put("proofs_of_each_kind", proofs);
    }

    private Latencies repeat(int proofs, Proof proof) throws ProofRejected {
        for (int i = 0; i < proofs / WARM_UP_SHARE; i++) {
            proof.make();
        }
        Latencies latencies = new Latencies();
        for (int i = 0; i < proofs; i++) {
            latencies.note(proof.make());
        }
        return latencies;
    }

    private Checkpoint anyCheckpoint() {
        return checkpoints.get(random.nextInt(checkpoints.size()));
    }

    private long inclusion() throws ProofRejected {
        Checkpoint at = anyCheckpoint();
        long leaf = random.nextLong(at.logLength());
        long start = System.nanoTime();
        requireCheckpoint(at.logLength());
        byte[] proof = LogProofBundle.inclusion(ledger.nodes(at.logLength()), at.logLength(), List.of(leaf))
                .encode();
        long nanos = System.nanoTime() - start;
        LogLeaf proven = ledger.leaves(leaf, leaf + 1).getFirst();
        LogProofBundle.parse(proof).verifyInclusion(at.logLength(), at.logRoot(), Map.of(leaf, proven.hash()));
        return nanos;
    }

    private long consistency() throws ProofRejected {
        Checkpoint one = anyCheckpoint();
        Checkpoint other = anyCheckpoint();
        Checkpoint from = one.logLength() < other.logLength() ? one : other;
        Checkpoint to = from == one ? other : one;
        long start = System.nanoTime();
        requireCheckpoint(from.logLength());
        requireCheckpoint(to.logLength());
        byte[] proof = LogProofBundle.consistency(ledger.nodes(to.logLength()), from.logLength(), to.logLength())
                .encode();
        long nanos = System.nanoTime() - start;
        LogProofBundle.parse(proof).verifyConsistency(from.logLength(), from.logRoot(), to.logLength(), to.logRoot());
        return nanos;
    }

    /** The newest record of a random log; older ones have no map proof. */
    private long map() throws ProofRejected {
        Checkpoint at = anyCheckpoint();
        long leaf = headAt(at);
        long start = System.nanoTime();
        requireCheckpoint(at.logLength());
        SparseMap map = ledger.map(at.logLength()).orElseThrow();
        LedgerEntry entry = ledger.entryAt(leaf).orElseThrow();
        if (!map.head(entry.logId()).orElseThrow().equals(entry.recordId())) {
            throw new IllegalStateException("leaf " + leaf + " is no head");
        }
        byte[] proof = MapProofBundle.of(List.of(map.prove(entry.logId()))).encode();
        long nanos = System.nanoTime() - start;
        MapProofBundle.parse(proof)
                .verifyPresence(List.of(new MapProofBundle.Head(entry.logId(), entry.recordId())), at.mapRoot());
        return nanos;
    }

    private long headAt(Checkpoint at) {
        SparseMap map = ledger.map(at.logLength()).orElseThrow();
        while (true) {
            // The newest records lie near the end: older leaves are rarely heads.
            long span = Math.min(at.logLength(), 2 * map.size());
            long leaf = at.logLength() - 1 - random.nextLong(span);
            LogLeaf candidate = ledger.leaves(leaf, leaf + 1).getFirst();
            if (map.head(candidate.logId()).filter(candidate.recordId()::equals).isPresent()) {
                return leaf;
            }
        }
    }

    private void requireCheckpoint(long size) {
        if (ledger.checkpoint(size).isEmpty()) {
            throw new IllegalStateException("no checkpoint of " + size + " leaves");
        }
    }

    /** What is left after a collection: the map, its history, and the caches. */
    private static double heapMb() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MB;
    }
}
