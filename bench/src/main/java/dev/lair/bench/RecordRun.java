package dev.lair.bench;

import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.NewRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Records per second through the real {@link Ledger}: producers hand in signed records as fast as it takes them, never more
 * than its queue holds, while the publisher signs, states and shows checkpoints as in production.
 */
final class RecordRun {

    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final SignedPool pool;
    private final Semaphore room;
    private final AtomicLong durable = new AtomicLong();
    private final AtomicLong covered = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Latencies untilDurable = new Latencies();
    private final Latencies untilCovered = new Latencies();
    private volatile boolean timed;
    private volatile boolean ended;

    private RecordRun(Ledger ledger, SignedPool pool, int queueRecords) {
        this.ledger = ledger;
        this.pool = pool;
        this.room = new Semaphore(Math.max(1, queueRecords / 2));
    }

    /** Runs and answers what came of it. */
    static Findings run(Ledger ledger, SignedPool pool, int queueRecords, Duration warmUp, Duration run)
            throws InterruptedException, IOException {
        return new RecordRun(ledger, pool, queueRecords).run(warmUp, run);
    }

    private Findings run(Duration warmUp, Duration run) throws InterruptedException, IOException {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService producers = Executors.newFixedThreadPool(pool.producers())) {
            for (int i = 0; i < pool.producers(); i++) {
                int producer = i;
                running.add(producers.submit(() -> {
                    produce(producer);
                    return null;
                }));
            }
            Pace.rest(warmUp);
            Findings findings = measure(running, run);
            ended = true;
            for (Future<?> producer : running) {
                producer.get();
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IOException("records could not be handed in: " + e.getCause(), e.getCause());
        } finally {
            ended = true;
        }
    }

    private void produce(int producer) throws IOException, InterruptedException {
        try (SignedPool.Reader records = pool.new Reader(producer)) {
            while (!ended) {
                NewRecord record = records.next();
                if (record == null) {
                    return;
                }
                room.acquire();
                append(record);
            }
        }
    }

    private void append(NewRecord record) {
        long sent = System.nanoTime();
        Appended promise = ledger.append(record);
        var kept = promise.leafIndex().whenComplete((leafIndex, refused) -> {
            room.release();
            if (refused != null) {
                failure.compareAndSet(null, refused);
                return;
            }
            durable.incrementAndGet();
            if (timed) {
                untilDurable.note(System.nanoTime() - sent);
            }
        });
        var shown = promise.covered().thenAccept(checkpoint -> {
            covered.incrementAndGet();
            if (timed) {
                untilCovered.note(System.nanoTime() - sent);
            }
        });
        if (kept.isCompletedExceptionally() || shown.isCompletedExceptionally()) {
            ended = true;
        }
    }

    private Findings measure(List<Future<?>> running, Duration run) throws IOException {
        long cpu = cpuNanos();
        long durableBefore = durable.get();
        long coveredBefore = covered.get();
        long start = System.nanoTime();
        timed = true;
        List<Double> samples = new ArrayList<>();
        long last = durableBefore;
        long now = start;
        while (now - start < run.toNanos() && running.stream().noneMatch(Future::isDone)) {
            long next = Math.min(now + SAMPLE.toNanos(), start + run.toNanos());
            Pace.until(next);
            long count = durable.get();
            long then = System.nanoTime();
            samples.add((count - last) / Pace.seconds(then - now));
            last = count;
            now = then;
        }
        timed = false;
        double seconds = Pace.seconds(now - start);
        Throwable refused = failure.get();
        if (refused != null) {
            throw new IOException("the ledger refused a record: " + refused, refused);
        }
        long records = last - durableBefore;
        return new Findings()
                .put("records_per_second", records / seconds)
                .put("records_published_per_second", (covered.get() - coveredBefore) / seconds)
                .put("records_seconds", seconds)
                .put(
                        "records_in_slowest_second",
                        samples.stream().mapToDouble(rate -> rate).min().orElse(0))
                .put("records_cpu_ms_per_1000", (cpuNanos() - cpu) / 1e6 / Math.max(1, records) * 1000)
                .put("records_until_durable_p50_ms", untilDurable.millis(0.5))
                .put("records_until_durable_p99_ms", untilDurable.millis(0.99))
                .put("records_until_published_p99_ms", untilCovered.millis(0.99))
                .put("map_packages", ledger.mappedLogs());
    }

    /** Processor time of this process, producers included. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
