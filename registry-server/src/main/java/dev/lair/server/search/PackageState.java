package dev.lair.server.search;

import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The releases of a package below a tree size, and which of them speak for it. Records were checked when they came; one that
 * cannot be read says nothing.
 *
 * @param releases each version once
 */
record PackageState(PackageName name, List<Release> releases) {

    private static final Logger LOG = LoggerFactory.getLogger(PackageState.class);

    /** Stable before pre-release, then the higher one. */
    private static final Comparator<Release> PREFERRED = Comparator.<Release, Boolean>comparing(
                    release -> !release.version().isPreRelease())
            .thenComparing(Release::version);

    /** One release. */
    record Release(SemVer version, Digest content, Instant time, boolean isYanked) {}

    /** Reads a log; empty for one that is no package's, or has released nothing. */
    static Optional<PackageState> read(LedgerStore ledger, LogId log, long treeSize) {
        Optional<PackageName> name = ledger.logName(log).map(PackageName::parse);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Map<SemVer, Release> releases = new HashMap<>();
        long from = 0;
        while (true) {
            List<LedgerEntry> page = ledger.logEntries(log, from, treeSize, SearchLimits.PAGE_OF_LEDGER);
            for (LedgerEntry entry : page) {
                add(releases, entry);
                from = entry.leafIndex() + 1;
            }
            if (page.size() < SearchLimits.PAGE_OF_LEDGER) {
                break;
            }
        }
        return releases.isEmpty()
                ? Optional.empty()
                : Optional.of(new PackageState(name.get(), List.copyOf(releases.values())));
    }

    private static void add(Map<SemVer, Release> releases, LedgerEntry entry) {
        SignedPackageRecord record;
        try {
            record = SignedPackageRecord.decode(entry.record());
        } catch (MalformedRecordException noRelease) {
            // For fsck to find.
            LOG.debug("record passed over leaf={}: {}", entry.leafIndex(), noRelease.getMessage());
            return;
        }
        for (PackageEntry said : record.contents().entries()) {
            if (said instanceof PackageEntry.Release release) {
                releases.put(
                        release.version(),
                        new Release(
                                release.version(),
                                release.content(),
                                record.contents().time(),
                                false));
            } else if (said instanceof PackageEntry.Yank yank) {
                releases.computeIfPresent(
                        yank.version(),
                        (version, release) -> new Release(version, release.content(), release.time(), true));
            }
        }
    }

    boolean isYankedWhole() {
        return releases.stream().allMatch(Release::isYanked);
    }

    /** The release that is shown: the newest that is not yanked, or the newest of all when every one is. */
    Release shown() {
        return standing().stream().max(PREFERRED).orElseThrow();
    }

    /** The newest release of each of the next few version tracks, without pre-releases. */
    List<Release> older() {
        Release shown = shown();
        Set<String> tracks = new HashSet<>(Set.of(track(shown)));
        List<Release> older = new ArrayList<>();
        for (Release each : standing().stream().sorted(PREFERRED.reversed()).toList()) {
            if (each.version().isPreRelease() || older.size() == SearchLimits.OLDER_TRACKS) {
                break;
            }
            if (tracks.add(track(each))) {
                older.add(each);
            }
        }
        return older;
    }

    private List<Release> standing() {
        return isYankedWhole()
                ? releases
                : releases.stream().filter(each -> !each.isYanked()).toList();
    }

    private static String track(Release release) {
        return SemanticVersion.tryParse(release.version().toString())
                .map(SemanticVersion::track)
                .orElse(release.version().toString());
    }
}
