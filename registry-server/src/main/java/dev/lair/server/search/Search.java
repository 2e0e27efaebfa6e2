package dev.lair.server.search;

import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.api.SearchDocuments.Suggestions;
import dev.lair.server.gate.Examinations;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.Storage;
import dev.lair.storage.registry.RegistryStore;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/**
 * Search over what a published checkpoint covers. The index follows the logs on a thread of its own, which nobody who publishes
 * waits for: a release is found about a second behind its checkpoint.
 */
@Service
public final class Search {

    private static final Logger LOG = LoggerFactory.getLogger(Search.class);

    private final Ledger ledger;
    private final boolean isOn;
    private final @Nullable OpenedIndex opened;
    private final @Nullable LedgerFollower follower;

    /** Held by whoever writes the index. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
            .daemon()
            .name("search-index")
            .priority(Thread.MIN_PRIORITY)
            .factory());

    private long quietUntil = System.nanoTime();
    private long committedAt = System.nanoTime();
    private boolean isCommitted = true;

    Search(LairSettings settings, Ledger ledger, Storage storage, RegistryStore registry, Examinations examinations) {
        this.ledger = ledger;
        this.opened = settings.search().enabled() ? open(settings) : null;
        this.isOn = opened != null;
        if (opened != null) {
            follower = new LedgerFollower(
                    storage.ledger(),
                    storage.evidence(),
                    new Cards(
                            content -> {
                                try {
                                    return Optional.of(examinations.facts(content));
                                } catch (ContentNotFoundException lost) {
                                    return Optional.empty();
                                }
                            },
                            registry),
                    opened.index());
            follower.dropIfForeign(ledger.publishedSize(), ledger.publishedEvidenceSize());
        } else {
            follower = null;
        }
    }

    /** Null when it cannot be: what is derived keeps no registry from its work. */
    private static @Nullable OpenedIndex open(LairSettings settings) {
        try {
            return OpenedIndex.open(settings);
        } catch (IOException e) {
            LOG.error("no search on this node: its index cannot be opened (lair.search.folder): {}", e.getMessage(), e);
            return null;
        }
    }

    /** From now on the index follows by itself. */
    @EventListener
    void begin(ApplicationReadyEvent ready) {
        if (isOn) {
            long every = (ledger.isShared() ? SearchLimits.LOOK_SHARED : SearchLimits.LOOK).toMillis();
            var unused = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        if (System.nanoTime() - quietUntil < 0 || !writing.tryLock()) {
            return;
        }
        try {
            follow(false);
        } catch (RuntimeException e) {
            quietUntil = System.nanoTime() + SearchLimits.AFTER_FAILURE.toNanos();
            LOG.warn("search index not brought up to date, it is tried again: {}", e.getMessage(), e);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Returns when everything is found that a published checkpoint covered at the call.
     *
     * @throws RuntimeException when it could not be; what was indexed so far stays
     */
    public void catchUp() {
        writing.lock();
        try {
            follow(true);
        } finally {
            writing.unlock();
        }
    }

    /** Called under the lock. */
    private void follow(boolean commits) {
        if (follower == null || opened == null || opened.isClosed()) {
            return;
        }
        long leaves = ledger.publishedSize();
        long evidence = ledger.publishedEvidenceSize();
        while (!follower.isAt(leaves, evidence) && !Thread.currentThread().isInterrupted()) {
            follower.step(leaves, evidence);
            isCommitted = false;
        }
        if (!isCommitted && (commits || System.nanoTime() - committedAt > SearchLimits.COMMIT.toNanos())) {
            opened.index().commit();
            isCommitted = true;
            committedAt = System.nanoTime();
        }
    }

    /** Whether this node has an index. */
    public boolean isOn() {
        return isOn;
    }

    /** Leaves of the ledger that searches know of; at most the published size, and behind it for a moment. */
    public long treeSize() {
        if (opened == null) {
            return 0;
        }
        View view = opened.index().view();
        try {
            return view.treeSize();
        } finally {
            view.release();
        }
    }

    /**
     * One page of what is found.
     *
     * @throws QueryRefused when the query or the cursor cannot be read
     * @throws IllegalStateException when this node has no index
     */
    public Results search(SearchRequest request) throws QueryRefused {
        try (Held held = held()) {
            return new Searching(held.view()).results(request);
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be read", e);
        }
    }

    /**
     * Names that begin so.
     *
     * @param limit 1 to 100
     */
    public Suggestions suggest(String prefix, int limit) {
        try (Held held = held()) {
            return new Searching(held.view()).suggestions(prefix, limit);
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be read", e);
        }
    }

    private record Held(View view) implements AutoCloseable {
        @Override
        public void close() {
            view.release();
        }
    }

    private Held held() {
        if (opened == null) {
            throw new IllegalStateException("this node has no search index (lair.search.enabled)");
        }
        return new Held(opened.index().view());
    }

    @PreDestroy
    void stop() throws IOException {
        thread.shutdownNow();
        writing.lock();
        try {
            if (opened != null && !opened.isClosed()) {
                try {
                    opened.index().commit();
                } finally {
                    opened.close();
                }
            }
        } finally {
            writing.unlock();
        }
    }
}
