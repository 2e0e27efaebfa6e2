package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.model.FetchNamesRequest;
import dev.lair.openapi.warg.model.InclusionResponse;
import dev.lair.openapi.warg.model.PublishedRecord;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a registry says, checked against itself: both roots computed from the ledger, every log replayed through the
 * state machine, every record at the leaf where it claims to be, and the checkpoint signed by an operator key.
 *
 * @param leaves the ledger, by leaf index
 * @param packages state of each package log
 */
record Audit(
        SignedCheckpoint signed,
        List<LogLeaf> leaves,
        OperatorLog.State operator,
        Map<LogId, PackageLog.State> packages) {

    Checkpoint checkpoint() {
        return signed.contents().checkpoint();
    }

    PackageLog.State packageLog(PackageName name) {
        return packages.getOrDefault(name.logId(), PackageLog.State.EMPTY);
    }

    /** The ledger has this record in this log. */
    boolean has(LogId log, RecordId record) {
        return leaves.contains(new LogLeaf(log, record));
    }

    /** Reads and checks everything. The registry must be at rest. */
    static Audit of(Registry registry) throws Exception {
        SignedCheckpoint signed = registry.checkpoint();
        Checkpoint checkpoint = signed.contents().checkpoint();
        List<LogLeaf> leaves = Registry.leaves(registry.ledger());
        assertThat(leaves).as("leaves of the ledger").hasSize(Math.toIntExact(checkpoint.logLength()));
        checkRoots(checkpoint, leaves);

        List<LogId> packageIds = leaves.stream()
                .map(LogLeaf::logId)
                .distinct()
                .filter(log -> !log.equals(OperatorLog.LOG_ID))
                .toList();
        Registry.Logs logs = registry.logs(checkpoint.logLength(), packageIds);
        List<LogLeaf> claimed = new ArrayList<>();
        leaves.forEach(leaf -> claimed.add(null));

        OperatorLog.State operator = OperatorLog.State.EMPTY;
        for (PublishedRecord published : logs.operator()) {
            SignedOperatorRecord record = SignedOperatorRecord.decode(Registry.signedRecord(published));
            operator = operator.append(record, EcdsaP256.INSTANCE);
            claimed.set(Math.toIntExact(published.getRegistryIndex()), new LogLeaf(OperatorLog.LOG_ID, record.id()));
        }
        Map<LogId, PackageLog.State> packages = new HashMap<>();
        for (LogId log : packageIds) {
            PackageLog.State state = PackageLog.State.EMPTY;
            for (PublishedRecord published : logs.of(log)) {
                SignedPackageRecord record = SignedPackageRecord.decode(Registry.signedRecord(published));
                state = state.append(record, EcdsaP256.INSTANCE);
                claimed.set(Math.toIntExact(published.getRegistryIndex()), new LogLeaf(log, record.id()));
            }
            packages.put(log, state);
        }
        assertThat(claimed).as("the records of all logs, by leaf").isEqualTo(leaves);
        checkNames(registry, packageIds);
        checkSignature(signed, operator);
        proveHeads(registry, checkpoint, leaves);
        return new Audit(signed, leaves, operator, packages);
    }

    private static void checkRoots(Checkpoint checkpoint, List<LogLeaf> leaves) {
        Frontier frontier = Frontier.empty();
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : leaves) {
            frontier = frontier.append(leaf.hash());
            map = map.with(leaf.logId(), leaf.recordId());
        }
        assertThat(frontier.root()).as("log root").isEqualTo(checkpoint.logRoot());
        assertThat(map.root()).as("map root").isEqualTo(checkpoint.mapRoot());
    }

    private static void checkNames(Registry registry, List<LogId> logs) throws Exception {
        if (logs.isEmpty()) {
            return;
        }
        Map<String, String> names = registry.api()
                .fetchNames(new FetchNamesRequest()
                        .packages(logs.stream().map(LogId::toString).toList()))
                .getPackages();
        for (LogId log : logs) {
            String name = names.getOrDefault(log.toString(), "");
            assertThat(PackageName.parse(name).logId())
                    .as("log id of `" + name + "`")
                    .isEqualTo(log);
        }
    }

    static void checkSignature(SignedCheckpoint signed, OperatorLog.State operator) {
        assertThat(operator.key(signed.keyId())).as("the checkpoint's key").isPresent();
        assertThat(signed.verify(operator.key(signed.keyId()).orElseThrow(), EcdsaP256.INSTANCE))
                .as("the checkpoint's signature")
                .isTrue();
    }

    private static void proveHeads(Registry registry, Checkpoint checkpoint, List<LogLeaf> leaves) throws Exception {
        Heads heads = Heads.of(leaves, checkpoint.logLength());
        InclusionResponse proofs = registry.proveInclusion(
                checkpoint.logLength(), List.copyOf(heads.leafHashes().keySet()));
        heads.verify(proofs.getLog(), proofs.getMap(), checkpoint);
    }

    /** The newest record of each log at a length, ready to be proven. */
    record Heads(Map<Long, LeafHash> leafHashes, List<MapProofBundle.Head> mapHeads) {

        static Heads of(List<LogLeaf> leaves, long length) {
            Map<LogId, Long> newest = new LinkedHashMap<>();
            for (int i = 0; i < length; i++) {
                newest.put(leaves.get(i).logId(), (long) i);
            }
            Map<Long, LeafHash> hashes = new LinkedHashMap<>();
            List<MapProofBundle.Head> mapHeads = new ArrayList<>();
            newest.forEach((log, index) -> {
                LogLeaf leaf = leaves.get(Math.toIntExact(index));
                hashes.put(index, leaf.hash());
                mapHeads.add(new MapProofBundle.Head(log, leaf.recordId()));
            });
            return new Heads(hashes, mapHeads);
        }

        void verify(byte[] logBundle, byte[] mapBundle, Checkpoint checkpoint) throws Exception {
            LogProofBundle.parse(logBundle).verifyInclusion(checkpoint.logLength(), checkpoint.logRoot(), leafHashes);
            MapProofBundle.parse(mapBundle).verifyPresence(mapHeads, checkpoint.mapRoot());
        }
    }

    /** This registry extends that checkpoint: proven by itself, and the ledger's prefix has the old root. */
    void extendsCheckpoint(Registry registry, SignedCheckpoint seen) throws Exception {
        Checkpoint old = seen.contents().checkpoint();
        assertThat(old.logLength())
                .as("length seen before")
                .isLessThanOrEqualTo(checkpoint().logLength());
        byte[] proof = registry.proveConsistency(old.logLength(), checkpoint().logLength());
        LogProofBundle.parse(proof)
                .verifyConsistency(
                        old.logLength(),
                        old.logRoot(),
                        checkpoint().logLength(),
                        checkpoint().logRoot());
        checkRoots(old, leaves.subList(0, Math.toIntExact(old.logLength())));
        checkSignature(seen, operator);
    }
}
