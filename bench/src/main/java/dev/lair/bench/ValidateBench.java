package dev.lair.bench;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code validate}: how long a component takes from its bytes to a verdict, function bodies included, next to wasm-tools in
 * node, which does not look at function bodies; so the engine's own check of the core modules is timed too. The corpus has
 * nothing above a third of a megabyte: larger components are made of large core modules, which are those of the oracle's own
 * package, or else those of the corpus many times over.
 */
final class ValidateBench {

    /** The mode of this program that validates one file in a small young generation and prints the peak of its heap. */
    static final String MEASURED = "validate-measured";

    private static final long LARGE = 1_000_000;
    private static final long LARGEST = 11_500_000;

    /**
     * How often.
     *
     * @param warmUp runs of each file on each side that do not count
     * @param rounds runs that do, ours and theirs in turns
     */
    record Times(int warmUp, int rounds) {
        static final Times FULL = new Times(30, 9);
        static final Times QUICK = new Times(6, 5);
        static final Times SMOKE = new Times(1, 5);
    }

    private final Workplace place;
    private final Path root;
    private final Times times;

    ValidateBench(Workplace place, Path root, Times times) {
        this.place = place;
        this.root = root;
        this.times = times;
    }

    Findings run() throws IOException, InterruptedException {
        Path work = place.empty("validate");
        Optional<Path> installed = NodeOracle.installed(root);
        List<Component> components = components(work, installed);
        List<Findings> files = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> wholeRatios = new ArrayList<>();
        double largest = 0;
        try (Closer oracle =
                new Closer(installed.isEmpty() ? Optional.empty() : NodeOracle.start(installed.get(), work))) {
            for (Component component : components) {
                Measured measured = measure(component, oracle.oracle());
                files.add(measured.findings());
                if (component.sizeBytes() >= LARGE && measured.ratio() != null) {
                    ratios.add(measured.ratio());
                    wholeRatios.add(measured.wholeRatio());
                }
                largest = measured.ours();
                place.console().say(measured.findings().line());
            }
            Findings findings = new Findings().putParts("files", files);
            if (ratios.isEmpty()) {
                findings.missing(
                        "no oracle: node is absent, or its package is not where " + NodeOracle.VARIABLE + " says",
                        "median_ratio_over_1mb",
                        "median_ratio_over_1mb_with_bodies");
            } else {
                findings.put("median_ratio_over_1mb", median(ratios))
                        .put("median_ratio_over_1mb_with_bodies", median(wholeRatios));
            }
            Component last = components.get(components.size() - 1);
            return findings.put("largest_ms", largest)
                    .put("largest_bytes", last.sizeBytes())
                    .put("peak_heap_factor", peakHeapBytes(last) / (double) last.sizeBytes())
                    .put("rounds", times.rounds())
                    .put("warm_up", times.warmUp() + " runs of each file on each side");
        }
    }

    /** An oracle that may not be there, to be closed. */
    private record Closer(@Nullable NodeOracle oracle) implements AutoCloseable {
        Closer(Optional<NodeOracle> oracle) {
            this(oracle.orElse(null));
        }

        @Override
        public void close() {
            if (oracle != null) {
                oracle.close();
            }
        }
    }

    /** What was measured of one file, in milliseconds; ratios are null where the oracle did not take it. */
    private record Measured(
            Findings findings, double ours, @Nullable Double ratio, double wholeRatio) {}

    private Measured measure(Component component, @Nullable NodeOracle oracle) throws IOException {
        for (int i = 0; i < times.warmUp(); i++) {
            ours(component);
            if (oracle != null) {
                oracle.measure(component.file(), component.modules());
            }
        }
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        for (int i = 0; i < times.rounds(); i++) {
            ours.add(ours(component));
            if (oracle != null) {
                oracle.measure(component.file(), component.modules()).ifPresent(answer -> {
                    theirs.add(answer.validation());
                    whole.add(answer.validation() + answer.bodies());
                });
            }
        }
        double ourMillis = median(ours);
        Findings findings = new Findings()
                .put("name", component.name())
                .put("bytes", component.sizeBytes())
                .put("ours_ms", ourMillis);
        if (theirs.isEmpty()) {
            findings.missing(oracle == null ? "no oracle" : "the oracle does not take it", "oracle_node_ms", "ratio");
            return new Measured(findings, ourMillis, null, 0);
        }
        double ratio = ourMillis / median(theirs);
        double wholeRatio = ourMillis / median(whole);
        findings.put("oracle_node_ms", median(theirs))
                .put("ratio", ratio)
                .put("node_with_bodies_ms", median(whole))
                .put("ratio_with_bodies", wholeRatio);
        return new Measured(findings, ourMillis, ratio, wholeRatio);
    }

    private static double ours(Component component) throws IOException {
        var bytes = component.bytes();
        long start = System.nanoTime();
        try {
            ComponentValidator.validate(bytes, FeatureSet.all());
        } catch (InvalidComponentException invalid) {
            throw new IOException(component.name() + " is not valid", invalid);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** Ours and the corpus's components, then the large ones, by size. */
    private List<Component> components(Path work, Optional<Path> oracle) throws IOException {
        List<Component> components = new ArrayList<>();
        components.add(Component.of(root.resolve("examples/greeter/greeter.wasm")));
        Path real = root.resolveSibling("shared").resolve("corpus/real");
        if (Files.isDirectory(real)) {
            try (Stream<Path> files = Files.list(real)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".wasm"))
                        .sorted()
                        .toList()) {
                    components.add(Component.of(file));
                }
            }
        } else {
            place.console().say("no corpus beside the repository: only our own component is measured");
        }
        List<byte[]> modules = new ArrayList<>();
        if (oracle.isPresent()) {
            for (String name : List.of("wasm-tools", "js-component-bindgen-component")) {
                byte[] module = Files.readAllBytes(oracle.get().resolve("vendor/" + name + ".core.wasm"));
                components.add(Component.holding(work.resolve("holding-" + name), List.of(module)));
                modules.add(module);
            }
        } else {
            for (Component component : List.copyOf(components)) {
                modules.addAll(component.cores());
            }
        }
        if (times.warmUp() > Times.SMOKE.warmUp()) {
            components.add(Component.holding(work.resolve("holding-many-modules"), repeated(modules)));
        }
        components.sort(Comparator.comparingLong(Component::sizeBytes));
        return components;
    }

    private static List<byte[]> repeated(List<byte[]> modules) {
        List<byte[]> all = new ArrayList<>();
        long sizeBytes = 0;
        for (int i = 0; sizeBytes < LARGEST; i++) {
            byte[] module = modules.get(i % modules.size());
            all.add(module);
            sizeBytes += module.length;
        }
        return all;
    }

    /** The peak of the heap over what was there before, in a process of its own that collects garbage often. */
    private long peakHeapBytes(Component component) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmn2m", "-Xms256m", "-Xmx2g"));
        command.addAll(place.benchProgram());
        command.addAll(List.of(MEASURED, component.file().toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the measured process ended with " + process.exitValue() + ": " + last);
        }
        return Long.parseLong(last);
    }

    /** What that process does: one run to load classes, a collection, then the run that counts. */
    static long measured(Path file) throws IOException {
        Component component = Component.of(file);
        ours(component);
        System.gc();
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        long before = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
        ours(component);
        long peak =
                pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        return Math.max(0, peak - before);
    }

    private static double median(List<Double> figures) {
        return Latencies.median(
                figures.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
