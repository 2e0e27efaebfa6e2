package dev.lair.cli.report;

/** Numbers of things in words. */
public final class Counted {

    private Counted() {}

    /** {@code 1 record}, {@code 2 records}: for nouns whose plural ends in s. */
    public static String of(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
