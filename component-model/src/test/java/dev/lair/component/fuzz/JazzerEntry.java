package dev.lair.component.fuzz;

/** Where Jazzer comes in; the system property {@code lair.fuzz.target} says which target. */
public final class JazzerEntry {
    private static final FuzzTarget TARGET = FuzzTarget.labelled(System.getProperty("lair.fuzz.target", ""));

    private JazzerEntry() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        TARGET.run(input);
    }
}
