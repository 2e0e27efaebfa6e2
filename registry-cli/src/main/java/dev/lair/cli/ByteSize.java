package dev.lair.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 1048576}, {@code 512KiB}, {@code 256MiB}, {@code 2GiB}.
 *
 * @param bytes at least 1
 */
record ByteSize(long bytes) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})(KiB|MiB|GiB)?");

    /**
     * Parses a size.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        long count = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        String unit = count == 0 || matcher.group(2) == null ? "" : matcher.group(2);
        int shift = unit.isEmpty() ? 0 : 10 * ("KMG".indexOf(unit.charAt(0)) + 1);
        if (count == 0 || count > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException(
                    "`" + text + "` is no number of bytes: write it like 65536, 512KiB, 256MiB or 2GiB");
        }
        return new ByteSize(count << shift);
    }

    @Override
    public String toString() {
        for (int unit = 2; unit >= 0; unit--) {
            long size = 1L << 10 * (unit + 1);
            if (bytes % size == 0) {
                return bytes / size + " " + "KMG".charAt(unit) + "iB";
            }
        }
        return bytes + " bytes";
    }
}
