package dev.lair.server.ledger;

import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteSigner;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.RootHash;
import java.util.List;

/**
 * What signs one log's C2SP checkpoints: Ed25519, which every client and witness knows, and ML-DSA-44, which outlives a
 * quantum computer (transparency log, section 1). Both carry the origin as their name, and the origin never changes.
 *
 * @param origin first line of every checkpoint of this log
 * @param signers one per algorithm, Ed25519 first
 */
record LogKeys(String origin, List<NoteSigner> signers) {

    LogKeys {
        signers = List.copyOf(signers);
    }

    Witnesses.Head head(long treeSize, RootHash root, long epochSeconds, LogTiles tiles) {
        return Witnesses.Head.of(this, treeSize, root, epochSeconds, tiles);
    }

    SignedNote sign(long treeSize, RootHash root, long epochSeconds) {
        return SignedNote.sign(new CheckpointText(origin, treeSize, root).format(), epochSeconds, signers);
    }

    /** The public halves, as clients and witnesses configure them. */
    List<NoteKey> keys() {
        return signers.stream().map(NoteSigner::key).toList();
    }
}
