package dev.lair.transparency;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Entry bundles of tlog-tiles (transparency log, section 1): {@code repeat(length as 16 bits, big-endian ‖ entry)}, up
 * to 256 entries. A partial bundle is a prefix of the full one.
 */
public final class EntryBundle {

    private EntryBundle() {}

    /**
     * The body of a bundle of these entries.
     *
     * @throws IllegalArgumentException when there are more than 256 entries or one has more than 65,535 bytes
     */
    public static byte[] encode(List<byte[]> entries) {
        int length = 0;
        for (byte[] entry : entries) {
            if (entry.length > Limits.MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
            }
            length += Short.BYTES + entry.length;
        }
        if (entries.size() > Tile.WIDTH) {
            throw new IllegalArgumentException("a bundle has at most 256 entries, not " + entries.size());
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        for (byte[] entry : entries) {
            out.putShort((short) entry.length).put(entry);
        }
        return out.array();
    }

    /**
     * The entries of a body.
     *
     * @param count number of entries that it must have, 1 to 256
     * @throws MalformedTileException when it has fewer, more, or ends within one
     */
    public static List<byte[]> parse(byte[] body, int count) {
        ByteBuffer in = ByteBuffer.wrap(body);
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(in.getShort());
            if (length < 0 || in.remaining() < length) {
                throw new MalformedTileException("the entry bundle ends within entry " + i + " of " + count);
            }
            byte[] entry = new byte[length];
            in.get(entry);
            entries.add(entry);
        }
        if (in.hasRemaining()) {
            throw new MalformedTileException(in.remaining() + " bytes follow entry " + count + " of the bundle");
        }
        return entries;
    }
}
