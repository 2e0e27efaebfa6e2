package dev.lair.signing.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The body of a cosignature (types 0x04 and 0x06): POSIX seconds in 64 bits, big-endian, at most 2^63 - 1, and the
 * signature. The array is not copied: this type stays in the package.
 */
@SuppressWarnings("ArrayRecordComponent")
record TimestampedSignature(long epochSeconds, byte[] signature) {

    /** Inverse of {@link #format}; empty when there is no time or it is too large. */
    static Optional<TimestampedSignature> parse(byte[] body) {
        if (body.length < Long.BYTES) {
            return Optional.empty();
        }
        long epochSeconds = ByteBuffer.wrap(body).getLong();
        return epochSeconds < 0
                ? Optional.empty()
                : Optional.of(
                        new TimestampedSignature(epochSeconds, Arrays.copyOfRange(body, Long.BYTES, body.length)));
    }

    byte[] format() {
        return ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(epochSeconds)
                .put(signature)
                .array();
    }
}
