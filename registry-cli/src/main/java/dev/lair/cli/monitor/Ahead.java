package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.Unproven;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The bundles {@code [first, end)} in order, the next ones already on their way while one is worked on. Owned by one
 * thread; the fetching is done by others, which share nothing but the HTTP client.
 */
final class Ahead<T> implements AutoCloseable {

    /** Fetches one bundle. */
    @FunctionalInterface
    interface Source<T> {
        T fetch(long number) throws Fault, RegistryRefused;
    }

    private final Source<T> source;
    private final long end;
    private final Deque<Future<T>> coming = new ArrayDeque<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private long next;

    Ahead(long first, long end, Source<T> source) {
        this.source = source;
        this.next = first;
        this.end = end;
    }

    /** Whether there is another bundle. */
    boolean hasNext() {
        return !coming.isEmpty() || next < end;
    }

    /** The next bundle. */
    T next() throws Fault {
        while (next < end && coming.size() <= MonitorLimits.BUNDLES_AHEAD) {
            long number = next++;
            Callable<T> fetch = () -> source.fetch(number);
            coming.add(threads.submit(fetch));
        }
        try {
            return coming.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ExitCode.UNREACHABLE.fault("interrupted while waiting for the registry", e);
        } catch (ExecutionException e) {
            throw faultOf(e);
        }
    }

    private static Fault faultOf(ExecutionException e) {
        return switch (e.getCause()) {
            case Fault fault -> fault;
            case RegistryRefused refused -> Unproven.refusedProof("what its log holds", refused);
            case null, default -> throw new IllegalStateException("fetching failed in an unforeseen way", e.getCause());
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
