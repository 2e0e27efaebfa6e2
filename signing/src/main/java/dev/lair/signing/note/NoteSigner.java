package dev.lair.signing.note;

/** Signs the texts of notes with one key. An implementation may hold the key in memory or ask a service. */
public interface NoteSigner {

    /** The key that verifies what this signs. */
    NoteKey key();

    /**
     * Signs a text.
     *
     * @param text the note's text, ending with a line feed; a checkpoint where the key's type signs nothing else
     * @param epochSeconds now, in POSIX seconds, at least 1; not used by types without a time
     * @throws MalformedNoteException when this is no text of a note, or it cannot be signed by this type
     * @throws dev.lair.transparency.MalformedCheckpointException when the type signs checkpoints only and this is none
     */
    NoteSignature sign(String text, long epochSeconds);
}
