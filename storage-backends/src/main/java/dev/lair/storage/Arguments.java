package dev.lair.storage;

import java.util.regex.Pattern;

/** The argument rules that the ports state once for all their methods; backends check them here. */
public final class Arguments {

    private static final int MAX_PATH_LENGTH = 512;
    private static final Pattern ARCHIVE_PATH =
            Pattern.compile("[a-z0-9][a-z0-9._+-]{0,199}(/[a-z0-9][a-z0-9._+-]{0,199})*+");

    private Arguments() {}

    /** Requires {@code 0 <= from <= until}. */
    public static void requireRange(long from, long until) {
        if (from < 0 || until < from) {
            throw new IllegalArgumentException("not a range of leaf indexes: [" + from + ", " + until + ")");
        }
    }

    /** Requires an index or size of 0 or more. */
    public static void requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a leaf index or tree size is 0 or more, not " + value);
        }
    }

    /** Requires a limit of 1 or more. */
    public static void requireLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is 1 or more, not " + limit);
        }
    }

    /**
     * Requires a path as {@link Archive} states it, in full: 1 or more segments joined by {@code /}, each of
     * {@code a-z 0-9 . _ + -} and starting with a letter or digit, so that none is hidden or leads elsewhere; up to
     * {@value #MAX_PATH_LENGTH} characters, which every object store and file system takes.
     */
    public static void requireArchivePath(String path) {
        if (!isArchivePath(path)) {
            throw new IllegalArgumentException("not a path of an archive: `" + path + "`");
        }
    }

    /** Whether {@link #requireArchivePath} takes it. */
    public static boolean isArchivePath(String path) {
        return path.length() <= MAX_PATH_LENGTH && ARCHIVE_PATH.matcher(path).matches();
    }
}
