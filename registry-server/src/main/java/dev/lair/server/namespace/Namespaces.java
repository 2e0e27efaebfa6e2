package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorLog.NamespaceState;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signer;
import dev.lair.signing.Verifier;
import dev.lair.storage.LedgerEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * The operator log of this registry: what it says now, and the one way to add to it. A record is its own credential: it
 * is signed by a key to which the log gives the permission, so no other authority is asked.
 */
@Service
public final class Namespaces {

    private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);
    private static final int PAGE = 1000;

    /** How long at least a checkpoint over an operator record is waited for: several rounds of its witnesses. */
    private static final Duration COVERED_WITHIN = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final OperatorKeys keys;
    private final OperatorAdmission admission;
    private final Verifier verifier;
    private volatile OperatorLog.State state;

    /** How often other nodes were seen to append operator records, and how many of these {@link #state} has. */
    private final AtomicLong foreign = new AtomicLong();

    private volatile long applied;

    private final ReentrantLock stateLock = new ReentrantLock();
    private final ReentrantLock appendLock = new ReentrantLock();
    private final Duration coveredWithin;

    Namespaces(
            Ledger ledger,
            OperatorKeys keys,
            OperatorAdmission admission,
            Verifier verifier,
            Clock clock,
            LairSettings settings)
            throws OperatorRecordRefused {
        this.ledger = ledger;
        this.keys = keys;
        this.admission = admission;
        this.verifier = verifier;
        Duration answerWithin = settings.publish().answerWithin();
        this.coveredWithin = answerWithin.compareTo(COVERED_WITHIN) > 0 ? answerWithin : COVERED_WITHIN;
        ledger.onForeign(leaves -> {
            if (leaves.stream().anyMatch(leaf -> leaf.logId().equals(OperatorLog.LOG_ID))) {
                foreign.incrementAndGet();
            }
        });
        keys.beforeUse(this::refreshIfForeign);
        this.state = replay();
        start(settings.namespaces(), clock);
    }

    /** Begins or continues the log; where several nodes start at once, who comes second continues. */
    private void start(List<String> namespaces, Clock clock) throws OperatorRecordRefused {
        while (true) {
            try {
                if (state.head().isEmpty()) {
                    begin(namespaces, clock);
                } else {
                    useSigner(signerFor(state, state));
                    defineMissing(namespaces, clock);
                }
                return;
            } catch (LedgerException.HeadMoved e) {
                if (!ledger.isShared()) {
                    throw e;
                }
                ledger.catchUp();
                state = replay();
            }
        }
    }

    /** What the operator log says, every durable record included. */
    public OperatorLog.State operatorLog() {
        if (ledger.isShared()) {
            ledger.catchUp();
            refreshIfForeign();
        }
        return state;
    }

    /** What this registry says of a namespace; empty when it is not defined. */
    public Optional<NamespaceState> find(Namespace namespace) {
        refreshIfForeign();
        Optional<NamespaceState> known = state.namespace(namespace);
        // Another node may have defined it a moment ago; a miss is rare enough to look.
        return known.isPresent() || !ledger.isShared() ? known : operatorLog().namespace(namespace);
    }

    /** Returns with a state that has all that was seen before the call: also who finds somebody else replaying waits. */
    private void refreshIfForeign() {
        if (applied < foreign.get()) {
            refresh();
        }
    }

    /** Not under the lock of {@link #append}, which is held while the sequencer commits. */
    private void refresh() {
        boolean signs = false;
        stateLock.lock();
        try {
            long seen = foreign.get();
            if (applied < seen) {
                state = replay();
                // Behind the replay: after one that failed the next who asks tries again.
                applied = seen;
                Optional<Signer> signer = keys.signerAcross(state, state);
                signer.ifPresent(keys::use);
                signs = signer.isPresent();
            }
        } finally {
            stateLock.unlock();
        }
        if (signs) {
            // Not under the lock: the publisher asks for its signer under its own, and waits for ours then.
            ledger.checkpointSoon();
        }
    }

    private void advance(OperatorLog.State next) {
        stateLock.lock();
        try {
            state = ledger.isShared() ? replay() : next;
        } finally {
            stateLock.unlock();
        }
    }

    /**
     * Appends an operator record and answers its leaf index, once a checkpoint covers it; when none does within
     * {@code lair.publish.answer-within}, and at least two seconds, the record is durable and waits for its checkpoint.
     *
     * @throws OperatorRecordRefused by this registry's rules, by the log's, or because no key of this server could sign
     *     checkpoints any more
     * @throws LedgerException.Busy while another operator record is being written; nothing was
     */
    public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
        // Before the lock too: anybody may post here, and who is refused anyway must not stand in the way of the
        // operator.
        admission.check(record);
        refreshIfForeign();
        next(record);
        lockForAppend();
        Appended appended;
        long leafIndex;
        try {
            appended = appendLocked(record);
            leafIndex = appended.leafIndex().join();
        } finally {
            appendLock.unlock();
        }
        boolean covered = awaitCovered(appended);
        LOG.info(
                "operator record appended record.id={} leaf_index={} key.id={} covered={}",
                record.id(),
                leafIndex,
                record.envelope().keyId(),
                covered);
        if (!covered) {
            LOG.warn(
                    "no checkpoint covers the operator record yet: nothing signs, or too few witnesses answer"
                            + " (lair.witness.mode=closed); it is shown as soon as one does leaf_index={}",
                    leafIndex);
        }
        return leafIndex;
    }

    /**
     * Has the operator log define a namespace, signed by the key that signs checkpoints; does nothing when it has it already.
     *
     * @throws OperatorRecordRefused when the name is imported or reserved, or that key may not define
     */
    void define(Namespace namespace, Clock clock) throws OperatorRecordRefused {
        while (true) {
            Optional<NamespaceState> known = operatorLog().namespace(namespace);
            if (known.isPresent()) {
                if (known.get() instanceof NamespaceState.Imported imported) {
                    throw new OperatorRecordRefused("the namespace `" + namespace + "` is imported from `"
                            + imported.registry() + "`: its packages are there");
                }
                return;
            }
            lockForAppend();
            Appended appended;
            try {
                refreshIfForeign();
                if (state.namespace(namespace).isPresent()) {
                    continue;
                }
                SignedOperatorRecord record =
                        following(List.of(new OperatorEntry.DefineNamespace(namespace.value())), clock);
                admission.check(record);
                appended = appendLocked(record);
            } catch (LedgerException.HeadMoved e) {
                if (!ledger.isShared()) {
                    throw e;
                }
                // Another node was faster; its record is looked at first.
                continue;
            } finally {
                appendLock.unlock();
            }
            awaitCovered(appended);
            return;
        }
    }

    /** A record behind the last one, signed by ourselves. */
    private SignedOperatorRecord following(List<OperatorEntry> entries, Clock clock) throws OperatorRecordRefused {
        LogHead head = state.head().orElseThrow();
        // The last record's author may have a clock ahead of ours; time in a log never runs backwards.
        Instant now = clock.instant();
        Instant time = head.time().isAfter(now) ? head.time() : now;
        return SignedOperatorRecord.sign(
                new OperatorRecord(head.recordId(), 0, time, entries), signerFor(state, state));
    }

    private OperatorLog.State next(SignedOperatorRecord record) throws OperatorRecordRefused {
        try {
            return state.append(record, verifier);
        } catch (RecordRejected e) {
            throw new OperatorRecordRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private void lockForAppend() {
        try {
            if (!appendLock.tryLock(coveredWithin.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LedgerException.Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException.Busy();
        }
    }

    /** The record is durable when this returns. */
    private Appended appendLocked(SignedOperatorRecord record) throws OperatorRecordRefused {
        refreshIfForeign();
        OperatorLog.State next = next(record);
        // Before the commit: the sequencer signs the moment the record is in, and the old key may hold nothing by then.
        Optional<Signer> previous = keys.current();
        Signer signer = signerFor(state, next);
        if (previous.isPresent()) {
            useSigner(signer);
        }
        Appended appended = ledger.append(new NewRecord(
                OperatorLog.LOG_ID, record.id(), record.contents().prev(), record.envelope(), null, List.of()));
        try {
            appended.leafIndex().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException ledgerException) {
                throw ledgerException;
            }
            throw e;
        }
        advance(next);
        useSigner(signer);
        return appended;
    }

    /** Not for ever: witnesses that nobody reaches would keep a start from listening, and with it from saying so. */
    private boolean awaitCovered(Appended appended) {
        try {
            appended.covered().get(coveredWithin.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LedgerException ledgerException) {
                throw ledgerException;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Signer signerFor(OperatorLog.State before, OperatorLog.State after) throws OperatorRecordRefused {
        return keys.signerAcross(before, after)
                .orElseThrow(() -> new OperatorRecordRefused("no key in this server's key store holds `commit` both"
                        + " before and after this record, so no checkpoint could be signed; grant the new key first,"
                        + " then revoke the old one"));
    }

    private void useSigner(Signer signer) {
        keys.use(signer);
        ledger.checkpointSoon();
    }

    private OperatorLog.State replay() {
        OperatorLog.State replayed = OperatorLog.State.EMPTY;
        long from = 0;
        while (true) {
            List<LedgerEntry> page = ledger.logEntries(OperatorLog.LOG_ID, from, Long.MAX_VALUE, PAGE);
            for (LedgerEntry entry : page) {
                try {
                    replayed = replayed.append(SignedOperatorRecord.decode(entry.record()), verifier);
                } catch (RecordRejected | MalformedRecordException e) {
                    throw new IllegalStateException(
                            "the stored operator record at leaf " + entry.leafIndex() + " is not valid: "
                                    + e.getMessage(),
                            e);
                }
                from = entry.leafIndex() + 1;
            }
            if (page.size() < PAGE) {
                return replayed;
            }
        }
    }

    /** The first record of a new registry: the key, and the namespaces that the configuration names. */
    private void begin(List<String> namespaces, Clock clock) throws OperatorRecordRefused {
        PrivateKey key = keys.first();
        List<OperatorEntry> entries = new ArrayList<>();
        entries.add(new OperatorEntry.Init(key.publicKey()));
        namespaces.stream().distinct().forEach(name -> entries.add(new OperatorEntry.DefineNamespace(name)));
        append(SignedOperatorRecord.sign(new OperatorRecord(null, 0, clock.instant(), entries), key));
        LOG.info("operator log begun key.id={} namespaces={}", key.keyId(), namespaces);
    }

    private void defineMissing(List<String> namespaces, Clock clock) throws OperatorRecordRefused {
        List<OperatorEntry> entries = new ArrayList<>();
        for (String name : new LinkedHashSet<>(namespaces)) {
            if (state.namespace(new Namespace(name)).isEmpty()) {
                entries.add(new OperatorEntry.DefineNamespace(name));
            }
        }
        if (!entries.isEmpty()) {
            append(following(entries, clock));
        }
    }
}
