package dev.lair.signing.note;

import dev.lair.transparency.RootHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What an ML-DSA-44 cosignature (type 0x06) is over (c2sp.org/tlog-cosignature, "ML-DSA-44 signed message"); numbers are
 * unsigned, 64 bits, big-endian:
 *
 * <pre>
 * "subtree/v1" LF NUL
 * length of the cosigner's name in one byte, name in UTF-8
 * time in POSIX seconds      0: no statement that this is the largest tree seen
 * length of the log's origin in one byte, origin in UTF-8
 * start, end                 leaves of the subtree; a checkpoint has start 0 and its size as end
 * root                       32 bytes
 * </pre>
 *
 * Extension lines of a checkpoint are no part of it.
 */
final class SubtreeV1 {

    private static final byte[] LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    private SubtreeV1() {}

    static byte[] message(String cosigner, long epochSeconds, String origin, long start, long end, RootHash root) {
        byte[] name = NoteText.utf8(cosigner);
        byte[] log = NoteText.utf8(origin);
        if (name.length > Limits.KEY_NAME_BYTES || log.length > Limits.ORIGIN_BYTES) {
            throw new MalformedNoteException(
                    "an ML-DSA-44 cosignature names a cosigner and an origin of at most 255 bytes" + " each, not "
                            + name.length + " and " + log.length);
        }
        return ByteBuffer.allocate(LABEL.length + 2 + name.length + log.length + 3 * Long.BYTES + RootHash.LENGTH)
                .put(LABEL)
                .put((byte) name.length)
                .put(name)
                .putLong(epochSeconds)
                .put((byte) log.length)
                .put(log)
                .putLong(start)
                .putLong(end)
                .put(root.bytes())
                .array();
    }
}
