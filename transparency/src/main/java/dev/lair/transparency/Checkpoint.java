package dev.lair.transparency;

import java.nio.charset.StandardCharsets;

/**
 * The state of the registry after {@code logLength} leaves: the root of the log and the root of the map at that length
 * (warg protocol, section 3). A checkpoint says nothing about who vouches for it or when: see
 * {@link TimestampedCheckpoint}.
 *
 * @param logRoot root of the log's first {@code logLength} leaves
 * @param logLength number of leaves, not negative
 * @param mapRoot root of the map from log id to head record id after those leaves
 */
public record Checkpoint(RootHash logRoot, long logLength, RootHash mapRoot) {

    private static final byte[] ID_PREFIX = "WARG-CHECKPOINT-V0".getBytes(StandardCharsets.US_ASCII);

    public Checkpoint {
        if (logLength < 0) {
            throw new IllegalArgumentException("a checkpoint covers 0 or more leaves, not " + logLength);
        }
    }

    /** Name of this checkpoint in stores: SHA-256 of {@code WARG-CHECKPOINT-V0} and the three fields. */
    public Digest id() {
        return Digest.of(encode());
    }

    /** The bytes that {@link #id} hashes. */
    byte[] encode() {
        return WargText.concat(ID_PREFIX, encodeFields());
    }

    /** {@code leb128(logLength) ‖ lstr(logRoot) ‖ lstr(mapRoot)}, shared with the timestamped form. */
    byte[] encodeFields() {
        return WargText.concat(
                WargText.leb128(logLength),
                WargText.lengthPrefixed(logRoot.toString()),
                WargText.lengthPrefixed(mapRoot.toString()));
    }
}
