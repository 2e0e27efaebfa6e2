package dev.lair.bench;

import dev.lair.transparency.ProofRejected;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code proofs}: how long the server takes to make a proof over a large ledger, and how much heap that takes. Measured in a
 * process of its own, whose heap is limited to what the goal allows.
 */
final class ProofsBench {

    /** The mode of this program in which that process runs. */
    static final String MEASURED = "proofs-measured";

    /** Headers of objects as {@code ./lair serve} has them, where the JVM knows how. */
    static final List<String> FLAGS = Runtime.version().feature() >= 25
            ? List.of(
                    "-Xmx512m",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:InitiatingHeapOccupancyPercent=75",
                    "--enable-native-access=ALL-UNNAMED")
            : List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED");

    private final Workplace place;
    private final Scale scale;

    ProofsBench(Workplace place, Scale scale) {
        this.place = place;
        this.scale = scale;
    }

    /** What the process prints; the figures are the last line, a JSON object. */
    String run() throws IOException, InterruptedException {
        LargeLedger large = LargeLedger.open(place, scale);
        // A start bench before this one may have emptied it.
        large.fillPageCache();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(place.benchProgram());
        command.addAll(List.of(MEASURED, "--proofs", String.valueOf(scale.proofs())));
        large.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String last = "";
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                place.console().say("  " + line);
                last = line;
            }
        } finally {
            process.destroy();
        }
        if (process.waitFor() != 0 || !last.startsWith("{")) {
            throw new IOException("the measured process ended with " + process.exitValue() + ": " + last);
        }
        return last;
    }

    /** What that process does. */
    static Findings measured(Map<String, String> settings, int proofs) throws ProofRejected {
        long start = System.nanoTime();
        try (LocalLedger local = LocalLedger.open(settings)) {
            double opened = Pace.seconds(System.nanoTime() - start);
            return new ProofRun(local.ledger(), local.store())
                    .run(proofs)
                    .put("opened_s", opened)
                    .put("warm_up", "a quarter as many proofs of each kind in front; all files are in the page cache")
                    .put("jvm_flags", String.join(" ", FLAGS));
        }
    }
}
