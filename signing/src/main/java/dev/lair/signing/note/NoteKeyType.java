package dev.lair.signing.note;

import dev.lair.transparency.CheckpointText;
import java.util.Optional;

/** The kinds of signature that are made and verified here, by the byte that stands in front of a key. */
public enum NoteKeyType {
    /** 0x01: Ed25519 over the text. What Go's checksum database and most logs use. */
    ED25519(0x01, Algorithm.ED25519, false) {
        @Override
        byte[] message(String name, String text, long epochSeconds) {
            return NoteText.utf8(text);
        }
    },

    /** 0x04: Ed25519 over time and text, of witnesses. Does not cover the name of the cosigner. */
    COSIGNATURE_ED25519(0x04, Algorithm.ED25519, true) {
        @Override
        byte[] message(String name, String text, long epochSeconds) {
            return CosignatureV1.message(epochSeconds, text);
        }
    },

    /** 0x06: ML-DSA-44 over time, checkpoint and cosigner, of witnesses and logs. Only over checkpoints. */
    COSIGNATURE_ML_DSA_44(0x06, Algorithm.ML_DSA_44, true) {
        @Override
        byte[] message(String name, String text, long epochSeconds) {
            CheckpointText checkpoint = CheckpointText.parse(text);
            return SubtreeV1.message(
                    name, epochSeconds, checkpoint.origin(), 0, checkpoint.treeSize(), checkpoint.root());
        }
    };

    private final int code;
    private final Algorithm algorithm;
    private final boolean timed;

    NoteKeyType(int code, Algorithm algorithm, boolean timed) {
        this.code = code;
        this.algorithm = algorithm;
        this.timed = timed;
    }

    /** The type of a byte, 0 to 255; empty for one whose signatures verify nothing here. */
    public static Optional<NoteKeyType> ofCode(int code) {
        for (NoteKeyType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The byte in front of a key of this type. */
    public int code() {
        return code;
    }

    /** Whether signatures carry the time at which they were made. */
    public boolean isTimed() {
        return timed;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /**
     * What a signature is over.
     *
     * @throws dev.lair.transparency.MalformedCheckpointException when the type signs checkpoints only and this is none
     * @throws MalformedNoteException when a part is too long for the type
     */
    abstract byte[] message(String name, String text, long epochSeconds);
}
