package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.MapLeaf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sequencer is asked for: bounded, filled by any thread, emptied by the sequencer's. All who want to see what
 * other nodes wrote share one wish, which is kept beside the queue: a queue that is full of records must not refuse it.
 */
final class CommandQueue {

    private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);

    private final BlockingQueue<Command> commands;

    /** The refresh that somebody asked for and that has not begun. */
    private final AtomicReference<@Nullable CompletableFuture<Void>> wantedRefresh = new AtomicReference<>();

    sealed interface Command {

        /** A record with the costly hashes done by the thread that brought it. */
        record Append(NewRecord record, LeafHash leaf, MapLeaf mapLeaf, Appended promise) implements Command {

            /** Breaks both promises; one that is kept stays so. */
            void fail(LedgerException why) {
                promise.leafIndex().completeExceptionally(why);
                promise.covered().completeExceptionally(why);
            }
        }

        /** Somebody wants to see what other nodes wrote. */
        record Refresh() implements Command {}

        record Stop() implements Command {}
    }

    /** What was taken from the queue at once. */
    record Taken(List<Command> commands) {

        List<Command.Append> appends() {
            return commands.stream()
                    .filter(Command.Append.class::isInstance)
                    .map(Command.Append.class::cast)
                    .toList();
        }

        boolean hasStop() {
            return commands.stream().anyMatch(Command.Stop.class::isInstance);
        }
    }

    CommandQueue(int capacity) {
        this.commands = new ArrayBlockingQueue<>(capacity);
    }

    int size() {
        return commands.size();
    }

    /** Queues a record; false when the queue is full. */
    boolean offer(Command.Append append) {
        return commands.offer(append);
    }

    /** Queues the last command; false when the queue stays full for a second. */
    boolean offerStop() throws InterruptedException {
        return commands.offer(new Command.Stop(), 1, TimeUnit.SECONDS);
    }

    /** What has gathered, at most {@code most} commands; nothing when nobody came for a while. */
    Taken take(int most) throws InterruptedException {
        List<Command> taken = new ArrayList<>();
        Command first = commands.poll(Limits.IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            taken.add(first);
            commands.drainTo(taken, most - 1);
        }
        return new Taken(taken);
    }

    /** Joins the wish that waits, or makes one. */
    CompletableFuture<Void> wantRefresh() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> waiting = wantedRefresh.updateAndGet(wanted -> wanted == null ? mine : wanted);
        if (waiting == mine && !commands.offer(new Command.Refresh())) {
            // The thread is busy and looks at the wish between two batches anyway.
            LOG.debug("refresh waits behind a full queue");
        }
        return waiting == null ? CompletableFuture.completedFuture(null) : waiting;
    }

    boolean isRefreshWanted() {
        return wantedRefresh.get() != null;
    }

    /** The wish that waits, which is begun now; null if there is none. */
    @Nullable
    CompletableFuture<Void> takeRefresh() {
        return wantedRefresh.getAndSet(null);
    }

    /** A wish that was begun and not granted waits again. */
    void putBack(CompletableFuture<Void> wish) {
        CompletableFuture<Void> other = wantedRefresh.getAndUpdate(wanted -> wanted == null ? wish : wanted);
        if (other != null) {
            other.whenComplete((done, failure) -> wish.complete(null));
        }
    }

    /** Breaks the promises of all that wait. Who wants a refresh is let go: what it finds says why. */
    void failAll(Stopped why) {
        List<Command> left = new ArrayList<>();
        commands.drainTo(left);
        new Taken(left).appends().forEach(append -> append.fail(why));
        CompletableFuture<Void> refresh = takeRefresh();
        if (refresh != null) {
            refresh.complete(null);
        }
    }
}
