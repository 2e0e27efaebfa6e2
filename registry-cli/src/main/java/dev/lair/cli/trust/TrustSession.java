package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;
import static dev.lair.cli.report.Finding.trusted;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.Counted;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.trust.VerifiedView.Absence;
import dev.lair.registry.Limits;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PublicKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a registry about packages and believes nothing that is not proven (warg protocol, section 5). A view comes out of
 * {@link #verify} only when
 *
 * <ol>
 *   <li>the checkpoint is one that proofs can speak of,
 *   <li>operator log and package logs, as of that checkpoint, arrive in ascending order below its length,
 *   <li>each of their records passes the state machine,
 *   <li>the operator log starts with the record that was pinned at first use,
 *   <li>an operator key that may commit signed the checkpoint,
 *   <li>the newest record of each log is in the checkpoint's log and is that log's head in its map,
 *   <li>where a policy is demanded of the registry, its log's checkpoint satisfies it and covers the same records,
 *   <li>the checkpoint extends the one remembered, and
 *   <li>is now remembered itself.
 * </ol>
 *
 * <p>What is not covered: that a package does not exist, the leaf indexes of older records, and without a policy the age
 * of the checkpoint and that others see the same one. The reference client checks neither the permission in 5 nor the number of
 * proofs in 6.
 */
public final class TrustSession {

    private final RegistryClient client;
    private final CheckpointMemory memory;
    private final Optional<CheckpointCover> cover;
    private final Reporter reporter;

    public TrustSession(RegistryClient client, CheckpointMemory memory, Reporter reporter) {
        this(client, memory, Optional.empty(), reporter);
    }

    /** @param cover what else the registry must show, if anything */
    public TrustSession(
            RegistryClient client, CheckpointMemory memory, Optional<CheckpointCover> cover, Reporter reporter) {
        this.client = client;
        this.memory = memory;
        this.cover = cover;
        this.reporter = reporter;
    }

    /** The verified state of the registry and of these packages, all as of one checkpoint. */
    public VerifiedView verify(Collection<PackageName> asked) throws Fault {
        // Read before the registry is asked: what it says from now on may not be older.
        Optional<Remembered> remembered = memory.read();
        // 1. The checkpoint.
        SignedCheckpoint signed = fetchCheckpoint();
        Checkpoint checkpoint = signed.contents().checkpoint();
        // 2. The logs.
        Map<PackageName, Absence> absences = new LinkedHashMap<>();
        FetchedLogs fetched = fetchLogs(checkpoint.logLength(), new LinkedHashSet<>(asked), absences);
        // 3. The state machines.
        LogReplay.Operator operator = LogReplay.operator(fetched.operator());
        Map<PackageName, VerifiedLog> packages = new LinkedHashMap<>();
        for (PackageName name : asked) {
            if (!absences.containsKey(name)) {
                LogReplay.Replayed log = LogReplay.packageLog("`" + name + "`", fetched.of(name.logId()));
                packages.put(name, new VerifiedLog(name, log.records(), log.state()));
            }
        }
        // 4. The pin.
        checkPin(remembered, operator.init());
        // 5. The signature.
        checkSignature(signed, operator.state());
        reporter.found(proven("operator log: " + Counted.of(operator.records().size(), "record")
                + ", each signed by a key that the log itself allowed"));
        // 6. Log and map.
        proveHeads(checkpoint, operator, packages.values());
        // 7. The policy.
        if (cover.isPresent()) {
            cover.get().require(client, checkpoint, reporter);
        }
        // 8 and 9. Consistency, and memory.
        Remembered current = new Remembered(client.registry().toString(), operator.init(), CheckpointBody.of(signed));
        remember(remembered, current);
        return new VerifiedView(
                client.registry().toString(), signed, operator.state(), operator.records(), packages, absences);
    }

    private SignedCheckpoint fetchCheckpoint() throws Fault {
        SignedCheckpoint signed;
        try {
            signed = client.checkpoint().signedCheckpoint();
        } catch (RegistryRefused e) {
            throw e.fault();
        } catch (IllegalArgumentException e) {
            throw Unproven.because("its checkpoint is none", e);
        }
        long length = signed.contents().checkpoint().logLength();
        if (length < 1 || length > Limits.LEDGER_LEAVES) {
            throw Unproven.because("its checkpoint covers " + length
                    + " records; a registry has at least one, and proofs" + " can name " + Limits.LEDGER_LEAVES);
        }
        return signed;
    }

    /** Packages that the registry says it does not have leave {@code wanted} and enter {@code absences}. */
    private FetchedLogs fetchLogs(long length, Set<PackageName> wanted, Map<PackageName, Absence> absences)
            throws Fault {
        while (true) {
            try {
                List<LogId> logs = wanted.stream().map(PackageName::logId).toList();
                return FetchedLogs.fetch(client, length, logs, reporter);
            } catch (RegistryRefused refused) {
                PackageName unknown = wanted.stream()
                        .filter(name -> refused.isUnknownLog(name.logId()))
                        .findFirst()
                        .orElseThrow(() -> Unproven.refusedProof("what it says of its logs", refused));
                wanted.remove(unknown);
                absences.put(unknown, new Absence(refused.hint()));
            }
        }
    }

    private void checkPin(Optional<Remembered> remembered, RecordId init) throws Fault {
        if (remembered.isPresent() && !remembered.get().operatorInit().equals(init)) {
            throw Unproven.contradicts(
                    client.registry().toString(),
                    "fork: the operator log of " + client.registry() + " starts with another record than before ("
                            + init + ", not " + remembered.get().operatorInit()
                            + "), so this is another registry at the same address");
        }
    }

    private void checkSignature(SignedCheckpoint signed, OperatorLog.State operator) throws Fault {
        Optional<PublicKey> key = operator.key(signed.keyId());
        if (key.isEmpty()) {
            throw Unproven.because(
                    "its checkpoint is signed by key " + signed.keyId() + ", which its operator log does not know");
        }
        if (!operator.permissions(signed.keyId()).contains(OperatorPermission.COMMIT)) {
            throw Unproven.because("its checkpoint is signed by key " + signed.keyId()
                    + ", which its operator log does not permit to commit");
        }
        if (!signed.verify(key.get(), EcdsaP256.INSTANCE)) {
            throw Unproven.because("the signature of its checkpoint is not by key " + signed.keyId());
        }
        Checkpoint checkpoint = signed.contents().checkpoint();
        reporter.found(proven("checkpoint: " + Counted.of(checkpoint.logLength(), "record") + " at "
                + Instant.ofEpochSecond(signed.contents().epochSeconds()) + ", signed by operator key "
                + signed.keyId()));
    }

    /** One log whose newest record is to be proven. */
    private record Head(String log, LogId logId, RecordId record, long leafIndex) {}

    private void proveHeads(Checkpoint checkpoint, LogReplay.Operator operator, Collection<VerifiedLog> packages)
            throws Fault {
        List<Head> heads = new ArrayList<>();
        Place newest = operator.head();
        heads.add(new Head("operator log", OperatorLog.LOG_ID, newest.record(), newest.leafIndex()));
        for (VerifiedLog log : packages) {
            VerifiedLog.Logged head = log.head();
            heads.add(new Head(
                    "`" + log.name() + "`", log.name().logId(), head.record().id(), head.leafIndex()));
        }
        for (int from = 0; from < heads.size(); from += Limits.PAGE_ITEMS) {
            proveHeads(checkpoint, heads.subList(from, Math.min(from + Limits.PAGE_ITEMS, heads.size())));
        }
        for (Head head : heads) {
            reporter.found(proven("newest record of " + head.log() + ": " + head.record() + " is leaf "
                    + head.leafIndex() + " of the log and the head in the map"));
        }
    }

    /** Both bundles must speak of these heads, all of them, in this order, and of nothing else. */
    private void proveHeads(Checkpoint checkpoint, List<Head> heads) throws Fault {
        Map<Long, LeafHash> leaves = new LinkedHashMap<>();
        List<MapProofBundle.Head> mapHeads = new ArrayList<>();
        for (Head head : heads) {
            LeafHash leaf = new LogLeaf(head.logId(), head.record()).hash();
            if (leaves.put(head.leafIndex(), leaf) != null) {
                throw Unproven.because("two logs claim leaf " + head.leafIndex());
            }
            mapHeads.add(new MapProofBundle.Head(head.logId(), head.record()));
        }
        InclusionResponse reply;
        try {
            reply = client.proveInclusion(checkpoint.logLength(), List.copyOf(leaves.keySet()));
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("that its newest records are in its log", e);
        }
        try {
            LogProofBundle.parse(reply.log()).verifyInclusion(checkpoint.logLength(), checkpoint.logRoot(), leaves);
        } catch (ProofRejected e) {
            throw Unproven.because("it does not prove that its newest records are in its log", e);
        }
        try {
            MapProofBundle.parse(reply.map()).verifyPresence(mapHeads, checkpoint.mapRoot());
        } catch (ProofRejected e) {
            throw Unproven.because("it does not prove that the records it sent are the newest", e);
        }
    }

    /**
     * Checks against what is remembered until that is what was checked against: another command may remember a checkpoint
     * while this one asks for proofs.
     */
    private void remember(Optional<Remembered> before, Remembered current) throws Fault {
        if (before.isEmpty()) {
            reporter.found(trusted("first use of " + client.registry() + ": its operator log starts with record "
                    + current.operatorInit() + "; compare that with what its operator publishes"));
        } else {
            refuseRewind(before.get(), current);
            checkExtends(before.get(), current);
        }
        Optional<Remembered> meanwhile = memory.advance(before, current);
        while (meanwhile.isPresent()) {
            Remembered other = meanwhile.get();
            checkPin(meanwhile, current.operatorInit());
            if (other.size() <= current.size()) {
                checkExtends(other, current);
            } else {
                checkExtends(current, other);
            }
            meanwhile = memory.advance(meanwhile, current);
        }
    }

    private void refuseRewind(Remembered before, Remembered current) throws Fault {
        if (current.size() < before.size()) {
            throw Unproven.contradicts(
                    client.registry().toString(),
                    "rewind: " + client.registry() + " had " + Counted.of(before.size(), "record")
                            + " when it was last seen and now has " + current.size()
                            + ", so it lost or hides records");
        }
    }

    /** {@code newer} has at least as many records as {@code older}: the same ones first, proven by the registry. */
    private void checkExtends(Remembered older, Remembered newer) throws Fault {
        CheckpointBody.Contents from = older.checkpoint().contents();
        CheckpointBody.Contents to = newer.checkpoint().contents();
        if (older.size() == newer.size()) {
            requireSame("log", from.logRoot(), to.logRoot(), older.size());
            requireSame("map", from.mapRoot(), to.mapRoot(), older.size());
            reporter.found(proven("consistency: the same " + Counted.of(newer.size(), "record") + " as remembered"));
            return;
        }
        try {
            byte[] proof = client.proveConsistency(older.size(), newer.size()).proof();
            LogProofBundle.parse(proof).verifyConsistency(older.size(), from.logRoot(), newer.size(), to.logRoot());
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("that it only grew since " + Counted.of(older.size(), "record"), e);
        } catch (ProofRejected e) {
            throw Unproven.contradicts(
                    client.registry().toString(),
                    "fork: " + client.registry() + " does not prove that its log of " + newer.size()
                            + " records starts with the " + older.size() + " seen before: " + e.getMessage());
        }
        reporter.found(proven("consistency: the log of " + Counted.of(newer.size(), "record") + " starts with the "
                + older.size() + " remembered"));
    }

    private void requireSame(String tree, RootHash before, RootHash now, long size) throws Fault {
        if (!before.equals(now)) {
            throw Unproven.contradicts(
                    client.registry().toString(),
                    "fork: " + client.registry() + " shows two different histories of " + Counted.of(size, "record")
                            + " (" + tree + " root " + before + " when last seen, " + now + " now)");
        }
    }
}
