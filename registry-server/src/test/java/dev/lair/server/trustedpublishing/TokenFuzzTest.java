package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each target over its seeds, then some seconds of Jazzer in a process of its own. {@code ./lair fuzz TARGET --runs N} runs
 * the last part for as long as it takes and keeps what it learns under {@code registry-server/target/fuzz}.
 */
class TokenFuzzTest {

    private static final long RUNS_IN_TESTS = 60_000;

    /** A bound for slow machines; the runs end first on others. */
    private static final int SECONDS_IN_TESTS = 15;

    private static final Pattern EXECUTIONS = Pattern.compile("(?m)^stat::number_of_executed_units:\\s*(\\d+)");

    /** A token of GitHub's, and what is more is cut: longer inputs reach the same code at fewer executions. */
    private static final int INPUT_BYTES = 2048;

    @ParameterizedTest
    @EnumSource(TokenFuzzTarget.class)
    void seedsHold(TokenFuzzTarget target) {
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).hasSizeGreaterThan(4);
        seeds.forEach(target::run);
    }

    /** A campaign goes on for as long as its command says; the bound of other tests is not for it. */
    @ParameterizedTest
    @EnumSource(TokenFuzzTarget.class)
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void jazzerFindsNothing(TokenFuzzTarget target, @TempDir Path temporary) throws IOException, InterruptedException {
        String wanted = System.getProperty("lair.fuzz.only", target.label());
        assertThat(TokenFuzzTarget.values())
                .as("targets")
                .extracting(TokenFuzzTarget::label)
                .contains(wanted);
        Assumptions.assumeTrue(wanted.equals(target.label()), "another target is fuzzed");
        Path folder = Path.of(System.getProperty("lair.fuzz.folder", temporary.toString()));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        List<byte[]> seeds = target.seeds();
        for (int number = 0; number < seeds.size(); number++) {
            Files.write(corpus.resolve("seed-" + number), seeds.get(number));
        }
        Path output = folder.resolve("output.log");
        Process process = new ProcessBuilder(command(target, folder, corpus))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        boolean driverMissing = text.contains("UnsatisfiedLinkError");
        if (driverMissing) {
            System.err.println("SKIPPED: Jazzer has no driver for this machine");
        }
        Assumptions.assumeFalse(driverMissing, "Jazzer has no driver for this machine");
        Matcher executions = EXECUTIONS.matcher(text);
        assertThat(status).as(text).isZero();
        assertThat(executions.find()).as(text).isTrue();
        System.out.printf("fuzz %s: %s executions%n", target.label(), executions.group(1));
        assertThat(Long.parseLong(executions.group(1))).isPositive();
    }

    private static List<String> command(TokenFuzzTarget target, Path folder, Path corpus) {
        // The same inputs in each build; a campaign draws its own.
        int seed = System.getProperty("lair.fuzz.only") == null ? 1 : 0;
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Xss1m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlair.fuzz.target=" + target.label(),
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + TokenFuzzEntry.class.getName(),
                "--instrumentation_includes=dev.lair.server.trustedpublishing.**",
                "--custom_hook_excludes=**",
                "--disabled_hooks=*",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator + "find-",
                "-max_len=" + INPUT_BYTES,
                "-rss_limit_mb=0",
                "-timeout=20",
                "-print_final_stats=1",
                "-runs=" + Long.getLong("lair.fuzz.runs", RUNS_IN_TESTS),
                "-max_total_time=" + Integer.getInteger("lair.fuzz.seconds", SECONDS_IN_TESTS),
                "-seed=" + seed,
                corpus.toString()));
    }

    /** Without JUnit: Jazzer would take the class for a test of JUnit's when it sees it. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("junit"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
