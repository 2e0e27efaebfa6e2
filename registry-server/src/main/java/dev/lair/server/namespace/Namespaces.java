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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final Ledger ledger;
    private final OperatorKeys keys;
    private final OperatorAdmission admission;
    private final Verifier verifier;
    private volatile OperatorLog.State state;

    /** Another node appended an operator record that {@link #state} does not have yet. */
    private final AtomicBoolean foreign = new AtomicBoolean();

    private final ReentrantLock stateLock = new ReentrantLock();

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
        ledger.onForeign(leaves -> {
            if (leaves.stream().anyMatch(leaf -> leaf.logId().equals(OperatorLog.LOG_ID))) {
                foreign.set(true);
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

    private void refreshIfForeign() {
        if (foreign.get()) {
            refresh();
        }
    }

    /** Not under this object's monitor: a thread in {@link #append} holds that while it waits for the publisher. */
    private void refresh() {
        stateLock.lock();
        try {
            if (foreign.getAndSet(false)) {
                state = replay();
                keys.signerAcross(state, state).ifPresent(this::useSigner);
            }
        } finally {
            stateLock.unlock();
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
     * Appends an operator record and answers its leaf index, once a checkpoint covers it.
     *
     * @throws OperatorRecordRefused by this registry's rules, by the log's, or because no key of this server could sign
     *     checkpoints any more
     */
    public synchronized long append(SignedOperatorRecord record) throws OperatorRecordRefused {
        admission.check(record);
        refreshIfForeign();
        OperatorLog.State next;
        try {
            next = state.append(record, verifier);
        } catch (RecordRejected e) {
            throw new OperatorRecordRefused(String.valueOf(e.getMessage()), e);
        }
        // Before the commit: the sequencer signs the moment the record is in, and the old key may hold nothing by then.
        Optional<Signer> previous = keys.current();
        Signer signer = signerFor(state, next);
        if (previous.isPresent()) {
            useSigner(signer);
        }
        Appended appended = ledger.append(new NewRecord(
                OperatorLog.LOG_ID, record.id(), record.contents().prev(), record.envelope(), null, List.of()));
        long leafIndex;
        try {
            leafIndex = appended.leafIndex().join();
            advance(next);
            useSigner(signer);
            appended.covered().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException ledgerException) {
                throw ledgerException;
            }
            throw e;
        }
        LOG.info(
                "operator record appended record.id={} leaf_index={} key.id={}",
                record.id(),
                leafIndex,
                record.envelope().keyId());
        return leafIndex;
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
            Signer signer = signerFor(state, state);
            LogHead head = state.head().orElseThrow();
            // The last record's author may have a clock ahead of ours; time in a log never runs backwards.
            Instant now = clock.instant();
            Instant time = head.time().isAfter(now) ? head.time() : now;
            append(SignedOperatorRecord.sign(new OperatorRecord(head.recordId(), 0, time, entries), signer));
        }
    }
}
