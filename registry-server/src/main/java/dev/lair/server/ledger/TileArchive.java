package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies full tiles and full entry bundles of both logs to the archive once a published checkpoint covers them, so that a
 * bucket and a cache before it can serve them without us (transparency log, section 4, point 4). It works behind the
 * publisher, on threads of its own, and never holds it up: an archive that fails is tried again, with pauses that grow.
 *
 * <p>A crash leaves whole objects in the order of {@link ArchivedLog}, and the next start, here or on another node, goes
 * on behind the last seal. Several nodes may copy at once: who comes second finds the same bytes. Other bytes mean that a
 * second history is told under one name, which ends the ledger.
 */
final class TileArchive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TileArchive.class);

    private final Optional<Archive> archive;
    private final Copied main;
    private final Copied evidence;
    private final Standing standing;
    private final ExecutorService puts = Executors.newFixedThreadPool(
            ArchivedLog.BATCH,
            Thread.ofPlatform().name("tile-archive-put-", 0).daemon().factory());
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private Goal goal = new Goal(0, 0);
    private boolean closing;

    /** Sizes of the two published trees. */
    private record Goal(long treeSize, long evidenceSize) {}

    /** How far a log is copied; owned by the one thread that copies. */
    private static final class Copied {
        private final ArchivedLog log;

        /** The next step; negative while it is not known. */
        private long next = -1;

        Copied(ArchivedLog log) {
            this.log = log;
        }
    }

    TileArchive(Optional<Archive> archive, ArchivedLog main, ArchivedLog evidence, Standing standing) {
        this.archive = archive;
        this.main = new Copied(main);
        this.evidence = new Copied(evidence);
        this.standing = standing;
        this.thread = Thread.ofPlatform().name("tile-archive").daemon().unstarted(this::run);
    }

    /** Begins with what earlier runs left to do. */
    void start(long treeSize, long evidenceSize) {
        offer(treeSize, evidenceSize);
        if (archive.isPresent()) {
            thread.start();
        }
    }

    /** These sizes are published. Returns at once. */
    void offer(long treeSize, long evidenceSize) {
        lock.lock();
        try {
            goal = new Goal(Math.max(goal.treeSize(), treeSize), Math.max(goal.evidenceSize(), evidenceSize));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Goal done = new Goal(0, 0);
        Duration pause = Duration.ZERO;
        long toldAt = System.nanoTime() - Limits.ARCHIVE_TOLD_EVERY.toNanos();
        try {
            while (awaitMore(done, pause)) {
                Goal next = goal();
                try {
                    copy(next.treeSize(), next.evidenceSize());
                    done = next;
                    pause = Duration.ZERO;
                } catch (ArchiveConflictException e) {
                    stop(e);
                    return;
                } catch (RuntimeException e) {
                    // Also a fault of ours: what is copied is derived, and nothing else depends on it.
                    pause = longer(pause);
                    if (System.nanoTime() - toldAt >= Limits.ARCHIVE_TOLD_EVERY.toNanos()) {
                        toldAt = System.nanoTime();
                        LOG.warn("tiles wait to be copied to the archive, trying again: {}", e.getMessage(), e);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("copying tiles to the archive was interrupted; the next start goes on with it");
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.isZero() ? Limits.FIRST_ARCHIVE_PAUSE : pause.multipliedBy(2);
        return twice.compareTo(Limits.LONGEST_ARCHIVE_PAUSE) < 0 ? twice : Limits.LONGEST_ARCHIVE_PAUSE;
    }

    private void stop(ArchiveConflictException conflict) {
        Corrupt fork = new Corrupt(
                "the archive holds other tiles than this ledger: " + conflict.getMessage()
                        + "; two histories were told under one name",
                conflict);
        LOG.error("the ledger stopped: {}", fork.getMessage(), fork);
        standing.stop(new Stopped("the archive holds another history; the operator must look at it", fork));
    }

    private Goal goal() {
        lock.lock();
        try {
            return goal;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is more to copy, and for the pause behind a failure; false when the server closes. */
    private boolean awaitMore(Goal done, Duration pause) throws InterruptedException {
        long until = System.nanoTime() + pause.toNanos();
        lock.lock();
        try {
            while (!closing && !standing.hasStopped()) {
                long left = until - System.nanoTime();
                boolean isMore = !goal.equals(done);
                if (isMore && left <= 0) {
                    return true;
                }
                if (isMore) {
                    long unused = changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Copies all that trees of these sizes complete. For one thread. */
    void copy(long treeSize, long evidenceSize) throws ArchiveConflictException, InterruptedException {
        if (archive.isPresent()) {
            copy(archive.get(), main, ArchivedLog.steps(treeSize));
            copy(archive.get(), evidence, ArchivedLog.steps(evidenceSize));
        }
    }

    private void copy(Archive into, Copied copied, long until) throws ArchiveConflictException, InterruptedException {
        if (copied.next < 0) {
            copied.next = sealed(into, copied.log, until);
        }
        while (copied.next < until && !isClosing()) {
            long end = Math.min(until, (copied.next / ArchivedLog.BATCH + 1) * ArchivedLog.BATCH);
            boolean isWhole = end - copied.next == ArchivedLog.BATCH;
            // Another node may be ahead.
            if (!isWhole || !ArchivedLog.isThere(into, copied.log.tile(end - 1))) {
                put(into, copied.log, copied.next, end);
            }
            copied.next = end;
        }
    }

    /** The first step behind the last seal: some 20 look-ups in a log of 2^31 entries. */
    private static long sealed(Archive archive, ArchivedLog log, long steps) throws ArchiveConflictException {
        long low = 0;
        long high = steps / ArchivedLog.BATCH;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (ArchivedLog.isThere(archive, log.tile((middle + 1) * ArchivedLog.BATCH - 1))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low * ArchivedLog.BATCH;
    }

    /** Puts these steps of one batch: all at once, but the seal behind all else. */
    private void put(Archive into, ArchivedLog log, long from, long until)
            throws ArchiveConflictException, InterruptedException {
        List<ArchivedLog.Item> items = new ArrayList<>();
        for (long step = from; step < until; step++) {
            items.addAll(log.before(step));
            if (!ArchivedLog.endsBatch(step)) {
                items.add(log.tile(step));
            }
        }
        List<Future<Boolean>> under = items.stream()
                .map(item -> puts.submit(
                        () -> into.putIfAbsent(item.path(), item.bytes().get())))
                .toList();
        ExecutionException failure = null;
        for (Future<Boolean> one : under) {
            try {
                one.get();
            } catch (ExecutionException e) {
                // A fork is worse news than an archive that does not answer.
                failure = failure == null || e.getCause() instanceof ArchiveConflictException ? e : failure;
            }
        }
        if (failure != null) {
            throw unwrapped(failure);
        }
        if (ArchivedLog.endsBatch(until - 1)) {
            ArchivedLog.Item seal = log.tile(until - 1);
            into.putIfAbsent(seal.path(), seal.bytes().get());
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) throws ArchiveConflictException {
        if (e.getCause() instanceof ArchiveConflictException conflict) {
            throw conflict;
        }
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the batch that is under way; what is left is copied by the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (thread.isAlive() && !thread.join(Limits.ARCHIVE_CLOSES_WITHIN)) {
                LOG.warn("the archive does not answer; the next start goes on with what is not copied");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        puts.shutdown();
    }
}
