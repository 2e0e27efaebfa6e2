package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.Ledger;
import dev.lair.signing.KeyId;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.springframework.stereotype.Component;

/**
 * The releases of each package as its committed records have them. Records never change and were checked when they came, so
 * each is read once as long as its package is remembered, and no rule is applied again.
 */
@Component
final class PackageReleases {

    private static final int PAGE = 1000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Ledger ledger;
    private final Cache<LogId, Known> known = Caffeine.newBuilder()
            .maximumWeight(GateLimits.KEPT_RELEASES)
            .weigher((LogId log, Known releases) -> 1 + releases.releases().size())
            .build();

    /**
     * One release.
     *
     * @param place its place among all entries of the log: one record may yank and release, and the order counts
     * @param yankedAt leaf of the record that yanked it; {@link Long#MAX_VALUE} when none did
     * @param yankedBy place of the entry that yanked it; {@link Long#MAX_VALUE} when none did
     */
    record Entry(
            SemVer version,
            Digest content,
            RecordId record,
            KeyId keyId,
            Instant time,
            long leafIndex,
            long place,
            long yankedAt,
            long yankedBy) {

        Entry yanked(long leafIndexOfYank, long placeOfYank) {
            return new Entry(version, content, record, keyId, time, leafIndex, place, leafIndexOfYank, placeOfYank);
        }

        boolean isYankedIn(long treeSize) {
            return yankedAt < treeSize;
        }
    }

    /** The releases of a log below {@code nextIndex}, and how many entries those records have. */
    record Known(PMap<SemVer, Entry> releases, long nextIndex, long entries) {

        static final Known NOTHING = new Known(HashTreePMap.empty(), 0, 0);

        /** Looks at a release, beside what stands before it. */
        interface Look {
            void at(Entry release, Standing before);
        }

        Known with(LedgerEntry entry) {
            try {
                return with(entry, SignedPackageRecord.decode(entry.record()));
            } catch (MalformedRecordException e) {
                throw new IllegalStateException(
                        "the stored record at leaf " + entry.leafIndex() + " is not valid: " + e.getMessage(), e);
            }
        }

        Known with(LedgerEntry entry, SignedPackageRecord record) {
            PMap<SemVer, Entry> next = releases;
            long place = entries;
            for (PackageEntry said : record.contents().entries()) {
                if (said instanceof PackageEntry.Release release) {
                    next = next.plus(
                            release.version(),
                            new Entry(
                                    release.version(),
                                    release.content(),
                                    entry.recordId(),
                                    entry.record().keyId(),
                                    record.contents().time(),
                                    entry.leafIndex(),
                                    place,
                                    NEVER,
                                    NEVER));
                } else if (said instanceof PackageEntry.Yank yank) {
                    Entry yanked = next.get(yank.version());
                    if (yanked != null) {
                        next = next.plus(yank.version(), yanked.yanked(entry.leafIndex(), place));
                    }
                }
                place++;
            }
            return new Known(next, entry.leafIndex() + 1, place);
        }

        /** What stood before a release in its log, without what was yanked by then: as when it was published. */
        Standing before(Entry entry) {
            Standing standing = new Standing();
            for (Entry each : releases.values()) {
                if (each.place() < entry.place() && each.yankedBy() > entry.place()) {
                    standing.add(each.version(), each.content());
                }
            }
            return standing;
        }

        /** All releases in the order of the log, each beside what stood before it; one walk for all. */
        void forEach(Look look) {
            NavigableMap<Long, Entry> yanks = new TreeMap<>();
            releases.values().stream()
                    .filter(each -> each.yankedBy() != NEVER)
                    .forEach(each -> yanks.put(each.yankedBy(), each));
            Standing standing = new Standing();
            releases.values().stream()
                    .sorted(Comparator.comparingLong(Entry::place))
                    .forEach(release -> {
                        NavigableMap<Long, Entry> past = yanks.headMap(release.place(), false);
                        past.values().forEach(yanked -> standing.withdraw(yanked.version()));
                        past.clear();
                        look.at(release, standing);
                        standing.add(release.version(), release.content());
                    });
        }
    }

    PackageReleases(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The release of a version, in the tree of this size. */
    Optional<Entry> find(LogId log, SemVer version, long treeSize) {
        Entry entry = upTo(log, treeSize).releases().get(version);
        return Optional.ofNullable(entry).filter(found -> found.leafIndex() < treeSize);
    }

    /** Every release in the tree of this size, yanked ones too. */
    Collection<Entry> below(LogId log, long treeSize) {
        return upTo(log, treeSize).releases().values().stream()
                .filter(entry -> entry.leafIndex() < treeSize)
                .toList();
    }

    /** What stood before a release that {@link #find} gave. */
    Standing before(LogId log, Entry entry) {
        return upTo(log, entry.leafIndex() + 1).before(entry);
    }

    /** Every release, yanked ones too, that is committed now. */
    Collection<Entry> all(LogId log) {
        return upTo(log, ledger.committedSize()).releases().values();
    }

    private Known upTo(LogId log, long treeSize) {
        Known before = known.getIfPresent(log);
        if (before != null && before.nextIndex() >= treeSize) {
            return before;
        }
        Known now = known.asMap().compute(log, (id, old) -> extended(id, old, treeSize));
        return now == null ? Known.NOTHING : now;
    }

    /** Null for a log without records: strangers may ask for any name, and none of those is worth a place. */
    private @Nullable Known extended(LogId log, @Nullable Known old, long treeSize) {
        Known found = old == null ? Known.NOTHING : old;
        while (found.nextIndex() < treeSize) {
            List<LedgerEntry> page = ledger.logEntries(log, found.nextIndex(), treeSize, PAGE);
            for (LedgerEntry entry : page) {
                found = found.with(entry);
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        return found.nextIndex() == 0 ? null : found;
    }
}
