package dev.lair.component.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs Jazzer on one target, in a process of its own with a small heap: an input that takes more is a find too. The
 * folder keeps what the campaign has learned ({@code corpus}) and found ({@code find-…}), so that it can go on later.
 *
 * @param target what to fuzz
 * @param runs executions, or fewer when the time is up
 * @param seconds the longest time that it goes on
 * @param seed of the inputs; {@link #RANDOM_SEED} for others each time
 * @param folder of the campaign
 */
record Campaign(FuzzTarget target, long runs, int seconds, long seed, Path folder) {
    private static final Pattern EXECUTIONS = Pattern.compile("(?m)^stat::number_of_executed_units:\\s*(\\d+)");
    /** Longer inputs are cut: short ones reach the same code, at several times the executions. */
    private static final int INPUT_BYTES = 512;

    /** The seed that has Jazzer draw one. */
    static final long RANDOM_SEED = 0;

    private static final int SEEDS_SHARE = 100;
    private static final String WITHOUT_DRIVER = "UnsatisfiedLinkError";

    /**
     * What came of it.
     *
     * @param executions how many inputs were run
     * @param failed whether Jazzer ended with anything but success
     * @param driverMissing whether Jazzer has no native part for this machine
     * @param output all that Jazzer printed
     */
    record Outcome(long executions, boolean failed, boolean driverMissing, String output) {}

    Outcome run() throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        // A short campaign would spend its time on seeds alone.
        List<byte[]> seeds = Seeds.of(target);
        for (byte[] seed : seeds.subList(0, (int) Math.min(seeds.size(), runs / SEEDS_SHARE))) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        Path output = folder.resolve("output.log");
        Process process = new ProcessBuilder(command(corpus))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        Matcher executions = EXECUTIONS.matcher(text);
        return new Outcome(
                executions.find() ? Long.parseLong(executions.group(1)) : 0,
                status != 0,
                text.contains(WITHOUT_DRIVER),
                text);
    }

    private List<String> command(Path corpus) {
        List<String> command = new ArrayList<>(List.of(
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
                "--target_class=" + JazzerEntry.class.getName(),
                "--instrumentation_includes=dev.lair.component.**",
                "--custom_hook_excludes=**",
                "--disabled_hooks=*",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator + "find-",
                "-max_len=" + INPUT_BYTES,
                "-rss_limit_mb=0",
                "-timeout=20",
                "-print_final_stats=1",
                "-runs=" + runs,
                "-max_total_time=" + seconds,
                "-seed=" + seed));
        command.add(corpus.toString());
        return command;
    }

    /** Without JUnit: Jazzer would take the class for a test of JUnit's when it sees it. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("junit"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
