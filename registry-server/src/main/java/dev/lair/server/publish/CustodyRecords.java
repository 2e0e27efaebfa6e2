package dev.lair.server.publish;

import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.Release;
import dev.lair.server.publish.CustodyRefused.NotInCustody;
import dev.lair.server.publish.CustodyRefused.VersionTaken;
import dev.lair.signing.PublicKey;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drafts the records that the registry signs for a package (trusted publishing, section 6, mode A). Where there is no log
 * yet, the registry's key begins it; a log that an author began is written to when the author's key has let the registry's
 * in. Nothing is signed here.
 */
final class CustodyRecords {

    private final PublicKey key;
    private final Instant now;

    CustodyRecords(PublicKey key, Instant now) {
        this.key = key;
        this.now = now;
    }

    /**
     * The record that releases this.
     *
     * @throws VersionTaken when the version is released already
     * @throws NotInCustody when the log does not let the registry's key release
     */
    PackageRecord release(PackageLog.State before, ReleaseRequest request) throws CustodyRefused {
        Optional<Release> released = before.release(request.version());
        if (released.isPresent()) {
            throw new VersionTaken(request, released.get().content());
        }
        List<PackageEntry> entries = new ArrayList<>();
        if (before.head().isEmpty()) {
            entries.add(new PackageEntry.Init(key));
        } else {
            require(PackagePermission.RELEASE, before);
        }
        entries.add(new PackageEntry.Release(request.version(), request.content()));
        return record(before, entries);
    }

    /**
     * The record that withdraws a version.
     *
     * @throws NotInCustody when the log does not let the registry's key yank
     */
    PackageRecord yank(PackageLog.State before, PackageEntry.Yank yank) throws CustodyRefused {
        require(PackagePermission.YANK, before);
        return record(before, List.of(yank));
    }

    /**
     * The record that makes {@code owner} the package's key: it gets everything, and the registry's key keeps what trusted
     * publishing needs.
     *
     * @throws NotInCustody when the registry's key may not grant that
     */
    PackageRecord takeover(PackageLog.State before, PublicKey owner) throws CustodyRefused {
        require(PackagePermission.RELEASE, before);
        require(PackagePermission.YANK, before);
        return record(
                before,
                List.of(
                        new PackageEntry.Grant(owner, List.of(PackagePermission.RELEASE, PackagePermission.YANK)),
                        new PackageEntry.Revoke(key.keyId(), List.of(PackagePermission.YANK))));
    }

    private void require(PackagePermission permission, PackageLog.State before) throws NotInCustody {
        if (!before.permissions(key.keyId()).contains(permission)) {
            throw new NotInCustody(permission, key);
        }
    }

    /** The last author may have a clock ahead of ours; time in a log never runs backwards. */
    private PackageRecord record(PackageLog.State before, List<PackageEntry> entries) {
        LogHead head = before.head().orElse(null);
        @Nullable RecordId prev = head == null ? null : head.recordId();
        Instant time = head != null && head.time().isAfter(now) ? head.time() : now;
        return new PackageRecord(prev, 0, time, entries);
    }
}
