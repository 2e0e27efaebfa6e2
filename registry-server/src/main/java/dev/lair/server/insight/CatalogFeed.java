package dev.lair.server.insight;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.facts.InterfaceUses;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.registry.CatalogRows.DependencyRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.State;
import dev.lair.storage.registry.CatalogWriting;
import dev.lair.storage.registry.CatalogWriting.NewRelease;
import dev.lair.storage.registry.CatalogWriting.NewUse;
import dev.lair.storage.registry.CatalogWriting.NewYank;
import dev.lair.storage.registry.CatalogWriting.News;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger in leaf order and writes what follows from it into the catalog, a few leaves in one transaction together
 * with how far it came.
 *
 * <p><b>Crashes.</b> One leaves the catalog at the end of a step; the next call goes on there. Nodes that take the same step
 * write it once: who finds that another was quicker drops its own.
 */
final class CatalogFeed {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogFeed.class);

    /** Leaves of a step. A leaf may release contents whose facts are megabytes, of which the rows are held meanwhile. */
    private static final int STEP = 64;

    /** The longest description that a list shows; the release's document has it whole. */
    private static final int DESCRIPTION_CHARACTERS = 300;

    /** What the catalog is made from. */
    interface Source {

        /** Entries {@code [from, until)}. */
        List<LedgerEntry> entries(long from, long until);

        /** The package of a log. */
        Optional<String> nameOf(LogId log);

        /** What is known of a content; empty when it is lost. */
        Optional<ContentFacts> facts(Digest content);
    }

    private final Source source;
    private final RegistryStore store;

    CatalogFeed(Source source, RegistryStore store) {
        this.source = source;
        this.store = store;
    }

    /** How far the catalog is. */
    State state() {
        return store.read(rows -> rows.catalog().state());
    }

    /**
     * Forgets a catalog that was made from another ledger: a backup may hold databases of two moments, and a restored ledger
     * goes on with other records than the catalog has read.
     */
    void requireSameLedger() {
        State state = state();
        if (state.leaves() == 0) {
            return;
        }
        List<LedgerEntry> last = source.entries(state.leaves() - 1, state.leaves());
        if (last.isEmpty() || !last.getFirst().recordId().toString().equals(state.lastRecord())) {
            LOG.warn("the catalog was made from another ledger and is made again catalog.leaves={}", state.leaves());
            clear();
        }
    }

    void clear() {
        store.write(rows -> {
            rows.catalog().writing().clear();
            return null;
        });
    }

    /** Takes one step towards {@code until} leaves; false when the catalog is there already. */
    boolean step(long until) {
        State before = state();
        if (before.leaves() >= until) {
            return false;
        }
        List<LedgerEntry> entries = source.entries(before.leaves(), Math.min(before.leaves() + STEP, until));
        if (entries.isEmpty()) {
            return false;
        }
        List<News> news = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (!entry.logId().equals(OperatorLog.LOG_ID)) {
                news.addAll(news(entry));
            }
        }
        LedgerEntry last = entries.getLast();
        return store.write(rows -> {
            CatalogWriting writing = rows.catalog().writing();
            if (writing.advance(before, last.leafIndex() + 1, last.recordId().toString())) {
                news.forEach(each -> write(writing, each));
            }
            return true;
        });
    }

    private static void write(CatalogWriting writing, News each) {
        switch (each) {
            case NewRelease release -> writing.release(release, CatalogFeed::latest);
            case NewYank yank -> writing.yank(yank, CatalogFeed::latest);
        }
    }

    /** The highest release, else the highest pre-release. */
    static String latest(List<String> versions) {
        return versions.stream()
                .map(SemVer::parse)
                .max(Comparator.comparing((SemVer version) -> !version.isPreRelease())
                        .thenComparing(Comparator.naturalOrder()))
                .map(SemVer::toString)
                .orElse("");
    }

    private List<News> news(LedgerEntry entry) {
        PackageName name;
        SignedPackageRecord record;
        try {
            name = PackageName.parse(source.nameOf(entry.logId()).orElse(""));
            record = SignedPackageRecord.decode(entry.record());
        } catch (MalformedNameException | MalformedRecordException e) {
            // No door takes such a record, and it says nothing about any release; if it was damaged, fsck finds it.
            LOG.debug("record passed over ledger.leaf_index={}: {}", entry.leafIndex(), e.getMessage());
            return List.of();
        }
        List<News> news = new ArrayList<>();
        for (PackageEntry said : record.contents().entries()) {
            if (said instanceof PackageEntry.Release release) {
                news.add(release(name, entry, record, release));
            } else if (said instanceof PackageEntry.Yank yank) {
                news.add(new NewYank(name.toString(), yank.version().toString(), entry.leafIndex()));
            }
        }
        return news;
    }

    private NewRelease release(
            PackageName name, LedgerEntry entry, SignedPackageRecord record, PackageEntry.Release release) {
        Optional<ContentFacts> facts = source.facts(release.content());
        return new NewRelease(
                name.toString(),
                name.namespace().value(),
                release.version().toString(),
                release.content(),
                facts.map(ContentFacts::sizeBytes).orElse(-1L),
                facts.map(ContentFacts::kind).orElse(Catalog.UNKNOWN_KIND),
                entry.recordId().toString(),
                entry.leafIndex(),
                entry.record().keyId().toString(),
                record.contents().time(),
                facts.map(CatalogFeed::description).orElse(""),
                facts.map(CatalogFeed::uses).orElse(List.of()),
                facts.map(CatalogFeed::dependencies).orElse(List.of()));
    }

    private static String description(ContentFacts facts) {
        String text = facts.metadata().description();
        if (text == null) {
            return "";
        }
        // A database refuses NUL in text, and half of a character is none.
        String clean = text.replace('\0', ' ').strip();
        int end =
                clean.offsetByCodePoints(0, Math.min(DESCRIPTION_CHARACTERS, clean.codePointCount(0, clean.length())));
        return clean.substring(0, end);
    }

    private static List<NewUse> uses(ContentFacts facts) {
        return InterfaceUses.of(facts).stream()
                .map(use -> new NewUse(
                        use.item(),
                        use.track().text(),
                        switch (use.role()) {
                            case EXPORTS -> Role.EXPORTS;
                            case IMPORTS -> Role.IMPORTS;
                            case DEFINES -> Role.DEFINES;
                        },
                        use.named()))
                .toList();
    }

    private static List<DependencyRow> dependencies(ContentFacts facts) {
        return facts.dependencies().stream()
                .map(each -> new DependencyRow(each.name(), each.version() == null ? "" : each.version(), each.how()))
                .toList();
    }
}
