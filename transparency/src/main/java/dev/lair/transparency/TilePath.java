package dev.lair.transparency;

/**
 * Paths of tlog-tiles below a log's prefix (transparency log, section 1):
 *
 * <pre>
 * tile/&lt;L&gt;/&lt;N&gt;[.p/&lt;W&gt;]         hashes
 * tile/entries/&lt;N&gt;[.p/&lt;W&gt;]     entry bundles
 * L   0 to 63, decimal
 * N   decimal in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067
 * W   1 to 255, width of a partial tile
 * </pre>
 *
 * {@link #parse} accepts exactly what {@link #format} writes: no leading zeros beyond the groups, no other spelling.
 */
public sealed interface TilePath {

    /** Number of hashes or entries, 1 to 256; 256 is full. */
    int width();

    /** The path without a leading slash. */
    String format();

    /** A tile of hashes. */
    record Hashes(TileId tile, int width) implements TilePath {

        public Hashes {
            requireWidth(width);
        }

        @Override
        public String format() {
            return "tile/" + tile.level() + "/" + indexText(tile.n()) + widthText(width);
        }
    }

    /** A bundle of the entries {@code [256n, 256n + width)}. */
    record Entries(long n, int width) implements TilePath {

        public Entries {
            requireWidth(width);
            if (n < 0) {
                throw new IllegalArgumentException("no entry bundle " + n);
            }
        }

        @Override
        public String format() {
            return "tile/entries/" + indexText(n) + widthText(width);
        }
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedTileException when the text is anything else
     */
    static TilePath parse(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length < 3 || !parts[0].equals("tile")) {
            throw MalformedTileException.path(path, "it must be tile/<L>/<N> or tile/entries/<N>");
        }
        int end = parts.length;
        int width = Tile.WIDTH;
        if (parts[end - 2].endsWith(".p")) {
            width = number(path, parts[end - 1], Tile.WIDTH - 1);
            end--;
            parts[end - 1] = parts[end - 1].substring(0, parts[end - 1].length() - 2);
        }
        if (width == 0) {
            throw MalformedTileException.path(path, "a partial tile has a width of 1 to 255");
        }
        long n = parseIndex(path, parts, end);
        TilePath parsed = parts[1].equals("entries")
                ? new Entries(n, width)
                : new Hashes(new TileId(number(path, parts[1], Limits.MAX_TILE_LEVEL), n), width);
        if (!parsed.format().equals(path)) {
            throw MalformedTileException.path(path, "its one spelling is " + parsed.format());
        }
        return parsed;
    }

    private static long parseIndex(String path, String[] parts, int end) {
        long n = 0;
        for (int i = 2; i < end; i++) {
            boolean last = i == end - 1;
            String group = last ? parts[i] : parts[i].startsWith("x") ? parts[i].substring(1) : "";
            if (group.length() != 3 || n > Long.MAX_VALUE / 1000) {
                throw MalformedTileException.path(path, "N is a number below 2^63 in groups of three digits");
            }
            n = 1000 * n + number(path, group, 999);
            if (n < 0) {
                throw MalformedTileException.path(path, "N is below 2^63");
            }
        }
        return n;
    }

    private static int number(String path, String digits, int max) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9' || i == 3) {
                throw MalformedTileException.path(path, "`" + digits + "` is not a number up to " + max);
            }
            value = 10 * value + c - '0';
        }
        if (digits.isEmpty() || value > max) {
            throw MalformedTileException.path(path, "`" + digits + "` is not a number up to " + max);
        }
        return value;
    }

    /** The text of N: {@code x001/x234/067} for 1234067. Other resources beside tiles use it too. */
    static String indexText(long n) {
        String text = group(n % 1000);
        for (long rest = n / 1000; rest > 0; rest /= 1000) {
            text = "x" + group(rest % 1000) + "/" + text;
        }
        return text;
    }

    private static String group(long value) {
        return "" + value / 100 + value / 10 % 10 + value % 10;
    }

    private static String widthText(int width) {
        return width == Tile.WIDTH ? "" : ".p/" + width;
    }

    private static void requireWidth(int width) {
        if (width < 1 || width > Tile.WIDTH) {
            throw new IllegalArgumentException("a tile has 1 to 256 hashes or entries, not " + width);
        }
    }
}
