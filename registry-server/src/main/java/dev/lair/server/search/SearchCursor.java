package dev.lair.server.search;

import dev.lair.server.search.HitCollector.Ranked;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The last hit of a page as text: whoever sends it gets what is behind that hit, in the index as it is then. One line of base64
 * over score, dependants and the query's fingerprint, four bytes each, and the package's name.
 */
final class SearchCursor {

    private static final int NUMBERS = 3 * Integer.BYTES;
    private static final int LONGEST = 400;

    private SearchCursor() {}

    static String format(String query, Ranked last) {
        byte[] name = last.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(NUMBERS + name.length);
        bytes.putFloat(last.score())
                .putInt(last.dependants())
                .putInt(query.hashCode())
                .put(name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Inverse of {@link #format}. */
    static Ranked parse(String query, String text) throws QueryRefused {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        if (bytes.length <= NUMBERS || text.length() > LONGEST) {
            throw refused();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        float score = buffer.getFloat();
        int dependants = buffer.getInt();
        if (buffer.getInt() != query.hashCode() || !Float.isFinite(score)) {
            throw refused();
        }
        return new Ranked(
                score, dependants, new String(bytes, NUMBERS, bytes.length - NUMBERS, StandardCharsets.UTF_8), -1);
    }

    private static QueryRefused refused() {
        return new QueryRefused(-1, "`cursor` is none that a page of this query told; begin without it");
    }
}
