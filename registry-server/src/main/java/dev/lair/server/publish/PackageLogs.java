package dev.lair.server.publish;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.Ledger;
import dev.lair.signing.Verifier;
import dev.lair.storage.LedgerEntry;
import dev.lair.transparency.LogId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * Every package log as the publisher sees it: a lock, and behind it the log's order of records on their way. State is
 * replayed from the ledger when it is not at hand, through the same rules as everything else.
 *
 * <p>Where other nodes write too, nothing but replayed records is remembered between two looks: each opens the log anew,
 * from the ledger and from the stored submissions. The lock then only keeps this node's own threads apart, and the ledger
 * decides between nodes.
 */
@Component
final class PackageLogs {

    private static final int PAGE = 1000;

    /** Logs and releases whose states are kept, each some hundred bytes: one huge log must not weigh as an empty one. */
    private static final long KEPT_WEIGHT = 100_000;

    /**
     * Two logs may share a lock, which costs a wait and never a fault. Where other nodes write, a log is locked until its
     * record is durable, so there are many more than publishes at once.
     */
    private static final int STRIPES = 8192;

    private final Ledger ledger;
    private final Verifier verifier;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Set<LogId> stale = ConcurrentHashMap.newKeySet();
    private final Cache<LogId, Replayed> replayed = Caffeine.newBuilder()
            .maximumWeight(KEPT_WEIGHT)
            .<LogId, Replayed>weigher((id, log) -> weight(log.state()))
            .build();
    private final Cache<LogId, PackageLog.State> idle = Caffeine.newBuilder()
            .maximumWeight(KEPT_WEIGHT)
            .<LogId, PackageLog.State>weigher((id, state) -> weight(state))
            .build();

    private volatile Function<LogId, Consumer<LogOrder>> stored = id -> order -> {};
    private volatile Consumer<LogId> settle = id -> {};

    /** A replayed log, and the first leaf index behind it. */
    private record Replayed(PackageLog.State state, long nextIndex) {

        static final Replayed NOTHING = new Replayed(PackageLog.State.EMPTY, 0);
    }

    private static final class Stripe {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<LogId, LogOrder> busy = new HashMap<>();
    }

    /** Work on one log while nobody else does. */
    interface Work<T, X extends Exception> {
        T on(LogOrder log) throws X;
    }

    PackageLogs(Ledger ledger, Verifier verifier) {
        this.ledger = ledger;
        this.verifier = verifier;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Has what waits added to each log that is opened anew: {@code read} is called before the ledger is read, and what it
     * answers behind it. In this order a record that is committed meanwhile is met twice, and never missed.
     */
    void onOpen(Function<LogId, Consumer<LogOrder>> read) {
        stored = read;
    }

    /** What a state weighs in memory: one for the log, one for each release. */
    static int weight(PackageLog.State state) {
        return 1 + state.releaseCount();
    }

    /**
     * Has {@code wait} called under a log's lock before the log is replayed: it returns when the ledger has appended or
     * refused what it has in hand of this log. A replay before that would not know a record that is about to be appended,
     * and every record behind it would be refused.
     */
    void beforeReread(Consumer<LogId> wait) {
        settle = wait;
    }

    <T, X extends Exception> T locked(LogId id, Work<T, X> work) throws X {
        Stripe stripe = stripes[Math.floorMod(id.hashCode(), STRIPES)];
        stripe.lock.lock();
        try {
            if (ledger.isShared()) {
                Consumer<LogOrder> fill = stored.apply(id);
                LogOrder log = new LogOrder(id, truth(id), verifier);
                fill.accept(log);
                return work.on(log);
            }
            refreshIfStale(id, stripe);
            LogOrder log = stripe.busy.computeIfAbsent(id, this::open);
            try {
                return work.on(log);
            } finally {
                if (log.isIdle()) {
                    stripe.busy.remove(id);
                    idle.put(id, log.tip());
                }
            }
        } finally {
            stripe.lock.unlock();
        }
    }

    /**
     * Looks at a log on which something is on its way; an idle log is not opened for it. Of no use where other nodes write
     * too: what waits is in the store.
     */
    <T> Optional<T> peek(LogId id, Function<LogOrder, Optional<T>> look) {
        Stripe stripe = stripes[Math.floorMod(id.hashCode(), STRIPES)];
        stripe.lock.lock();
        try {
            LogOrder log = stripe.busy.get(id);
            return log == null ? Optional.empty() : look.apply(log);
        } finally {
            stripe.lock.unlock();
        }
    }

    /**
     * Has the log replayed before anybody looks at it again: the ledger did not append what we took for its next record.
     * Records that wait keep waiting. Takes no lock, so that the sequencer may call it.
     */
    void reread(LogId id) {
        stale.add(id);
    }

    /** Called under the lock. */
    private void refreshIfStale(LogId id, Stripe stripe) {
        boolean isStale = false;
        while (stale.remove(id)) {
            isStale = true;
            // What fails meanwhile makes the log stale again.
            settle.accept(id);
        }
        if (isStale) {
            idle.invalidate(id);
            LogOrder log = stripe.busy.get(id);
            if (log != null) {
                log.continueFrom(truth(id));
            }
        }
    }

    private LogOrder open(LogId id) {
        PackageLog.State known = idle.getIfPresent(id);
        return new LogOrder(id, known == null ? truth(id) : known, verifier);
    }

    /** The log as the ledger has it now. Records never change, so only those behind the ones read before are read. */
    PackageLog.State truth(LogId id) {
        Replayed before = replayed.get(id, none -> Replayed.NOTHING);
        Replayed now = replay(id, before);
        replayed.put(id, now);
        return now.state();
    }

    private Replayed replay(LogId id, Replayed before) {
        PackageLog.State state = before.state();
        long from = before.nextIndex();
        while (true) {
            List<LedgerEntry> page = ledger.logEntries(id, from, Long.MAX_VALUE, PAGE);
            for (LedgerEntry entry : page) {
                try {
                    state = state.append(SignedPackageRecord.decode(entry.record()), verifier);
                } catch (RecordRejected | MalformedRecordException e) {
                    throw new IllegalStateException(
                            "the stored record at leaf " + entry.leafIndex() + " is not valid: " + e.getMessage(), e);
                }
                from = entry.leafIndex() + 1;
            }
            if (page.size() < PAGE) {
                return new Replayed(state, from);
            }
        }
    }
}
