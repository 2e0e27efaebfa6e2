package dev.lair.cli;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Larger registries than the vectors have. */
final class Ledgers {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_100L);
    private static final Map<Integer, Ledger> MADE = new HashMap<>();

    private Ledgers() {}

    /** So many records: the operator's, then the logs of 40 packages in turns, {@code test:p0} to {@code test:p39}. */
    static synchronized Ledger large(int size) {
        return MADE.computeIfAbsent(size, count -> make(count, 0));
    }

    /** The same with other contents: as valid, and another log. */
    static Ledger other(int size) {
        return make(size, 1);
    }

    private static Ledger make(int size, int variant) {
        List<Ledger.Entry> entries =
                new ArrayList<>(Ledger.founded(Vectors.ALICE, TIME, new OperatorEntry.DefineNamespace("test"))
                        .entries());
        Map<LogId, RecordId> heads = new HashMap<>();
        for (int i = entries.size(); i < size; i++) {
            PackageName name = PackageName.parse("test:p" + i % 40);
            RecordId prev = heads.get(name.logId());
            PackageEntry entry = prev == null
                    ? new PackageEntry.Init(Vectors.BOB.publicKey())
                    : new PackageEntry.Release(
                            SemVer.parse("0.0." + i), Digest.of(new byte[] {(byte) i, (byte) variant}));
            SignedPackageRecord record =
                    SignedPackageRecord.sign(new PackageRecord(prev, 0, TIME, List.of(entry)), Vectors.BOB);
            heads.put(name.logId(), record.id());
            entries.add(Ledger.Entry.of(name, record));
        }
        return new Ledger(entries);
    }
}
