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
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * Every package log as the publisher sees it: a lock, and behind it the log's order of records on their way. State is
 * replayed from the ledger when it is not at hand, through the same rules as everything else.
 */
@Component
final class PackageLogs {

    private static final int PAGE = 1000;
    private static final int KEPT_STATES = 10_000;

    /** Two logs may share a lock, which costs a wait and never a fault. */
    private static final int STRIPES = 1024;

    private final Ledger ledger;
    private final Verifier verifier;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Cache<LogId, PackageLog.State> idle =
            Caffeine.newBuilder().maximumSize(KEPT_STATES).build();

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

    <T, X extends Exception> T locked(LogId id, Work<T, X> work) throws X {
        Stripe stripe = stripes[Math.floorMod(id.hashCode(), STRIPES)];
        stripe.lock.lock();
        try {
            LogOrder log = stripe.busy.computeIfAbsent(id, this::open);
            try {
                return work.on(log);
            } finally {
                // Not when the work had the log forgotten: its tip is no truth then.
                if (log.isIdle() && stripe.busy.remove(id, log)) {
                    idle.put(id, log.tip());
                }
            }
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Forgets what is remembered of this log: the ledger refused what we took to be its next record. */
    void forget(LogId id) {
        Stripe stripe = stripes[Math.floorMod(id.hashCode(), STRIPES)];
        stripe.lock.lock();
        try {
            stripe.busy.remove(id);
            idle.invalidate(id);
        } finally {
            stripe.lock.unlock();
        }
    }

    private LogOrder open(LogId id) {
        PackageLog.State known = idle.getIfPresent(id);
        return new LogOrder(known == null ? replay(id) : known, verifier);
    }

    private PackageLog.State replay(LogId id) {
        PackageLog.State state = PackageLog.State.EMPTY;
        long from = 0;
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
                return state;
            }
        }
    }
}
