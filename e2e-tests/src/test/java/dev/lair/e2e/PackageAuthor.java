package dev.lair.e2e;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One author of one package: signs records on top of its own copy of the log. The first record also starts the log. */
final class PackageAuthor {

    private final PrivateKey key;
    private final PackageName name;
    private PackageLog.State state = PackageLog.State.EMPTY;

    PackageAuthor(PrivateKey key, String name) {
        this.key = key;
        this.name = PackageName.parse(name);
    }

    PackageName name() {
        return name;
    }

    PackageLog.State state() {
        return state;
    }

    /** The next record of the log, which the author's copy has from now on. */
    SignedPackageRecord record(PackageEntry... entries) {
        SignedPackageRecord record = draft(entries);
        try {
            state = state.append(record, EcdsaP256.INSTANCE);
        } catch (RecordRejected e) {
            throw new IllegalArgumentException("the author's own copy of the log refuses this record", e);
        }
        return record;
    }

    /** A signed record that the author's copy does not take, because the log would refuse it or nobody shall have it. */
    SignedPackageRecord draft(PackageEntry... entries) {
        List<PackageEntry> all = new ArrayList<>();
        if (state.head().isEmpty()) {
            all.add(new PackageEntry.Init(key.publicKey()));
        }
        all.addAll(List.of(entries));
        return draft(state.head().map(LogHead::recordId).orElse(null), all, key);
    }

    /** Any record of this package. */
    static SignedPackageRecord draft(@Nullable RecordId prev, List<PackageEntry> entries, PrivateKey signer) {
        return SignedPackageRecord.sign(new PackageRecord(prev, 0, Instant.now(), entries), signer);
    }

    SignedPackageRecord release(String version, byte[] content) {
        return record(releaseEntry(version, content));
    }

    SignedPackageRecord yank(String version) {
        return record(new PackageEntry.Yank(SemVer.parse(version)));
    }

    static PackageEntry releaseEntry(String version, byte[] content) {
        return new PackageEntry.Release(SemVer.parse(version), Digest.of(content));
    }
}
