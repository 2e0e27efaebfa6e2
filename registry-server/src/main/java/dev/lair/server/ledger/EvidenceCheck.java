package dev.lair.server.ledger;

import static dev.lair.server.ledger.LedgerCheck.requireEqual;

import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TileBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Derives the evidence log again, and compares it and the served notes with the signed checkpoints. */
final class EvidenceCheck {

    private final Storage storage;
    private final EvidenceStore evidence;
    private final LogIdentity identity;
    private final TileBuilder tiles = TileBuilder.resume(
            (level, index) -> {
                throw new IllegalStateException("an empty log has no nodes");
            },
            0);

    /** Leaves of the last checkpoint that was stated; -1 before the first. */
    private long statedSize = -1;

    private EvidenceCheck(Storage storage, LogIdentity identity) {
        this.storage = storage;
        this.evidence = storage.evidence();
        this.identity = identity;
    }

    /** Answers how many entries were checked. */
    static long run(Storage storage, LogIdentity identity) throws Difference {
        return new EvidenceCheck(storage, identity).run();
    }

    private long run() throws Difference {
        Optional<Publication> publication = storage.ledger().latestPublication();
        long noted = publication.map(one -> one.notes().evidenceSize()).orElse(0L);
        Frontier stored = evidence.state();
        Frontier frontier = Frontier.empty();
        RootHash notedRoot = Frontier.empty().root();
        while (frontier.treeSize() < stored.treeSize()) {
            long from = frontier.treeSize();
            List<byte[]> page = evidence.entries(from, Math.min(from + Limits.EVIDENCE_PAGE, stored.treeSize()));
            if (page.isEmpty()) {
                throw new Difference("evidence entry " + from + " is missing, " + stored.treeSize() + " are committed");
            }
            for (byte[] entry : page) {
                requireTrue(entry, frontier.treeSize());
                frontier = frontier.append(MerkleHash.leaf(entry), tiles);
                if (frontier.treeSize() == noted) {
                    notedRoot = frontier.root();
                }
            }
            requireTiles();
        }
        requireEqual("the root of the evidence log", stored.root(), frontier.root());
        if (publication.isPresent()) {
            requireNotes(publication.get(), notedRoot);
        }
        return frontier.treeSize();
    }

    /** What an entry states of a checkpoint that was published is what was signed; what is attested is in the log. */
    private void requireTrue(byte[] entry, long index) throws Difference {
        if (AttestationEvidence.isMarked(entry)) {
            requireCovered(entry, index);
        }
        if (!CheckpointEvidence.isMarked(entry)) {
            return;
        }
        CheckpointEvidence stated;
        try {
            stated = CheckpointEvidence.parse(entry);
        } catch (MalformedCheckpointException e) {
            throw new Difference("evidence entry " + index + " is malformed: " + e.getMessage());
        }
        statedSize = stated.treeSize();
        Optional<Checkpoint> signed = storage.ledger()
                .checkpoint(stated.treeSize())
                .map(SignedCheckpoint::contents)
                .map(contents -> contents.checkpoint());
        if (signed.isPresent() && !signed.get().equals(stated.checkpoint())) {
            throw new Difference(
                    "evidence entry " + index + " states " + stated.checkpoint() + ", signed was " + signed.get());
        }
    }

    /** The record is in the log, under a checkpoint that was stated before. */
    private void requireCovered(byte[] entry, long index) throws Difference {
        AttestationEvidence attested;
        try {
            attested = AttestationEvidence.parse(entry);
        } catch (MalformedCheckpointException e) {
            throw new Difference("evidence entry " + index + " is malformed: " + e.getMessage());
        }
        Optional<LedgerEntry> record = storage.ledger().entry(attested.recordId());
        if (record.isEmpty() || record.get().leafIndex() >= statedSize) {
            throw new Difference("evidence entry " + index + " attests record " + attested.recordId()
                    + ", which is not among the " + Math.max(0, statedSize) + " records stated before it");
        }
    }

    private void requireTiles() throws Difference {
        for (TileBuilder.Filled filled : tiles.takeFilled()) {
            byte[] stored = evidence.tile(filled.id().level(), filled.id().n()).orElse(null);
            if (!Arrays.equals(stored, filled.bytes())) {
                throw new Difference("full tile " + filled.id().n() + " of level "
                        + filled.id().level() + " of the evidence log "
                        + (stored == null ? "is missing" : "is not what its entries lead to"));
            }
        }
    }

    private void requireNotes(Publication publication, RootHash evidenceRoot) throws Difference {
        Checkpoint checkpoint = publication.checkpoint().contents().checkpoint();
        requireNote(
                "the log's note",
                publication.notes().log(),
                identity.log(),
                identity.generation(),
                checkpoint.logLength(),
                checkpoint.logRoot());
        requireNote(
                "the evidence log's note",
                publication.notes().evidence(),
                identity.evidence(),
                identity.generation(),
                publication.notes().evidenceSize(),
                evidenceRoot);
    }

    /** A registry that just gave up what it lost still shows the last note of the generation before. */
    private static void requireNote(String what, String note, LogKeys keys, int generation, long size, RootHash root)
            throws Difference {
        try {
            SignedNote signed = SignedNote.parse(note);
            CheckpointText text = CheckpointText.parse(signed.text());
            requireEqual("the tree of " + what, new CheckpointText(text.origin(), size, root), text);
            if (text.origin().equals(keys.origin()) || generation == 1) {
                int valid = signed.verify(keys.keys()).size();
                requireEqual(
                        "the number of our signatures on " + what,
                        valid,
                        keys.keys().size());
            }
        } catch (MalformedNoteException | MalformedCheckpointException | NoteRejected e) {
            throw new Difference(what + " is not valid: " + e.getMessage());
        }
    }
}
