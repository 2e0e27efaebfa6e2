package dev.lair.server.ledger;

import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.transparency.CheckpointText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest published checkpoint that this node knows, which it shows to everybody, and the newest that it has compared
 * with its own tree, which may be an older one where other nodes publish too. Any thread may read.
 */
final class ShownCheckpoint {

    // Written by the publisher thread and by readers who saw what another node published.
    private volatile @Nullable SignedCheckpoint checkpoint;
    private volatile @Nullable PublishedNotes notes;

    // Written by the publisher thread: the newest checkpoint that is of this node's history for sure.
    private volatile @Nullable SignedCheckpoint compared;

    /** @param shared whether other nodes publish too, so that what is stored has to be compared first */
    ShownCheckpoint(LedgerStore store, LogIdentity identity, boolean shared) {
        this.checkpoint = store.latestCheckpoint().orElse(null);
        this.compared = shared ? null : checkpoint;
        // A note under another name is none of ours: the registry gave up what it lost and goes on under new names.
        this.notes = store.latestPublication()
                .map(Publication::notes)
                .filter(stored -> isOurs(stored, identity))
                .orElse(null);
    }

    private static boolean isOurs(PublishedNotes notes, LogIdentity identity) {
        return CheckpointText.parse(SignedNote.parse(notes.log()).text())
                .origin()
                .equals(identity.log().origin());
    }

    /** The newest; null before the first. */
    @Nullable
    SignedCheckpoint checkpoint() {
        return checkpoint;
    }

    /** Leaves that the newest covers; 0 before the first. */
    long treeSize() {
        SignedCheckpoint last = checkpoint;
        return last == null ? 0 : last.contents().checkpoint().logLength();
    }

    Optional<PublishedNotes> notes() {
        return Optional.ofNullable(notes);
    }

    /** The newest that is of this node's history for sure; null before the first. */
    @Nullable
    SignedCheckpoint compared() {
        return compared;
    }

    /** On the publisher thread only. */
    void setCompared(SignedCheckpoint known) {
        compared = known;
    }

    /** Whether the newest is still to be compared. */
    boolean isUnknown() {
        SignedCheckpoint shown = checkpoint;
        return shown != null && !shown.equals(compared);
    }

    /** This is shown from now on if it is newer than what is. */
    synchronized boolean adopt(Publication publication) {
        SignedCheckpoint last = checkpoint;
        if (last != null && !isNewer(publication.checkpoint(), last)) {
            return false;
        }
        PublishedNotes known = notes;
        if (publication.checkpoint().equals(last)
                && known != null
                && publication.notes().evidenceSize() < known.evidenceSize()) {
            // Read before the same checkpoint was published again with more evidence.
            return false;
        }
        notes = publication.notes();
        checkpoint = publication.checkpoint();
        return true;
    }

    private static boolean isNewer(SignedCheckpoint candidate, SignedCheckpoint last) {
        long size = candidate.contents().checkpoint().logLength();
        long lastSize = last.contents().checkpoint().logLength();
        return size > lastSize
                || (size == lastSize
                        && candidate.contents().epochSeconds()
                                >= last.contents().epochSeconds());
    }
}
