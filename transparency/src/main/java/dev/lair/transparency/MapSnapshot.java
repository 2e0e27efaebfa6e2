package dev.lair.transparency;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The map at one log size, written down so that a start need not replay the log (ledger storage). Numbers are
 * big-endian:
 *
 * <pre>
 * "LAIR-MAP-SNAPSHOT-V1"   20 bytes
 * log size                  8
 * map root                 32
 * count                     8
 * count times              96   path, head, hash of the subtree in which the path stands alone; ascending paths
 * SHA-256 of all before    32
 * </pre>
 *
 * <p>The digest finds damage, not forgery: whoever can write the file can write the digest. The caller compares
 * {@link #logSize} and the map's root with a checkpoint that it trusts before it uses the map. The root binds the hash of
 * each entry; that an entry's head leads to its hash is found when the map is changed there ({@link
 * FalseMapEntryException}).
 *
 * @param logSize number of leaves after which the map had this state
 */
public record MapSnapshot(long logSize, SparseMap map) {

    private static final byte[] MAGIC = "LAIR-MAP-SNAPSHOT-V1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = MAGIC.length + Long.BYTES + Sha256Value.LENGTH + Long.BYTES;

    /** Entries that are read or written at a time, 64 KiB: with a call for each a million of them take a second more. */
    private static final int BUFFERED_ENTRIES = (1 << 16) / Entry.BYTES;

    public MapSnapshot {
        if (logSize < 0) {
            throw new IllegalArgumentException("a log has 0 or more leaves, not " + logSize);
        }
    }

    /**
     * One key of the map.
     *
     * @param path SHA-256 of the raw log id
     * @param head newest record of that log
     * @param loneHash hash of the largest subtree, below the root, that holds no other key
     */
    public record Entry(Digest path, RecordId head, NodeHash loneHash) {

        static final int BYTES = 3 * Sha256Value.LENGTH;

        static Entry ofBytes(byte[] entry) {
            return new Entry(
                    Digest.ofBytes(Arrays.copyOf(entry, 32)),
                    RecordId.ofBytes(Arrays.copyOfRange(entry, 32, 64)),
                    NodeHash.ofBytes(Arrays.copyOfRange(entry, 64, 96)));
        }

        byte[] encode() {
            return WargText.concat(path.raw(), head.raw(), loneHash.raw());
        }
    }

    /** Number of bytes that {@link #writeTo} writes. */
    public long sizeBytes() {
        return HEADER_BYTES + map.size() * Entry.BYTES + Sha256Value.LENGTH;
    }

    /** Writes the snapshot; neither flushes nor closes {@code out}. A crash leaves bytes that {@link #readFrom} refuses. */
    public void writeTo(OutputStream out) throws IOException {
        DigestOutputStream digesting = new DigestOutputStream(out, Sha256Value.newSha256());
        digesting.write(ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .putLong(logSize)
                .put(map.root().raw())
                .putLong(map.size())
                .array());
        ByteBuffer buffer = ByteBuffer.allocate(BUFFERED_ENTRIES * Entry.BYTES);
        map.forEachLone(lone -> {
            if (!buffer.hasRemaining()) {
                digesting.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            buffer.put(lone.entry());
        });
        digesting.write(buffer.array(), 0, buffer.position());
        out.write(digesting.getMessageDigest().digest());
    }

    /**
     * Reads one snapshot up to the end of {@code in}, which is not closed.
     *
     * @throws MalformedSnapshotException when a byte is damaged, missing or too many
     * @throws IOException when {@code in} fails
     */
    public static MapSnapshot readFrom(InputStream in) throws IOException, MalformedSnapshotException {
        return readFrom(in, SparseMap.empty());
    }

    /**
     * The same, for a map that is much like one that is in memory, because it is an older or younger version of it: what
     * is equal in both is shared, so that the second costs what differs and not as much again.
     */
    public static MapSnapshot readFrom(InputStream in, SparseMap like) throws IOException, MalformedSnapshotException {
        MessageDigest sha = Sha256Value.newSha256();
        ByteBuffer header = ByteBuffer.wrap(take(in, HEADER_BYTES, "header"));
        sha.update(header.array());
        byte[] magic = new byte[MAGIC.length];
        byte[] root = new byte[Sha256Value.LENGTH];
        header.get(magic);
        long logSize = header.getLong();
        header.get(root);
        long count = header.getLong();
        require(Arrays.equals(magic, MAGIC), "it does not start with LAIR-MAP-SNAPSHOT-V1");
        require(logSize >= 0 && count >= 0, "a size is negative");
        MapAssembly assembly = new MapAssembly(like);
        byte[] buffer = new byte[(int) Math.min(count, BUFFERED_ENTRIES) * Entry.BYTES];
        for (long left = count; left > 0; left -= BUFFERED_ENTRIES) {
            int length = (int) Math.min(left, BUFFERED_ENTRIES) * Entry.BYTES;
            require(in.readNBytes(buffer, 0, length) == length, "it ends within its entries");
            sha.update(buffer, 0, length);
            for (int at = 0; at < length; at += Entry.BYTES) {
                assembly.add(Arrays.copyOfRange(buffer, at, at + Entry.BYTES));
            }
        }
        byte[] digest = sha.digest();
        require(MessageDigest.isEqual(take(in, Sha256Value.LENGTH, "digest"), digest), "its SHA-256 is another one");
        require(in.read() < 0, "bytes follow its end");
        SparseMap map = assembly.finish();
        require(Arrays.equals(map.root().raw(), root), "its entries do not lead to the map root of its header");
        return new MapSnapshot(logSize, map);
    }

    private static byte[] take(InputStream in, int length, String what) throws IOException, MalformedSnapshotException {
        byte[] bytes = in.readNBytes(length);
        require(bytes.length == length, "it ends within its " + what);
        return bytes;
    }

    private static void require(boolean holds, String rule) throws MalformedSnapshotException {
        if (!holds) {
            throw new MalformedSnapshotException(rule);
        }
    }
}
