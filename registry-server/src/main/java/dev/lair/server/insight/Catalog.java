package dev.lair.server.insight;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.server.gate.Examinations;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.problem.BusyException;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.StorageException;
import dev.lair.storage.registry.CatalogRows;
import dev.lair.storage.registry.CatalogRows.ChangeRow;
import dev.lair.storage.registry.CatalogRows.DependantRow;
import dev.lair.storage.registry.CatalogRows.DependencyRow;
import dev.lair.storage.registry.CatalogRows.InterfaceRow;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import dev.lair.storage.registry.CatalogRows.Role;
import dev.lair.storage.registry.CatalogRows.UseRow;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * What is published, as lists: packages, releases, who uses which interface, who refers to whom, what changed. Every answer
 * knows at least all that a published checkpoint covered when it was asked for: what is missing is read from the ledger first,
 * so that whoever was told `published` finds it here, through whichever node.
 *
 * <p>Pages are asked for by the number behind which they begin: {@link #FIRST} for the first, and what the last row of a page
 * says for the next.
 */
@Service
public final class Catalog {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    /** Of a release whose content is lost. */
    public static final String UNKNOWN_KIND = "unknown";

    /** Asks for the first page. */
    public static final long FIRST = Long.MAX_VALUE;

    /** A step may wait for a content to be looked at; what it leaves undone is done by the next start. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private static final Duration FOLLOW_EVERY = Duration.ofMillis(500);

    /** A database that is away keeps everybody waiting who asks it: this is not one of them all the time. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    /** How long a reader waits for what others have begun to read from the ledger; after a start that may be much. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final RegistryStore store;
    private final CatalogFeed feed;
    private final ReentrantLock feeding = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread follower;

    /** Leaves that the catalog has for sure; where another may clear it, it is asked each time. */
    private volatile long known;

    private volatile boolean isCompared;

    Catalog(Ledger ledger, RegistryStore store, Examinations examinations) {
        this.ledger = ledger;
        this.store = store;
        this.feed = new CatalogFeed(source(ledger, examinations), store);
        this.follower = Thread.ofPlatform().name("catalog").daemon().start(this::follow);
    }

    private static CatalogFeed.Source source(Ledger ledger, Examinations examinations) {
        return new CatalogFeed.Source() {
            @Override
            public List<LedgerEntry> entries(long from, long until) {
                return ledger.entries(from, until);
            }

            @Override
            public Optional<String> nameOf(LogId log) {
                return ledger.logName(log);
            }

            @Override
            public Optional<ContentFacts> facts(Digest content) {
                try {
                    return Optional.of(examinations.facts(content));
                } catch (ContentNotFoundException lost) {
                    return Optional.empty();
                }
            }
        };
    }

    /** Reads on without being asked, so that who asks need not wait. */
    private void follow() {
        try {
            Duration pause = FOLLOW_EVERY;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = readOn() ? FOLLOW_EVERY : AFTER_FAILURE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the storage does not answer, or the ledger's end is not known. */
    private boolean readOn() {
        try {
            long published = ledger.publishedSize();
            if ((isCompared && leaves() >= published) || !feeding.tryLock()) {
                return true;
            }
            try {
                compare();
                while (closed.getCount() > 0 && feed.step(published)) {
                    // On to the next.
                }
                known = feed.state().leaves();
            } finally {
                feeding.unlock();
            }
            return true;
        } catch (BusyException | StorageException | IllegalStateException e) {
            LOG.warn("the catalog is not up to date, trying again reason=\"{}\"", e.getMessage());
            return false;
        }
    }

    /** The storage closes behind this. */
    @PreDestroy
    void stop() throws InterruptedException {
        closed.countDown();
        if (!follower.join(ENDS_WITHIN)) {
            LOG.info("the catalog is brought up to date by the next start");
        }
    }

    /** As at a start: the next look finds out whether the catalog is of this ledger. */
    void compareAgain() {
        isCompared = false;
    }

    private long leaves() {
        return ledger.isShared() ? feed.state().leaves() : known;
    }

    /** Called with the lock. */
    private void compare() {
        if (!isCompared) {
            feed.requireSameLedger();
            isCompared = true;
        }
    }

    /**
     * Returns when the catalog knows all that is published now; answers with how much that is.
     *
     * @throws CatalogBehindException when that takes too long
     */
    public long catchUp() {
        long published = ledger.publishedSize();
        if (isCompared && leaves() >= published) {
            return published;
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        boolean isMine = false;
        try {
            isMine = feeding.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (!isMine) {
                throw new CatalogBehindException();
            }
            compare();
            while (feed.step(published)) {
                if (System.nanoTime() - until > 0) {
                    throw new CatalogBehindException();
                }
            }
            known = Math.max(known, published);
            return published;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogBehindException();
        } finally {
            if (isMine) {
                feeding.unlock();
            }
        }
    }

    private <T> T look(Function<CatalogRows, T> look) {
        catchUp();
        return store.read(rows -> look.apply(rows.catalog()));
    }

    /** Packages by their newest release, newest first; the next page is behind {@link PackageRow#newestRelease}. */
    public List<PackageRow> newest(long below, int limit) {
        return look(rows -> rows.newest(below, limit));
    }

    /** The same of one namespace. */
    public List<PackageRow> newestOf(String namespace, long below, int limit) {
        return look(rows -> rows.newestOf(namespace, below, limit));
    }

    /** A package that has a release. */
    public Optional<PackageRow> find(PackageName name) {
        return look(rows -> rows.find(name.toString()));
    }

    /** Releases of a package, newest first, yanked ones too; the next page is behind {@link ReleaseRow#number}. */
    public List<ReleaseRow> releases(PackageName name, long below, int limit) {
        return look(rows -> rows.releases(name.toString(), below, limit));
    }

    /** Releases of all packages, newest first. */
    public List<ReleaseRow> newestReleases(long below, int limit) {
        return look(rows -> rows.newestReleases(below, limit));
    }

    /** A release, and what it refers to. */
    public record Listed(ReleaseRow release, List<DependencyRow> dependencies) {}

    /** All releases of a package in the order of the ledger; empty for a package without any. */
    public List<Listed> index(PackageName name) {
        return look(rows -> {
            // Releases first: what is added meanwhile is passed over, whole.
            List<ReleaseRow> releases = rows.releases(name.toString(), FIRST, Integer.MAX_VALUE);
            Map<Long, List<DependencyRow>> dependencies = rows.dependenciesOf(name.toString());
            return releases.reversed().stream()
                    .map(each -> new Listed(each, dependencies.getOrDefault(each.number(), List.of())))
                    .toList();
        });
    }

    /** One release. */
    public Optional<ReleaseRow> release(PackageName name, SemVer version) {
        return look(rows -> rows.release(name.toString(), version.toString()));
    }

    /** What a release refers to. */
    public List<DependencyRow> dependencies(ReleaseRow release) {
        return look(rows -> rows.dependencies(release.number()));
    }

    /**
     * Releases that refer to a package, newest first; the next page is behind {@link DependantRow#number} and
     * {@link DependantRow#place}, the first behind {@link #FIRST} and 0.
     */
    public List<DependantRow> dependants(PackageName name, long afterRelease, long afterPlace, int limit) {
        return look(rows -> rows.dependants(name.toString(), afterRelease, afterPlace, limit));
    }

    /** How many packages refer to one, in whichever release. */
    public long dependantPackages(PackageName name) {
        return look(rows -> rows.dependantPackages(name.toString()));
    }

    /** Interfaces that a release exports, imports or defines. */
    public List<UseRow> usesOf(PackageName name, SemVer version) {
        return look(rows -> rows.usesOf(name.toString(), version.toString()));
    }

    /**
     * Releases that do something with an interface, newest first; the next page is behind {@link UseRow#number}.
     *
     * @param item {@code ns:pkg/iface}
     * @param track as {@link dev.lair.registry.VersionTrack} writes it
     */
    public List<UseRow> users(String item, String track, Role role, long below, int limit) {
        return look(rows -> rows.users(item, track, role, below, limit));
    }

    /** All roles together: how many lines there are. */
    public long uses(String item, String track) {
        return look(rows -> rows.uses(item, track));
    }

    /** The same of the first {@code leaves} leaves of the ledger. */
    public long uses(String item, String track, long leaves) {
        return look(rows -> rows.usesBelow(item, track, leaves));
    }

    /** Interfaces on their tracks that a release has to do with. */
    public List<InterfaceRow> itemsOf(PackageName name, SemVer version) {
        return look(rows -> rows.itemsOf(name.toString(), version.toString()));
    }

    /** Lines {@code [from, until)} of all roles, newest first. */
    public List<UseRow> uses(String item, String track, long from, long until) {
        return look(rows -> rows.uses(item, track, from, until));
    }

    /** Tracks of an interface. */
    public List<String> tracks(String item) {
        return look(rows -> rows.tracks(item));
    }

    /** Interfaces on their tracks behind one, by name; the first page is behind two empty texts. */
    public List<InterfaceRow> interfaces(String afterItem, String afterTrack, int limit) {
        return look(rows -> rows.interfaces(afterItem, afterTrack, limit));
    }

    /** Number of the next change, or that of a moment ago where the catalog cannot be brought up to date now. */
    public long changesSoFar() {
        try {
            catchUp();
        } catch (BusyException behind) {
            LOG.debug("the head of the changes is told from a moment ago: {}", behind.getMessage());
        }
        return feed.state().changes();
    }

    /** Number of the next change: changes below it are there. */
    public long changes() {
        return look(rows -> rows.state().changes());
    }

    /** The same of the first {@code leaves} leaves of the ledger. */
    public long changes(long leaves) {
        return look(rows -> rows.changesBelow(leaves));
    }

    /** Changes {@code [from, until)}, the oldest first. */
    public List<ChangeRow> changes(long from, long until) {
        return look(rows -> rows.changes(from, until));
    }
}
