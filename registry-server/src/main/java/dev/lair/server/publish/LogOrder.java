package dev.lair.server.publish;

import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Verifier;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of one package log that are on their way, in the order in which they may follow each other. A record whose
 * {@code prev} is still on its way is taken and waits for it, so that clients can send a row of releases without waiting
 * (warg protocol, section 5, point 4). A record that waits for its upload locks nothing: another that extends the same
 * head may overtake it, and it is then rejected when its turn comes.
 *
 * <p>Pure bookkeeping, guarded by the caller's lock on the log.
 */
final class LogOrder {

    /** A record that was taken. {@code after} is the log's state if it and all before it are appended. */
    static final class Waiting {
        private final PublishRequest request;
        private final PackageLog.State after;
        private final Set<Digest> missing;
        private boolean judged;

        Waiting(PublishRequest request, PackageLog.State after, Set<Digest> missing) {
            this.request = request;
            this.after = after;
            this.missing = new HashSet<>(missing);
        }

        PublishRequest request() {
            return request;
        }

        RecordId id() {
            return request.record().id();
        }

        @Nullable
        RecordId prev() {
            return request.record().contents().prev();
        }

        Set<Digest> missing() {
            return Set.copyOf(missing);
        }

        void arrived(Digest content) {
            missing.remove(content);
        }

        /** It came, and that could not be written down. */
        void lacks(Digest content) {
            missing.add(content);
        }

        /** The gate said all that it will ever say, and has no objection. Forgotten with the process: then it is asked again. */
        void judged() {
            judged = true;
        }
    }

    private final LogId log;
    private final Verifier verifier;
    private PackageLog.State tip;
    private final Map<RecordId, Waiting> waiting = new LinkedHashMap<>();

    /** {@code tip} is the state after the last record that was handed to the ledger. */
    LogOrder(LogId log, PackageLog.State tip, Verifier verifier) {
        this.log = log;
        this.tip = tip;
        this.verifier = verifier;
    }

    LogId log() {
        return log;
    }

    PackageLog.State tip() {
        return tip;
    }

    /** The ledger tells another truth than we remembered. What waits is still right about the state it would lead to. */
    void continueFrom(PackageLog.State truth) {
        tip = truth;
    }

    int waitingRecords() {
        return waiting.size();
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    Optional<Waiting> find(RecordId id) {
        return Optional.ofNullable(waiting.get(id));
    }

    /** The state that this record says it follows; when it follows nothing that we know, the tip, which says so. */
    PackageLog.State stateBefore(SignedPackageRecord record) {
        RecordId prev = record.contents().prev();
        Waiting before = prev == null ? null : waiting.get(prev);
        return before == null ? tip : before.after;
    }

    /** The key that should have signed: known to the log, or the one that begins it. */
    static @Nullable PublicKey signerKey(SignedPackageRecord record, PackageLog.State before) {
        KeyId id = record.envelope().keyId();
        PublicKey known = before.key(id).orElse(null);
        if (known != null || record.contents().entries().isEmpty()) {
            return known;
        }
        return record.contents().entries().getFirst() instanceof PackageEntry.Init init
                        && init.key().keyId().equals(id)
                ? init.key()
                : null;
    }

    /** Takes a record; what the log's rules refuse is refused at once. */
    Waiting take(PublishRequest request, Set<Digest> missing) throws RecordRejected {
        SignedPackageRecord record = request.record();
        PackageLog.State after = stateBefore(record).append(record, verifier);
        Waiting taken = new Waiting(request, after, missing);
        waiting.put(record.id(), taken);
        return taken;
    }

    void drop(RecordId id) {
        waiting.remove(id);
    }

    /** A record that is complete and judged and whose turn it is; null when there is none. */
    @Nullable
    Waiting nextReady() {
        return next(true);
    }

    /**
     * A record that is complete and whose turn it is, but for the gate: when it was last looked at, something was missing that
     * it is compared with. All that stands before it is in the ledger's hands now. Null when there is none.
     */
    @Nullable
    Waiting nextUnjudged() {
        return next(false);
    }

    private @Nullable Waiting next(boolean judged) {
        for (Waiting candidate : waiting.values()) {
            if (candidate.judged == judged && candidate.missing.isEmpty() && followsTip(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** {@code ready} was handed to the ledger: the log continues behind it. */
    void handedOn(Waiting ready) {
        waiting.remove(ready.id());
        tip = ready.after;
    }

    /** Forgets the records whose turn can never come, because another took their place, and says what the log says. */
    Map<Waiting, RecordRejected> dropOvertaken() {
        Map<Waiting, RecordRejected> overtaken = new LinkedHashMap<>();
        for (Waiting left : List.copyOf(waiting.values())) {
            RecordId prev = left.prev();
            boolean prevWaits = prev != null && waiting.containsKey(prev);
            if (!prevWaits && !followsTip(left)) {
                waiting.remove(left.id());
                overtaken.put(left, verdictAtTip(left));
            }
        }
        return overtaken;
    }

    private boolean followsTip(Waiting candidate) {
        RecordId head = tip.head().map(LogHead::recordId).orElse(null);
        return Objects.equals(candidate.prev(), head);
    }

    private RecordRejected verdictAtTip(Waiting left) {
        try {
            tip.append(left.request().record(), verifier);
        } catch (RecordRejected e) {
            return e;
        }
        throw new IllegalStateException("a record that does not follow the tip cannot be appended to it");
    }
}
