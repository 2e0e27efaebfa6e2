package dev.lair.storage;

/** The argument rules that {@link LedgerStore} states once for all its methods; backends check them here. */
public final class Arguments {

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
}
