package dev.lair.server.witness;

import dev.lair.signing.note.NoteSignature;
import java.util.List;

/** What a witness answers to {@code add-checkpoint}. */
sealed interface Verdict {

    /** 200: the checkpoint extends the last one, and is kept as the last one from now on. */
    record Cosigned(List<NoteSignature> cosignatures) implements Verdict {

        public Cosigned {
            cosignatures = List.copyOf(cosignatures);
        }
    }

    /** 409: the request starts from another size than the one that was cosigned last. */
    record Conflict(long treeSize) implements Verdict {}

    /** Anything else that is not cosigned. */
    record Refused(Reason reason, String message) implements Verdict {}

    /** Why nothing is cosigned; the order is the one in which they are looked for. */
    enum Reason {
        MALFORMED(400),
        UNKNOWN_LOG(404),
        NOT_SIGNED(403),
        OLD_ABOVE_SIZE(400),
        NOT_CONSISTENT(422),
        /** Our clock is far behind the time of the last cosignature. */
        CLOCK_BEHIND(503);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
