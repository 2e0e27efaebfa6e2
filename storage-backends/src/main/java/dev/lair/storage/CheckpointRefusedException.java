package dev.lair.storage;

/**
 * A checkpoint may not be kept, by {@link CheckpointRule}: publishing it would contradict the ledger or an earlier
 * checkpoint. Nothing was written; a caller that meets this has a fault or a clock that ran backwards.
 */
public final class CheckpointRefusedException extends StorageException {

    private static final long serialVersionUID = 1L;

    CheckpointRefusedException(String message) {
        super(message);
    }
}
