package dev.lair.server.trustedpublishing;

/** Where Jazzer comes in; the system property {@code lair.fuzz.target} says which target. */
public final class TokenFuzzEntry {

    private static final TokenFuzzTarget TARGET = TokenFuzzTarget.labelled(System.getProperty("lair.fuzz.target", ""));

    private TokenFuzzEntry() {}

    /** Keys are made and classes loaded before inputs are timed: on a busy machine that takes longer than any input may. */
    public static void fuzzerInitialize() {
        TARGET.seeds().forEach(TARGET::run);
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) {
        TARGET.run(input);
    }
}
