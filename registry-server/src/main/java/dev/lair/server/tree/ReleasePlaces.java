package dev.lair.server.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.LogId;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.springframework.stereotype.Component;

/**
 * At which leaf a version was released. Read from the package's records, which never change, so that each is read once as
 * long as its package is remembered: what somebody asks for first costs the whole package.
 */
@Component
final class ReleasePlaces {

    private static final int PAGE = 1000;

    /** About 200 MiB with ordinary version texts, if ever so many are asked for. */
    private static final long KEPT_RELEASES = 1_000_000;

    private final Ledger ledger;
    private final Cache<LogId, Places> known = Caffeine.newBuilder()
            .maximumWeight(KEPT_RELEASES)
            .weigher((LogId log, Places places) -> 1 + places.leaves().size())
            .build();

    /** The releases of the log below {@code nextIndex}. */
    private record Places(PMap<SemVer, Long> leaves, long nextIndex) {}

    ReleasePlaces(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The leaf of the record that released this version, in the tree of this size. */
    OptionalLong find(LogId log, SemVer version, long treeSize) {
        Places places = known.getIfPresent(log);
        Long leaf = places == null ? null : places.leaves().get(version);
        if (leaf == null) {
            places = known.asMap().compute(log, (id, before) -> extended(id, before, treeSize));
            leaf = places == null ? null : places.leaves().get(version);
        }
        return leaf == null || leaf >= treeSize ? OptionalLong.empty() : OptionalLong.of(leaf);
    }

    /** Null for a log without records: strangers may ask for any name, and none of those is worth a place. */
    private @Nullable Places extended(LogId log, @Nullable Places before, long treeSize) {
        PMap<SemVer, Long> leaves = before == null ? HashTreePMap.empty() : before.leaves();
        long from = before == null ? 0 : before.nextIndex();
        while (from < treeSize) {
            List<LedgerEntry> page = ledger.logEntries(log, from, treeSize, PAGE);
            for (LedgerEntry entry : page) {
                for (PackageEntry said : decode(entry).contents().entries()) {
                    if (said instanceof PackageEntry.Release release) {
                        leaves = leaves.plus(release.version(), entry.leafIndex());
                    }
                }
                from = entry.leafIndex() + 1;
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return from == 0 ? null : new Places(leaves, from);
    }

    private static SignedPackageRecord decode(LedgerEntry entry) {
        try {
            return SignedPackageRecord.decode(entry.record());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(
                    "the stored record at leaf " + entry.leafIndex() + " is not valid: " + e.getMessage(), e);
        }
    }
}
