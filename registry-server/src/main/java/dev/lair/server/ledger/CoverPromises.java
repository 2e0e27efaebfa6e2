package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.signing.SignedCheckpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Who waits for a checkpoint that covers a durable record. Any thread may call; none waits for more than memory. */
final class CoverPromises {

    /** By place, not by arrival: a record that another node appended is confirmed late. */
    private final Queue<Waiting> queue = new PriorityQueue<>(Comparator.comparingLong(Waiting::leafIndex));

    private record Waiting(long leafIndex, CompletableFuture<SignedCheckpoint> covered) {}

    /** These wait from now on, the first for a checkpoint that covers {@code firstIndex}. */
    synchronized void add(long firstIndex, List<Appended> promises) {
        long index = firstIndex;
        for (Appended promise : promises) {
            queue.add(new Waiting(index++, promise.covered()));
        }
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Keeps the promises that this checkpoint covers; costs nothing for the others. */
    void keep(SignedCheckpoint checkpoint) {
        take(checkpoint.contents().checkpoint().logLength())
                .forEach(waiting -> waiting.covered().complete(checkpoint));
    }

    void breakAll(Stopped why) {
        take(Long.MAX_VALUE).forEach(waiting -> waiting.covered().completeExceptionally(why));
    }

    /** Told outside the lock: who waits may do anything. */
    private synchronized List<Waiting> take(long size) {
        List<Waiting> taken = new ArrayList<>();
        for (Waiting next = queue.peek(); next != null && next.leafIndex() < size; next = queue.peek()) {
            taken.add(queue.remove());
        }
        return taken;
    }
}
