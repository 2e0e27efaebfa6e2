package dev.lair.component.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each target over its seeds and former finds, then some seconds of Jazzer. {@code ./lair fuzz TARGET --runs N} runs the
 * last part for as long as it takes and keeps what it learns under {@code component-model/target/fuzz}.
 */
class FuzzTest {
    /** A bound for slow machines; the runs end first on others. */
    private static final int SECONDS_IN_TESTS = 15;

    private static final long RUNS_IN_TESTS = 60_000;

    /** The same inputs in each build; a campaign draws its own. */
    private static final long SEED_IN_TESTS = 1;

    @TestFactory
    Stream<DynamicTest> formerFindsHold() {
        return Arrays.stream(FuzzTarget.values())
                .flatMap(target -> Seeds.finds(target).stream()
                        .map(file -> DynamicTest.dynamicTest(
                                target.label() + "/" + file.getFileName(),
                                () -> target.run(Files.readAllBytes(file)))));
    }

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void seedsHold(FuzzTarget target) throws Exception {
        List<byte[]> seeds = Seeds.of(target);
        assertThat(seeds).hasSizeGreaterThan(10);
        for (byte[] seed : seeds) {
            target.run(seed);
        }
    }

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void jazzerFindsNothing(FuzzTarget target, @TempDir Path folder) throws IOException, InterruptedException {
        String wanted = System.getProperty("lair.fuzz.only", target.label());
        assertThat(FuzzTarget.values())
                .as("targets")
                .extracting(FuzzTarget::label)
                .contains(wanted);
        Assumptions.assumeTrue(wanted.equals(target.label()), "another target is fuzzed");
        Campaign campaign = new Campaign(
                target,
                Long.getLong("lair.fuzz.runs", RUNS_IN_TESTS),
                Integer.getInteger("lair.fuzz.seconds", SECONDS_IN_TESTS),
                System.getProperty("lair.fuzz.only") == null ? SEED_IN_TESTS : Campaign.RANDOM_SEED,
                Path.of(System.getProperty("lair.fuzz.folder", folder.toString())));
        Campaign.Outcome outcome = campaign.run();
        if (outcome.driverMissing()) {
            System.err.println("SKIPPED: Jazzer has no driver for this machine");
        }
        Assumptions.assumeFalse(outcome.driverMissing(), "Jazzer has no driver for this machine");
        System.out.printf("fuzz %s: %d executions%n", target.label(), outcome.executions());
        assertThat(outcome.failed()).as(outcome.output()).isFalse();
        assertThat(outcome.executions()).as(outcome.output()).isPositive();
    }
}
