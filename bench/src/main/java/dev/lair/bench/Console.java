package dev.lair.bench;

import java.io.PrintStream;

/** What people read while a bench runs; the findings are its last line. */
final class Console {

    private static final long EVERY_NANOS = 2_000_000_000L;

    private final PrintStream out;
    private long lastProgress;

    Console(PrintStream out) {
        this.out = out;
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** A line each few seconds, and one at the end. */
    void progress(String what, long done, long all) {
        long now = System.nanoTime();
        if (done == all || now - lastProgress >= EVERY_NANOS) {
            lastProgress = now;
            say("  " + what + ": " + done + " of " + all);
        }
    }
}
