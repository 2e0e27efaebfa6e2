package dev.lair.server;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who writes the log of one package, each record behind the one before, published or not. */
public final class Author {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PackageName name;
    private final PrivateKey key;
    private final Clock clock;
    private @Nullable RecordId head;

    private Author(PackageName name, PrivateKey key, Clock clock) {
        this.name = name;
        this.key = key;
        this.clock = clock;
    }

    /** An author with a new key. */
    public static Author of(String name, Clock clock) {
        return new Author(PackageName.parse(name), PrivateKey.generate(RANDOM), clock);
    }

    public PackageName name() {
        return name;
    }

    public LogId log() {
        return name.logId();
    }

    public PrivateKey key() {
        return key;
    }

    /** The record that the next one will follow. */
    public @Nullable RecordId head() {
        return head;
    }

    /** Goes on behind this record instead: a fork, or a step back. */
    public Author continueBehind(@Nullable RecordId record) {
        head = record;
        return this;
    }

    /** The next record with these entries. */
    public SignedPackageRecord write(PackageEntry... entries) {
        SignedPackageRecord record = writeUnchained(entries);
        head = record.id();
        return record;
    }

    /** As {@link #write}, but the author forgets it again. */
    public SignedPackageRecord writeUnchained(PackageEntry... entries) {
        return SignedPackageRecord.sign(new PackageRecord(head, 0, clock.instant(), List.of(entries)), key);
    }

    /** The next record, which releases this; the first one begins the log too. */
    public SignedPackageRecord release(String version, byte[] content) {
        return release(version, Digest.of(content));
    }

    public SignedPackageRecord release(String version, Digest content) {
        List<PackageEntry> entries = new ArrayList<>();
        if (head == null) {
            entries.add(new PackageEntry.Init(key.publicKey()));
        }
        entries.add(new PackageEntry.Release(SemVer.parse(version), content));
        return write(entries.toArray(PackageEntry[]::new));
    }

    /** The next record, which withdraws this. */
    public SignedPackageRecord yank(String version) {
        return write(new PackageEntry.Yank(SemVer.parse(version)));
    }
}
