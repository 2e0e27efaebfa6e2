package dev.lair.cli;

import dev.lair.cli.time.Pace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the command in this process as a shell would: own folder, own home, own time that passes without waiting. */
final class LairRun {

    /** How a command ended and what it printed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Outcome(int exitCode, byte[] content, String out, String err) {

        JsonNode json() {
            return new JsonMapper().readTree(out);
        }

        /** Everything that was printed, for assertion messages. */
        String all() {
            return "exit " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
        }
    }

    private final Path folder;
    final Map<String, String> variables = new HashMap<>();
    final List<Duration> pauses = new ArrayList<>();

    /** After so many pauses the thread is interrupted, as a person would end a command that goes on for ever. */
    int pauseLimit = Integer.MAX_VALUE;

    String input = "";
    boolean terminal;
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_001_000L), ZoneOffset.UTC);

    LairRun(Path folder) {
        this.folder = folder;
        variables.put("LAIR_HOME", folder.resolve("home").toString());
    }

    LairRun registry(FakeRegistry registry) {
        variables.put("LAIR_REGISTRY", registry.url());
        return this;
    }

    Path home() {
        return folder.resolve("home");
    }

    Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(
                variables,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                folder,
                clock,
                new PassingTime(),
                new SecureRandom());
        int exitCode = new Lair(environment).run(arguments);
        boolean interrupted = Thread.interrupted();
        assert !interrupted || pauses.size() >= pauseLimit;
        return new Outcome(
                exitCode,
                out.toByteArray(),
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** A pause takes no time, and yet time has passed. */
    private final class PassingTime implements Pace {

        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void pause(Duration time) {
            pauses.add(time);
            nanos += time.toNanos();
            if (pauses.size() >= pauseLimit) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
