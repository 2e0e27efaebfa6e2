package dev.lair.cli.client;

import dev.lair.cli.time.Budget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply, read piece by piece. The HTTP client's own time-out ends with the headers, so a server could stall
 * a body for ever; here each piece has its time, and the whole too. Owned by one reading thread; the client's threads only feed the queue.
 */
final class ReplyBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private sealed interface Piece {
        record Bytes(List<ByteBuffer> buffers) implements Piece {}

        record End(Optional<Throwable> failure) implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Duration stall;
    private final Budget budget;
    /** Completed by the client's thread, at times after the reply itself is handed out. */
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    ReplyBody(Flow.Publisher<List<ByteBuffer>> publisher, Duration stall) {
        this(publisher, stall, Budget.unlimited());
    }

    /**
     * @param stall time for one piece
     * @param budget time for all of it
     */
    ReplyBody(Flow.Publisher<List<ByteBuffer>> publisher, Duration stall, Budget budget) {
        this.stall = stall;
        this.budget = budget;
        publisher.subscribe(this);
    }

    /** Everything, at most {@code maxBytes}. */
    byte[] readAll(long maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel out = Channels.newChannel(bytes);
        for (Optional<List<ByteBuffer>> next = next(); next.isPresent(); next = next()) {
            for (ByteBuffer buffer : next.get()) {
                if (bytes.size() + (long) buffer.remaining() > maxBytes) {
                    throw new IOException("the reply is longer than " + maxBytes + " bytes");
                }
                out.write(buffer);
            }
        }
        return bytes.toByteArray();
    }

    /** The next piece, or empty at the end; {@link IOException} when the connection fails or stalls. */
    Optional<List<ByteBuffer>> next() throws IOException {
        if (budget.isOver()) {
            throw stalled();
        }
        source().request(1);
        Piece piece = take();
        if (piece == null) {
            throw stalled();
        }
        return switch (piece) {
            case Piece.Bytes bytes -> Optional.of(bytes.buffers());
            case Piece.End end -> {
                if (end.failure().isPresent()) {
                    throw new IOException(
                            String.valueOf(end.failure().get().getMessage()),
                            end.failure().get());
                }
                yield Optional.empty();
            }
        };
    }

    private Flow.Subscription source() throws IOException {
        try {
            return subscription.get(budget.cap(stall).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException | TimeoutException e) {
            throw stalled();
        }
    }

    private @Nullable Piece take() throws IOException {
        try {
            return pieces.poll(budget.cap(stall).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    private IOException stalled() {
        return new HttpTimeoutException(
                budget.isOver()
                        ? "it is not done within " + budget
                        : "nothing arrived for " + stall.toSeconds() + " s");
    }

    /** Writes one piece; a failure of {@code out} is the caller's, not the connection's. */
    static long write(List<ByteBuffer> buffers, OutputStream out) throws IOException {
        long written = 0;
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            out.write(bytes);
            written += bytes.length;
        }
        return written;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription.complete(newSubscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece.Bytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece.End(Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece.End(Optional.empty()));
    }

    @Override
    public void close() {
        CompletableFuture<Void> cancelled = subscription.thenAccept(Flow.Subscription::cancel);
        assert !cancelled.isCompletedExceptionally();
    }
}
