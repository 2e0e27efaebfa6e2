package dev.lair.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a figure was measured on. */
final class Machine {

    private static final int SYNCS = 200;

    private Machine() {}

    /** Describes this machine and the disk of {@code folder}. */
    static Findings describe(Path folder) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        return new Findings()
                .put("processor", value(Path.of("/proc/cpuinfo"), "model name").orElse("unknown"))
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("memory", value(Path.of("/proc/meminfo"), "MemTotal").orElse("unknown"))
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("disk", disk.type() + " with " + disk.getUsableSpace() / (1L << 30) + " GiB free")
                .put("fsync_p50_ms", fsync(folder).millis(0.5))
                .put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version())
                .put(
                        "bench_jvm_flags",
                        String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()))
                .put(
                        "load_average_before",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** A line {@code key : value} of a text file. */
    private static Optional<String> value(Path file, String key) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** Appends of 4 KiB, each synced: what a commit costs at least. The disk of a rented machine drifts. */
    static Latencies fsync(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "fsync-", ".tmp");
        Latencies latencies = new Latencies();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(4096));
                channel.force(false);
                latencies.note(System.nanoTime() - start);
            }
        } finally {
            Files.delete(file);
        }
        return latencies;
    }

    /** Reads every file below {@code folder}, so that what follows finds them in the page cache. */
    static void fillPageCache(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    /**
     * Empties the page cache, so that what follows reads from the disk.
     *
     * @return whether this was allowed
     */
    static boolean dropPageCache() throws IOException, InterruptedException {
        if (new ProcessBuilder("sync").start().waitFor() != 0) {
            return false;
        }
        try {
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3\n");
            return true;
        } catch (IOException notAllowed) {
            return false;
        }
    }
}
