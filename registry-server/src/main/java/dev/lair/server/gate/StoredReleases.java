package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.component.validate.FeatureSet;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ContentFacts.Dependency;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every release of a registry that is opened without its server, and today's judgement of each: what {@code lair rebuild}
 * keeps and {@code lair recheck} compares with what was kept. Reads records and contents only, one content at a time; holds
 * the releases of every package in memory.
 */
final class StoredReleases {

    private static final Logger LOG = LoggerFactory.getLogger(StoredReleases.class);
    private static final int PAGE = 1000;

    /** Takes one release after the other, by package, in the order of its log. */
    interface Visitor {
        void visit(PackageName name, PackageReleases.Entry release, Standing before);
    }

    private final LedgerStore ledger;
    private final ContentStore contents;
    private final FeatureSet features;
    private final ReleaseRules rules;
    private final Cache<Digest, Examined> known = Caffeine.newBuilder()
            .maximumWeight(GateLimits.REMEMBERED_WORK)
            .weigher((Digest digest, Examined examined) -> examined.weight())
            .build();

    StoredReleases(Storage storage, LairSettings settings) {
        this.ledger = storage.ledger();
        this.contents = storage.contents();
        this.features = settings.publish().featureSet();
        this.rules = new ReleaseRules(
                GatePolicy.of(settings.publish()).withoutDependencies(), new ReleaseRules.Surroundings() {
                    @Override
                    public Examined comparable(Digest content, Asker asker) throws ContentNotFoundException {
                        return examined(content);
                    }

                    @Override
                    public boolean isKnown(Dependency dependency) {
                        return true;
                    }
                });
    }

    void forEach(Visitor visitor) {
        byName().forEach((name, releases) ->
                releases.forEach((release, before) -> visitor.visit(name, release, before)));
    }

    private Map<PackageName, PackageReleases.Known> byName() {
        Map<LogId, PackageReleases.Known> logs = new HashMap<>();
        long size = ledger.state().treeSize();
        for (long from = 0; from < size; from += PAGE) {
            for (LedgerEntry entry : ledger.entries(from, Math.min(from + PAGE, size))) {
                if (!entry.logId().equals(OperatorLog.LOG_ID)) {
                    add(logs, entry);
                }
            }
        }
        Map<PackageName, PackageReleases.Known> named = new TreeMap<>();
        logs.forEach((log, releases) ->
                named.put(PackageName.parse(ledger.logName(log).orElseThrow()), releases));
        return named;
    }

    private static void add(Map<LogId, PackageReleases.Known> logs, LedgerEntry entry) {
        try {
            SignedPackageRecord record = SignedPackageRecord.decode(entry.record());
            logs.put(
                    entry.logId(),
                    logs.getOrDefault(entry.logId(), PackageReleases.Known.NOTHING)
                            .with(entry, record));
        } catch (MalformedRecordException noRelease) {
            // A damaged record is for fsck to find; it says nothing about any content.
            LOG.debug("record passed over leaf={}: {}", entry.leafIndex(), noRelease.getMessage());
        }
    }

    /** All that follows from the bytes of a content, found out now. */
    Examination examine(Digest content) throws ContentNotFoundException {
        Examination examination = contents.read(content, bytes -> Examination.of(bytes, features));
        known.put(content, examination.examined());
        return examination;
    }

    /** The same without the texts, found out in this run. */
    Examined examined(Digest content) throws ContentNotFoundException {
        Examined remembered = known.getIfPresent(content);
        return remembered != null ? remembered : examine(content).examined();
    }

    /** What today's rules say of a release whose content was examined. */
    ReleaseRules.Judgement judge(PackageName name, PackageReleases.Entry release, Standing before, Examined content) {
        return rules.contentObjection(content)
                .map(rules::refused)
                .orElseGet(() -> rules.judge(
                        new Candidate(name, release.version(), release.content(), before, Asker.of(release.keyId())),
                        content));
    }
}
