package dev.lair.storage.embedded;

import dev.lair.storage.NewEntry;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Sha256Value;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code log_index}: the entry at {@code index} may have a key of this kind that begins so. Ordered as the table
 * is. Eight bytes of a hash keep rows short; somebody who looks for two keys that share them finds some, so every reader
 * compares the whole key with the entry ({@link Kind#isIn}).
 *
 * @param prefix the first 8 bytes of the key, big-endian
 * @param index of the leaf
 */
record IndexKey(Kind kind, long prefix, long index) implements Comparable<IndexKey> {

    /** Columns of {@code log_entry} that {@link Kind#isIn} and mappers of rows rely upon, in this order. */
    static final String COLUMNS = "idx, log_id, record_id, record, releases";

    /** Begins a statement for rows of {@link #COLUMNS}. */
    static final String ENTRIES = "SELECT " + COLUMNS + " FROM log_entry ";

    private static final int RELEASES_COLUMN = 5;

    /** What an entry is found by. */
    enum Kind {
        RECORD(0),
        LOG(1),
        CONTENT(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The number that stands for it in the table. */
        int code() {
            return code;
        }

        /** Whether the entry of a row of {@link #COLUMNS} has this key. */
        boolean isIn(ResultSet row, byte[] key) throws SQLException {
            return switch (this) {
                case RECORD -> Arrays.equals(row.getBytes(3), key);
                case LOG -> Arrays.equals(row.getBytes(2), key);
                case CONTENT -> digests(row.getBytes(RELEASES_COLUMN)).anyMatch(ByteBuffer.wrap(key)::equals);
            };
        }
    }

    /** The key of this kind that {@code value} gives the entry at {@code index}. */
    static IndexKey of(Kind kind, byte[] value, long index) {
        return new IndexKey(kind, prefix(value), index);
    }

    static long prefix(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /** All keys of entries of which the first is at {@code from}. */
    static List<IndexKey> of(long from, List<NewEntry> entries) {
        List<IndexKey> keys = new ArrayList<>(3 * entries.size());
        long index = from;
        for (NewEntry entry : entries) {
            keys.add(of(Kind.RECORD, entry.recordId().bytes(), index));
            keys.add(of(Kind.LOG, entry.logId().bytes(), index));
            for (Digest content : entry.releases()) {
                keys.add(of(Kind.CONTENT, content.bytes(), index));
            }
            index++;
        }
        return keys;
    }

    /** All keys of a stored entry; {@code digests} as in the column {@code releases}. */
    static void addTo(List<IndexKey> keys, long index, byte[] logId, byte[] recordId, byte @Nullable [] digests) {
        keys.add(of(Kind.RECORD, recordId, index));
        keys.add(of(Kind.LOG, logId, index));
        digests(digests).forEach(digest -> keys.add(new IndexKey(Kind.CONTENT, digest.getLong(), index)));
    }

    /** The digests in a column {@code releases}, each as the bytes that are left to read. */
    private static Stream<ByteBuffer> digests(byte @Nullable [] releases) {
        return releases == null
                ? Stream.empty()
                : IntStream.range(0, releases.length / Digest.LENGTH)
                        .mapToObj(i -> ByteBuffer.wrap(releases, i * Digest.LENGTH, Digest.LENGTH));
    }

    /** The column {@code releases} of an entry; null when there are none. */
    static byte @Nullable [] releases(NewEntry entry) {
        if (entry.releases().isEmpty()) {
            return null;
        }
        ByteBuffer digests = ByteBuffer.allocate(entry.releases().size() * Digest.LENGTH);
        entry.releases().stream().map(Sha256Value::bytes).forEach(digests::put);
        return digests.array();
    }

    @Override
    public int compareTo(IndexKey other) {
        int byKind = Integer.compare(kind.code, other.kind.code);
        if (byKind != 0) {
            return byKind;
        }
        int byPrefix = Long.compare(prefix, other.prefix);
        return byPrefix != 0 ? byPrefix : Long.compare(index, other.index);
    }
}
