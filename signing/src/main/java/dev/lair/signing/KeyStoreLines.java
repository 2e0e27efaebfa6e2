package dev.lair.signing;

import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The shape that both file formats of a key store share: a first line, then {@code name: value} lines, LF after each. */
final class KeyStoreLines {

    private KeyStoreLines() {}

    static String line(String name, Object value) {
        return name + ": " + value + "\n";
    }

    /** The values of {@code names}, which must be all the lines after {@code first}, in this order. */
    static List<String> values(byte[] bytes, String first, List<String> names) throws DamagedKeyStoreException {
        if (bytes.length > Limits.KEY_STORE_FILE_BYTES) {
            throw new DamagedKeyStoreException("it is longer than " + Limits.KEY_STORE_FILE_BYTES + " bytes");
        }
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        if (!lines[0].equals(first)) {
            throw new DamagedKeyStoreException("its first line is not `" + first + "`");
        }
        if (lines.length != names.size() + 2 || !lines[lines.length - 1].isEmpty()) {
            throw new DamagedKeyStoreException("it must have " + (names.size() + 1) + " lines");
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String start = names.get(i) + ": ";
            if (!lines[i + 1].startsWith(start)) {
                throw new DamagedKeyStoreException("line " + (i + 2) + " does not start with `" + start + "`");
            }
            values.add(lines[i + 1].substring(start.length()));
        }
        return values;
    }

    /** Bytes of a base64 value of a known length. */
    static byte[] bytes(String name, String base64, int length) throws DamagedKeyStoreException {
        byte[] bytes;
        try {
            bytes = StrictBase64.decode(base64);
        } catch (MalformedBase64Exception e) {
            throw new DamagedKeyStoreException("its `" + name + "` is " + e.getMessage());
        }
        if (bytes.length != length) {
            throw new DamagedKeyStoreException("its `" + name + "` must have " + length + " bytes");
        }
        return bytes;
    }

    static void requireCanonical(byte[] formatted, byte[] read) throws DamagedKeyStoreException {
        if (!Arrays.equals(formatted, read)) {
            throw new DamagedKeyStoreException("a value is not in its canonical form");
        }
    }
}
