package dev.lair.server.witness;

import dev.lair.server.witness.Verdict.Reason;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.NoteSigner;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.VerifiedSignature;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.WitnessStore.Head;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.ProofRejected;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cosigns checkpoints of the logs that it knows, each only if it extends the one that it cosigned last (c2sp.org/tlog-witness;
 * transparency log, section 1).
 *
 * <p><b>Why this is safe.</b> A cosignature leaves this class only after the head that it is about is durable, by a
 * compare-and-set against the head that the proof was checked from. So of two futures that a log offers, at once or after a
 * crash, to one process or to two over the same store, one is kept and the other one gets no cosignature. A crash before
 * the write leaves nothing; a crash after it leaves a head whose cosignature nobody got: the log asks again, is told the
 * size by 409, and gets a new cosignature over the same head.
 *
 * <p><b>Time.</b> A cosignature says that no larger tree was seen up to its time. So for one log the times never go back,
 * whatever the clock does: a small step back is waited out by repeating the last time. After a large one the last time was
 * perhaps wrong, and going on with it would make old heads look fresh for as long as it is ahead: then nothing is cosigned.
 */
final class Witness {

    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

    /** How far the clock may be behind the last cosignature: more than a time server ever corrects at once. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(2);

    /**
     * For so long the same checkpoint gets the cosignatures that it got: anybody may send what anybody can read, and new ones
     * cost signatures and a synced write while the log itself waits.
     */
    private static final Duration SAME_ANSWER = Duration.ofSeconds(1);

    private final Map<String, Log> logs = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<NoteSigner> signers;
    private final WitnessStore store;
    private final Clock clock;

    /**
     * A log that we are a witness of; the lock makes its cosignatures one after the other, which keeps their times in order.
     *
     * @param last what was answered last, by this process
     */
    private record Log(List<NoteKey> keys, ReentrantLock lock, AtomicReference<@Nullable Answer> last) {}

    /** The cosignatures over this text, of which {@code head} was stored. */
    private record Answer(Head head, String text, long epochSeconds, Verdict.Cosigned verdict) {}

    /**
     * A witness.
     *
     * @param logKeys keys of the logs, each named as its log's origin; a log may have several
     * @param signers of cosignature types, at least one
     */
    Witness(List<NoteKey> logKeys, List<NoteSigner> signers, WitnessStore store, Clock clock) {
        for (NoteKey key : logKeys) {
            logs.computeIfAbsent(
                            key.name(),
                            origin -> new Log(new ArrayList<>(), new ReentrantLock(), new AtomicReference<>()))
                    .keys()
                    .add(key);
            origins.put(hashOf(key.name()), key.name());
        }
        this.signers = List.copyOf(signers);
        this.store = store;
        this.clock = clock;
    }

    /** How the monitoring side names a log. */
    static String hashOf(String origin) {
        return Digest.of(origin.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** The keys that verify our cosignatures. */
    List<NoteKey> keys() {
        return signers.stream().map(NoteSigner::key).toList();
    }

    /** The last head that was cosigned, as a note, of the log whose origin has this hash. */
    Optional<String> monitored(String originHash) {
        return Optional.ofNullable(origins.get(originHash)).flatMap(store::head).map(Head::note);
    }

    /** Answers a request; what it answers with cosignatures is durable. */
    Verdict addCheckpoint(byte[] body) {
        // Step 1: the request is one.
        AddCheckpointRequest request;
        CheckpointText offered;
        try {
            request = AddCheckpointRequest.parse(body);
            offered = CheckpointText.parse(request.checkpoint().text());
        } catch (MalformedNoteException | MalformedCheckpointException e) {
            return refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        // Step 2: we know the log.
        Log log = logs.get(offered.origin());
        if (log == null) {
            return refused(Reason.UNKNOWN_LOG, "this is no witness of `" + offered.origin() + "`");
        }
        // Step 3: it signed the checkpoint.
        List<VerifiedSignature> signed;
        SignedNote trusted;
        try {
            signed = request.checkpoint().verify(log.keys());
            trusted = onlyOf(log.keys(), request.checkpoint());
        } catch (NoteRejected e) {
            return refused(Reason.NOT_SIGNED, String.valueOf(e.getMessage()));
        }
        if (!offered.extensionLines().isEmpty() && !coverWholeText(signed)) {
            return refused(
                    Reason.NOT_SIGNED,
                    "extension lines are not covered by the ML-DSA signature of `" + offered.origin()
                            + "`: send its Ed25519 signature too");
        }
        // Step 4: the log does not shrink by its own account.
        if (request.oldSize() > offered.treeSize()) {
            return refused(
                    Reason.OLD_ABOVE_SIZE,
                    "the old size " + request.oldSize() + " is above the checkpoint's " + offered.treeSize());
        }
        log.lock().lock();
        try {
            return cosign(log, request, offered, trusted);
        } finally {
            log.lock().unlock();
        }
    }

    /** Whether one of these is over all lines. ML-DSA is not: whoever has such a checkpoint could add lines. */
    private static boolean coverWholeText(List<VerifiedSignature> signed) {
        return signed.stream()
                .flatMap(one -> one.key().type().stream())
                .anyMatch(type -> type != NoteKeyType.COSIGNATURE_ML_DSA_44);
    }

    private Verdict cosign(Log log, AddCheckpointRequest request, CheckpointText offered, SignedNote trusted) {
        while (true) {
            // Step 5: it starts from what we cosigned last.
            Optional<Head> head = store.head(offered.origin());
            long stored = head.map(Head::treeSize).orElse(0L);
            if (request.oldSize() != stored) {
                return new Verdict.Conflict(stored);
            }
            // Step 6: it extends that.
            try {
                requireConsistent(head, request, offered);
            } catch (ProofRejected e) {
                LOG.warn(
                        "not cosigned: no extension of the last head log.origin={} witness.size={} log.size={} reason=\"{}\"",
                        offered.origin(),
                        stored,
                        offered.treeSize(),
                        e.getMessage());
                return refused(Reason.NOT_CONSISTENT, String.valueOf(e.getMessage()));
            } catch (WrongStart e) {
                return refused(Reason.NOT_CONSISTENT, String.valueOf(e.getMessage()));
            }
            Answer last = log.last().get();
            if (last != null && head.equals(Optional.of(last.head())) && isStillGood(last, trusted.text())) {
                return last.verdict();
            }
            // Step 7: sign, in memory, at a time that is not before the last.
            OptionalLong time = time(offered.origin(), head);
            if (time.isEmpty()) {
                return refused(Reason.CLOCK_BEHIND, "this witness's clock is wrong; its operator must look after it");
            }
            List<NoteSignature> cosignatures = signers.stream()
                    .map(signer -> signer.sign(trusted.text(), time.getAsLong()))
                    .toList();
            Head next = new Head(
                    offered.treeSize(),
                    offered.root(),
                    trusted.with(cosignatures).format());
            // Step 8: check and store as one durable step, and only then let the cosignatures out.
            if (store.replace(offered.origin(), head, next)) {
                Verdict.Cosigned verdict = new Verdict.Cosigned(cosignatures);
                log.last().set(new Answer(next, trusted.text(), time.getAsLong(), verdict));
                return verdict;
            }
            // Another process over this store was quicker: what it stored is what counts now.
        }
    }

    /** Whether new cosignatures over this text would hardly tell more than the last ones. */
    private boolean isStillGood(Answer last, String text) {
        long age = clock.instant().getEpochSecond() - last.epochSeconds();
        return last.text().equals(text) && age <= SAME_ANSWER.toSeconds() && -age <= CLOCK_STEP.toSeconds();
    }

    /** A first checkpoint that claims what no first checkpoint can. */
    private static final class WrongStart extends Exception {
        private static final long serialVersionUID = 1L;

        WrongStart(String rule) {
            super(rule);
        }
    }

    private static void requireConsistent(Optional<Head> head, AddCheckpointRequest request, CheckpointText offered)
            throws ProofRejected, WrongStart {
        if (request.oldSize() > 0) {
            request.consistency(offered.treeSize())
                    .verify(
                            head.orElseThrow(() -> new IllegalStateException("a size without a head"))
                                    .root(),
                            offered.root());
            return;
        }
        // From nothing there is nothing to prove: any tree extends the empty one, which has one root.
        if (!request.proof().isEmpty()) {
            throw new WrongStart("a proof from size 0 has no hashes, this has "
                    + request.proof().size());
        }
        if (offered.treeSize() == 0 && !offered.root().equals(MerkleHash.EMPTY_ROOT)) {
            throw new WrongStart("the root of an empty tree is " + MerkleHash.EMPTY_ROOT.base64());
        }
    }

    /** Now, or the time of the last cosignature when that is a little later; empty when it is much later. */
    private OptionalLong time(String origin, Optional<Head> head) {
        long now = clock.instant().getEpochSecond();
        long last = head.map(this::cosignedAt).orElse(0L);
        if (last - now > CLOCK_STEP.toSeconds()) {
            LOG.error(
                    "not cosigned: the clock is behind the last cosignature log.origin={} clock.epoch_seconds={}"
                            + " last.epoch_seconds={}. Set the clock right; if the last time was the wrong one, this witness"
                            + " has to wait for it",
                    origin,
                    now,
                    last);
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(now, last));
    }

    /** When we cosigned this head; 0 when keys that we no longer have did. */
    private long cosignedAt(Head head) {
        try {
            return SignedNote.parse(head.note()).verify(keys()).stream()
                    .mapToLong(signature -> signature.epochSeconds().orElse(0))
                    .max()
                    .orElse(0);
        } catch (NoteRejected e) {
            if (e.reason() == NoteRejected.Reason.NO_TRUSTED_SIGNATURE) {
                return 0;
            }
            throw new IllegalStateException("the stored head is damaged: " + e.getMessage(), e);
        }
    }

    /** The verified note with one line of each of our keys: strangers could fill the store with others. */
    private static SignedNote onlyOf(List<NoteKey> keys, SignedNote note) {
        List<NoteSignature> kept = new ArrayList<>();
        for (NoteKey key : keys) {
            note.signatures().stream()
                    .filter(line -> line.keyId() == key.keyId() && line.name().equals(key.name()))
                    .findFirst()
                    .ifPresent(kept::add);
        }
        return new SignedNote(note.text(), kept);
    }

    private static Verdict refused(Reason reason, String message) {
        return new Verdict.Refused(reason, message);
    }
}
