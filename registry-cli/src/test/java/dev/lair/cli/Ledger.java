package dev.lair.cli;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Signer;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.StrictBase64;
import dev.lair.transparency.TimestampedCheckpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The truth of a registry in a list: signed records in the order of their leaves. Immutable. */
record Ledger(List<Entry> entries) {

    /** One record in its log. */
    record Entry(LogId log, @Nullable PackageName name, SignedRecord signed, RecordId id) {

        static Entry of(SignedOperatorRecord record) {
            return new Entry(OperatorLog.LOG_ID, null, record.envelope(), record.id());
        }

        static Entry of(PackageName name, SignedPackageRecord record) {
            return new Entry(name.logId(), name, record.envelope(), record.id());
        }

        LogLeaf leaf() {
            return new LogLeaf(log, id);
        }
    }

    Ledger {
        entries = List.copyOf(entries);
    }

    /** The seven records of the vectors. */
    static Ledger worked() {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode record : Vectors.WORKED.get("records")) {
            boolean operator = record.get("kind").asString().equals("operator");
            entries.add(new Entry(
                    LogId.parse(record.get("logId").asString()),
                    operator ? null : PackageName.parse(record.get("package").asString()),
                    new SignedRecord(
                            StrictBase64.decode(record.get("contentBytesBase64").asString()),
                            KeyId.parse(record.get("keyId").asString()),
                            Signature.parse(record.get("signature").asString())),
                    RecordId.parse(record.get("recordId").asString())));
        }
        return new Ledger(entries);
    }

    /** A registry that has only its operator's first record. */
    static Ledger founded(Signer operator, Instant time, OperatorEntry... more) {
        List<OperatorEntry> entries = new ArrayList<>();
        entries.add(new OperatorEntry.Init(operator.publicKey()));
        entries.addAll(List.of(more));
        return new Ledger(
                List.of(Entry.of(SignedOperatorRecord.sign(new OperatorRecord(null, 0, time, entries), operator))));
    }

    int size() {
        return entries.size();
    }

    Ledger first(int size) {
        return new Ledger(entries.subList(0, size));
    }

    Ledger plus(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new Ledger(more);
    }

    /** One more record of a package, signed on top of its newest. */
    Ledger plus(PackageName name, Instant time, Signer signer, PackageEntry... statements) {
        RecordId prev = head(name.logId()).map(Entry::id).orElse(null);
        return plus(Entry.of(
                name, SignedPackageRecord.sign(new PackageRecord(prev, 0, time, List.of(statements)), signer)));
    }

    /** One more operator record. */
    Ledger plus(Instant time, Signer signer, OperatorEntry... statements) {
        RecordId prev = head(OperatorLog.LOG_ID).map(Entry::id).orElse(null);
        return plus(
                Entry.of(SignedOperatorRecord.sign(new OperatorRecord(prev, 0, time, List.of(statements)), signer)));
    }

    Optional<Entry> head(LogId log) {
        return entries.stream().filter(entry -> entry.log().equals(log)).reduce((older, newer) -> newer);
    }

    SparseMap map() {
        SparseMap map = SparseMap.empty();
        for (Entry entry : entries) {
            map = map.with(entry.log(), entry.id());
        }
        return map;
    }

    Checkpoint checkpoint() {
        Frontier log = Frontier.empty();
        for (Entry entry : entries) {
            log = log.append(entry.leaf().hash());
        }
        return new Checkpoint(log.root(), size(), map().root());
    }

    SignedCheckpoint signed(Signer signer, long epochSeconds) {
        return SignedCheckpoint.sign(new TimestampedCheckpoint(checkpoint(), epochSeconds), signer);
    }

    /** Root of a perfect subtree, as proofs need it. */
    NodeHash node(int level, long index) {
        return level == 0
                ? entries.get(Math.toIntExact(index)).leaf().hash().asNode()
                : MerkleHash.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
    }
}
