package dev.lair.transparency;

import java.nio.charset.StandardCharsets;

/**
 * A checkpoint and the moment at which the registry stated it: what operator keys sign (warg protocol, section 3). The
 * same checkpoint is stated again with a later time when nothing was published.
 *
 * @param epochSeconds seconds since 1970-01-01T00:00Z, not negative
 */
public record TimestampedCheckpoint(Checkpoint checkpoint, long epochSeconds) {

    private static final byte[] PREFIX = "WARG-TIMESTAMPED-CHECKPOINT-V0".getBytes(StandardCharsets.US_ASCII);

    public TimestampedCheckpoint {
        if (epochSeconds < 0) {
            throw new IllegalArgumentException("a checkpoint's time starts at 1970, got " + epochSeconds + " s");
        }
    }

    /**
     * {@code WARG-TIMESTAMPED-CHECKPOINT-V0 ‖ leb128(logLength) ‖ lstr(logRoot) ‖ lstr(mapRoot) ‖ leb128(time)}. The
     * signature's own prefix is added by the signing module.
     */
    public byte[] encode() {
        return WargText.concat(PREFIX, checkpoint.encodeFields(), WargText.leb128(epochSeconds));
    }
}
