package dev.lair.server.publish;

import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.ledger.NewRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records that were handed to the ledger and that no checkpoint covers yet. */
final class InFlight {

    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    private final Ledger ledger;
    private final PackageLogs logs;
    private final Listener listener;
    private final Map<RecordId, Handed> handed = new ConcurrentHashMap<>();

    private record Handed(LogId log, Appended appended) {}

    /** Told before whoever waits for the record, on the ledger's threads: it must not wait. */
    interface Listener {

        /** The record is durable in the ledger. */
        void durable(RecordId id);

        /** The record is on its way no longer; {@code isCovered} when a checkpoint has it. */
        void ended(PublishRequest request, boolean isCovered);
    }

    InFlight(Ledger ledger, PackageLogs logs, Listener listener) {
        this.ledger = ledger;
        this.logs = logs;
        this.listener = listener;
    }

    boolean contains(RecordId id) {
        return handed.containsKey(id);
    }

    /** What the ledger promised to a record of this log; empty when it is covered, or was never handed on. */
    Optional<Appended> find(LogId log, RecordId id) {
        return Optional.ofNullable(handed.get(id))
                .filter(onItsWay -> onItsWay.log().equals(log))
                .map(Handed::appended);
    }

    /** Returns when the ledger has appended or refused what it has in hand of a log; it takes no lock of a log for that. */
    void awaitSettled(LogId log) {
        for (Handed onItsWay : handed.values()) {
            if (onItsWay.log().equals(log)) {
                onItsWay.appended().leafIndex().exceptionally(refused -> -1L).join();
            }
        }
    }

    /** Hands a record to the ledger, whose refusals are thrown. Who waits for the promises waits for our bookkeeping too. */
    Appended append(LogId log, LogOrder.Waiting ready) {
        RecordId id = ready.id();
        PublishRequest request = ready.request();
        Appended promise = ledger.append(new NewRecord(
                log,
                id,
                ready.prev(),
                request.record().envelope(),
                request.packageName(),
                Intake.releases(request.record())));
        CompletableFuture<Long> durable = promise.leafIndex().whenComplete((leafIndex, failure) -> {
            if (failure != null) {
                LOG.warn("record not appended record.id={} reason=\"{}\"", id, failure.getMessage());
                // In this order: who finds nothing in flight finds the log stale.
                logs.reread(log);
                handed.remove(id);
            } else {
                listener.durable(id);
            }
        });
        CompletableFuture<SignedCheckpoint> covered = promise.covered().whenComplete((checkpoint, failure) -> {
            handed.remove(id);
            listener.ended(request, failure == null);
        });
        Appended appended = new Appended(durable, covered);
        handed.put(id, new Handed(log, appended));
        if (promise.covered().isDone()) {
            // It may have been removed before it was there.
            handed.remove(id);
        }
        return appended;
    }

    /**
     * Waits until the record is in the ledger; false when another record came first. Where other nodes write too the lock
     * on a log is held until then, because the next look at it reads the ledger.
     */
    static boolean isDurable(Appended promise) {
        try {
            promise.leafIndex().join();
            return true;
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException.HeadMoved) {
                return false;
            }
            if (e.getCause() instanceof LedgerException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
