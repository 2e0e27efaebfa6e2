package dev.lair.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.cli.time.Budget;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReplyBodyTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void piecesAreReadInOrderToTheEnd() throws IOException {
        try (SubmissionPublisher<List<ByteBuffer>> publisher = new SubmissionPublisher<>();
                ReplyBody body = new ReplyBody(publisher, LONG)) {
            publisher.submit(List.of(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3})));
            publisher.submit(List.of(ByteBuffer.wrap(new byte[] {4})));
            publisher.close();
            assertThat(body.readAll(4)).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void aBodyThatIsTooLongIsNotRead() {
        try (SubmissionPublisher<List<ByteBuffer>> publisher = new SubmissionPublisher<>();
                ReplyBody body = new ReplyBody(publisher, LONG)) {
            publisher.submit(List.of(ByteBuffer.wrap(new byte[5])));
            assertThatThrownBy(() -> body.readAll(4)).hasMessageContaining("longer than 4 bytes");
        }
    }

    @Test
    void aStalledBodyEndsWithATimeoutAndIsCancelled() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flow.Publisher<List<ByteBuffer>> silent = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                // never answers
            }

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        });
        try (ReplyBody body = new ReplyBody(silent, Duration.ofMillis(1))) {
            assertThatThrownBy(body::next).isInstanceOf(HttpTimeoutException.class);
        }
        assertThat(cancelled).isTrue();
    }

    @Test
    void aBodyThatNeverStartsEndsWithATimeout() {
        try (ReplyBody body = new ReplyBody(subscriber -> {}, Duration.ofMillis(1))) {
            assertThatThrownBy(body::next).isInstanceOf(HttpTimeoutException.class);
        }
    }

    /** Pieces that come in time do not make the whole last longer than it may. */
    @Test
    void aBodyThatTakesTooLongInAllEndsAlthoughEachPieceIsInTime() {
        try (SubmissionPublisher<List<ByteBuffer>> publisher = new SubmissionPublisher<>();
                ReplyBody body = new ReplyBody(publisher, LONG, Budget.of(Duration.ofNanos(1)))) {
            publisher.submit(List.of(ByteBuffer.wrap(new byte[] {1})));
            assertThatThrownBy(body::next)
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("it is not done within");
        }
    }

    @Test
    void aBrokenConnectionIsAnError() {
        try (SubmissionPublisher<List<ByteBuffer>> publisher = new SubmissionPublisher<>();
                ReplyBody body = new ReplyBody(publisher, LONG)) {
            publisher.closeExceptionally(new IOException("connection reset"));
            assertThatThrownBy(body::next).isInstanceOf(IOException.class).hasMessageContaining("connection reset");
        }
    }
}
