package dev.lair.bench;

import dev.lair.signing.PublicKey;
import dev.lair.transparency.LogLeaf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes over HTTP. {@link #atFullLoad}: so many clients, each of which sends its next release when the last is
 * published. {@link #atLoad}: so many publishes each second, whether earlier ones are answered or not, each followed by an
 * inclusion proof; a late start counts as waiting.
 */
final class PublishRun {

    private final InetSocketAddress server;
    private final PublicKey operator;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    PublishRun(InetSocketAddress server, PublicKey operator) {
        this.server = server;
        this.operator = operator;
    }

    /** A moment of a run: what was published until then, and the processor time that it took. */
    private record Mark(long nanoTime, long published, Duration serverCpu, Duration databaseCpu, Duration clientCpu) {}

    /**
     * Publishes with one client per row.
     *
     * @param serverCpu processor time of the server so far
     * @param databaseCpu that of a database beside it
     */
    Findings atFullLoad(
            List<List<Release>> rows,
            Duration warmUp,
            Duration run,
            Supplier<Duration> serverCpu,
            Supplier<Duration> databaseCpu)
            throws IOException {
        AtomicLong published = new AtomicLong();
        AtomicInteger exhausted = new AtomicInteger();
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        long counted = start + warmUp.toNanos();
        long end = counted + run.toNanos();
        Supplier<Mark> mark =
                () -> new Mark(System.nanoTime(), published.get(), serverCpu.get(), databaseCpu.get(), clientCpu());
        Mark before;
        Mark after;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<Release> row : rows) {
                clients.execute(() -> {
                    if (publishUntil(end, row, published, latencies, counted)) {
                        exhausted.incrementAndGet();
                    }
                });
            }
            Pace.until(counted);
            before = mark.get();
            Pace.until(end);
            after = mark.get();
        }
        requireNoFailure();
        long count = after.published() - before.published();
        double seconds = Pace.seconds(after.nanoTime() - before.nanoTime());
        return new Findings()
                .put("http_publishes_per_second", count / seconds)
                .put("http_clients", rows.size())
                .put("http_clients_out_of_releases", exhausted.get())
                .put("http_publish_p50_ms", latencies.millis(0.5))
                .put("http_publish_p99_ms", latencies.millis(0.99))
                .put("http_server_cpu_ms_per_publish", perPublish(before.serverCpu(), after.serverCpu(), count))
                .put("http_database_cpu_ms_per_publish", perPublish(before.databaseCpu(), after.databaseCpu(), count))
                .put("http_client_cpu_ms_per_publish", perPublish(before.clientCpu(), after.clientCpu(), count));
    }

    private static double perPublish(Duration before, Duration after, long count) {
        return after.minus(before).toNanos() / 1e6 / Math.max(1, count);
    }

    private static Duration clientCpu() {
        return Duration.ofNanos(
                ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime());
    }

    /** Whether the row ended before the run. */
    private boolean publishUntil(
            long end, List<Release> row, AtomicLong published, Latencies latencies, long countedFrom) {
        try (Door door = new Door(server, operator)) {
            for (Release release : row) {
                long sent = System.nanoTime();
                if (sent >= end || failure.get() != null) {
                    return false;
                }
                door.publish(release);
                published.incrementAndGet();
                if (sent >= countedFrom) {
                    latencies.note(System.nanoTime() - sent);
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
            return false;
        }
    }

    /** Publishes these at an even pace and proves each; answers how long that took, from sending to the verified proof. */
    Latencies atLoad(int perSecond, List<Release> releases) throws IOException {
        Latencies latencies = new Latencies();
        ConcurrentLinkedQueue<Door> doors = new ConcurrentLinkedQueue<>();
        long start = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < releases.size() && failure.get() == null; i++) {
                long due = start + i * 1_000_000_000L / perSecond;
                Release release = releases.get(i);
                Pace.until(due);
                clients.execute(() -> {
                    if (publishAndProve(doors, release)) {
                        latencies.note(System.nanoTime() - due);
                    }
                });
            }
        }
        for (Door door : doors) {
            door.close();
        }
        requireNoFailure();
        return latencies;
    }

    private boolean publishAndProve(ConcurrentLinkedQueue<Door> doors, Release release) {
        try {
            Door idle = doors.poll();
            Door door = idle == null ? new Door(server, operator) : idle;
            long leaf = door.publish(release);
            door.prove(new LogLeaf(release.log(), release.record()), leaf);
            doors.add(door);
            return true;
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
            return false;
        }
    }

    private void requireNoFailure() throws IOException {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IOException("publishing failed: " + cause.getMessage(), cause);
        }
    }
}
