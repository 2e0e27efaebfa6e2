package dev.lair.cli;

import dev.lair.cli.time.Pace;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a command takes from outside, so that tests can give it.
 *
 * @param variables environment variables
 * @param terminal whether a person sits at standard error and standard input
 */
record Environment(
        Map<String, String> variables,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Path workingDirectory,
        Clock clock,
        Pace pace,
        SecureRandom random) {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int MIN_COLUMNS = 40;

    /** This process. */
    static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                isTerminal(System.console()),
                Path.of(""),
                Clock.systemUTC(),
                Pace.ofMachine(),
                new SecureRandom());
    }

    /** From Java 22 on there is a console even without a terminal, and a method to ask; before, no terminal is null. */
    private static boolean isTerminal(@Nullable Console console) {
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJava22) {
            return true;
        }
    }

    /** The next line that the person types; empty at the end of input. */
    String readLine() throws IOException {
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    /** The same of something secret, which a terminal does not show. */
    String readSecretLine() throws IOException {
        Console console = terminal && in == System.in ? System.console() : null;
        if (console == null) {
            return readLine();
        }
        char[] typed = console.readPassword();
        return typed == null ? "" : new String(typed);
    }

    /** Where keys and memory live: {@code LAIR_HOME}, else {@code lair} in the user's configuration folder. */
    Path home() {
        String home = variables.getOrDefault("LAIR_HOME", "");
        if (!home.isEmpty()) {
            return workingDirectory.resolve(home);
        }
        String config = variables.getOrDefault("XDG_CONFIG_HOME", "");
        Path base = config.isEmpty()
                ? Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")), ".config")
                : Path.of(config);
        return base.resolve("lair");
    }

    int columns() {
        try {
            return Math.max(MIN_COLUMNS, Integer.parseInt(variables.getOrDefault("COLUMNS", "")));
        } catch (NumberFormatException notSet) {
            return DEFAULT_COLUMNS;
        }
    }
}
