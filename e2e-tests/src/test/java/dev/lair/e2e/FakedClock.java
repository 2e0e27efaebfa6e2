package dev.lair.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The wall clock of a process under libfaketime, which can be set while it runs. Only the wall clock: time-outs and pauses
 * go on, as they do when somebody sets the clock of a machine.
 */
final class FakedClock {

    private static final String PRELOAD = "LD_PRELOAD=";

    private final Path file;
    private final String library;

    private FakedClock(Path file, String library) {
        this.file = file;
        this.library = library;
    }

    /** A clock that is right; its file lies in {@code work}. The test is skipped where there is no libfaketime. */
    static FakedClock in(Path work) throws Exception {
        String program = Checkout.program("faketime").toString();
        Command.Result tried =
                Command.of(work, List.of(program, "-m", "-f", "+0", "env")).run();
        String library = tried.out()
                .lines()
                .filter(line -> line.startsWith(PRELOAD))
                .findFirst()
                .orElse("");
        if (tried.exitCode() != 0 || library.isEmpty()) {
            String skipped = "SKIPPED: faketime is here but does not work: " + tried;
            System.err.println(skipped);
            Assumptions.abort(skipped);
        }
        FakedClock clock = new FakedClock(Files.createTempFile(work, "clock-", ".txt"), library);
        clock.set(Duration.ZERO);
        return clock;
    }

    /** From now on the clock is wrong by this much. */
    void set(Duration ahead) throws IOException {
        Path next = Files.writeString(
                file.resolveSibling(file.getFileName() + ".next"),
                (ahead.isNegative() ? "" : "+") + ahead.toSeconds() + "\n");
        // In one step: the process reads the file at any moment.
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What to start a program under, so that it has this clock. */
    List<String> program() {
        return List.of(
                "env",
                library,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                // Without this one waits with a time-out return at once.
                "FAKETIME_FORCE_MONOTONIC_FIX=0");
    }
}
