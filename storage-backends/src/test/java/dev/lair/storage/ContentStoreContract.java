package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ContentStore} promises. */
public abstract class ContentStoreContract extends StorageContract {

    private static final Duration GRACE = Duration.ofHours(24);
    private static final byte[] HELLO = "hello, component".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(HELLO);

    private ContentStore contents;

    @BeforeEach
    void openContents() {
        contents = storage.contents();
    }

    private StoredContent put(byte[] bytes) throws Exception {
        return contents.put(Digest.of(bytes), new ByteArrayInputStream(bytes), bytes.length);
    }

    private byte[] readAll(Digest digest, long offset, long length) throws Exception {
        try (InputStream in = contents.open(digest, offset, length)) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void assertAbsent(Digest digest) {
        assertThat(contents.find(digest)).isEmpty();
        assertThat(contents.touch(digest)).isFalse();
        assertThat(contents.untouchedSince(Instant.MAX, null, 100)).doesNotContain(digest);
        assertThat(contents.deleteIfUntouchedSince(digest, Instant.MAX)).isFalse();
        assertThatThrownBy(() -> contents.open(digest, 0, 0)).isInstanceOf(ContentNotFoundException.class);
        assertThatThrownBy(() -> contents.read(digest, ByteBuffer::remaining))
                .isInstanceOf(ContentNotFoundException.class);
    }

    @Test
    void contentThatWasPutIsReadBack() throws Exception {
        StoredContent stored = put(HELLO);
        assertThat(stored).isEqualTo(new StoredContent(DIGEST, HELLO.length, TestClock.START));
        assertThat(contents.find(DIGEST)).contains(stored);
        assertThat(readAll(DIGEST, 0, HELLO.length)).isEqualTo(HELLO);
        assertThat(contents.<byte[]>read(DIGEST, ContentStoreContract::bytesOf)).isEqualTo(HELLO);
    }

    @Test
    void storeThatTakesContentsSaysSo() throws Exception {
        put(HELLO);
        assertThatCode(contents::requireWritable).doesNotThrowAnyException();
        assertThat(contents.touch(DIGEST)).isTrue();
    }

    @Test
    void emptyAndLargeContentsAreKept() throws Exception {
        byte[] large = new byte[1_000_003];
        new Random(7).nextBytes(large);
        for (byte[] bytes : List.of(new byte[0], large)) {
            put(bytes);
            assertThat(readAll(Digest.of(bytes), 0, bytes.length)).isEqualTo(bytes);
            assertThat(contents.<byte[]>read(Digest.of(bytes), ContentStoreContract::bytesOf))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void unknownContentIsAbsent() {
        assertAbsent(DIGEST);
    }

    @Test
    void bytesOfAnotherDigestLeaveNothing() {
        Digest other = Digest.of("other".getBytes(UTF_8));
        assertThatThrownBy(() -> contents.put(other, new ByteArrayInputStream(HELLO), 100))
                .isInstanceOfSatisfying(DigestMismatchException.class, e -> {
                    assertThat(e.expected()).isEqualTo(other);
                    assertThat(e.found()).isEqualTo(DIGEST);
                });
        assertAbsent(other);
        assertAbsent(DIGEST);
    }

    @Test
    void tooLargeContentLeavesNothingAndReadingStops() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }
        };
        assertThatThrownBy(() -> contents.put(DIGEST, endless, 1000))
                .isInstanceOfSatisfying(
                        ContentTooLargeException.class,
                        e -> assertThat(e.maxBytes()).isEqualTo(1000));
        assertThatThrownBy(() -> contents.put(DIGEST, new ByteArrayInputStream(HELLO), HELLO.length - 1))
                .isInstanceOf(ContentTooLargeException.class);
        assertAbsent(DIGEST);
    }

    @Test
    void sourceThatFailsLeavesNothing() {
        InputStream failing = new InputStream() {
            private int left = 5;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("connection reset");
                }
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
        assertThatThrownBy(() -> contents.put(DIGEST, failing, 1000))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
        assertAbsent(DIGEST);
    }

    @Test
    void putAgainReadsAndChecksTheBytesThenTouches() throws Exception {
        put(HELLO);
        clock.move(Duration.ofMinutes(5));
        assertThatThrownBy(() -> contents.put(DIGEST, new ByteArrayInputStream(new byte[3]), 100))
                .isInstanceOf(DigestMismatchException.class);
        assertThatThrownBy(() -> contents.put(DIGEST, new ByteArrayInputStream(HELLO), 3))
                .isInstanceOf(ContentTooLargeException.class);
        assertThat(contents.find(DIGEST).orElseThrow().touchedAt()).isEqualTo(TestClock.START);

        ByteArrayInputStream in = new ByteArrayInputStream(HELLO);
        StoredContent again = contents.put(DIGEST, in, 100);
        assertThat(again).isEqualTo(new StoredContent(DIGEST, HELLO.length, clock.instant()));
        assertThat(contents.find(DIGEST)).contains(again);
        assertThat(in.available()).isZero();
        assertThat(readAll(DIGEST, 0, HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void touchNeverMovesBackwards() throws Exception {
        put(HELLO);
        clock.move(Duration.ofMinutes(-5));
        assertThat(contents.touch(DIGEST)).isTrue();
        assertThat(contents.find(DIGEST).orElseThrow().touchedAt()).isEqualTo(TestClock.START);
        clock.move(Duration.ofMinutes(10));
        assertThat(contents.touch(DIGEST)).isTrue();
        assertThat(contents.find(DIGEST).orElseThrow().touchedAt())
                .isEqualTo(TestClock.START.plus(Duration.ofMinutes(5)));
    }

    @Test
    void rangesAreReadExactly() throws Exception {
        put(HELLO);
        assertThat(readAll(DIGEST, 7, 4)).isEqualTo("comp".getBytes(UTF_8));
        assertThat(readAll(DIGEST, HELLO.length, 0)).isEmpty();
        assertThat(readAll(DIGEST, HELLO.length - 1, 1)).isEqualTo("t".getBytes(UTF_8));
        try (InputStream in = contents.open(DIGEST, 7, 4)) {
            assertThat(in.skip(1)).isEqualTo(1);
            assertThat(in.read()).isEqualTo('o');
            assertThat(in.available()).isEqualTo(2);
            assertThat(in.read(new byte[10], 3, 7)).isEqualTo(2);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.skip(5)).isZero();
        }
    }

    @Test
    void rangesOutsideTheContentAreRefused() throws Exception {
        put(HELLO);
        long[][] bad = {
            {-1, 1}, {0, -1}, {0, HELLO.length + 1}, {HELLO.length, 1}, {1, Long.MAX_VALUE}, {Long.MAX_VALUE, 1}
        };
        for (long[] range : bad) {
            assertThatThrownBy(() -> contents.open(DIGEST, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void bufferIsReadOnly() throws Exception {
        put(HELLO);
        assertThatThrownBy(() -> contents.read(DIGEST, buffer -> buffer.put(0, (byte) 1)))
                .isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void onlyUntouchedContentsAreListedInPages() throws Exception {
        List<Digest> old = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            old.add(put(("content " + i).getBytes(UTF_8)).digest());
        }
        clock.move(GRACE);
        Digest touched = old.remove(3);
        contents.touch(touched);
        put("new".getBytes(UTF_8));
        Collections.sort(old);

        Instant cutoff = clock.instant();
        assertThat(contents.untouchedSince(cutoff, null, 100)).isEqualTo(old);
        assertThat(contents.untouchedSince(cutoff, null, 7)).isEqualTo(old.subList(0, 7));
        assertThat(contents.untouchedSince(cutoff, old.get(6), 7)).isEqualTo(old.subList(7, 14));
        assertThat(contents.untouchedSince(cutoff, old.get(18), 7)).isEmpty();
        assertThat(contents.untouchedSince(TestClock.START, null, 100)).isEmpty();
        assertThatThrownBy(() -> contents.untouchedSince(cutoff, null, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyUntouchedContentIsDeletedAndOpenStreamsGoOn() throws Exception {
        put(HELLO);
        assertThat(contents.deleteIfUntouchedSince(DIGEST, TestClock.START)).isFalse();
        try (InputStream in = contents.open(DIGEST, 0, HELLO.length)) {
            assertThat(contents.deleteIfUntouchedSince(DIGEST, TestClock.START.plusNanos(1000)))
                    .isTrue();
            assertThat(in.readAllBytes()).isEqualTo(HELLO);
        }
        assertAbsent(DIGEST);
        put(HELLO);
        assertThat(readAll(DIGEST, 0, HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void contentThatIsDeletedWhileItIsPutAgainIsThereAfterwards() throws Exception {
        put(HELLO);
        clock.move(GRACE.plusDays(1));
        Instant cutoff = clock.instant();
        InputStream deleting = new ByteArrayInputStream(HELLO) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                contents.deleteIfUntouchedSince(DIGEST, cutoff);
                return super.read(bytes, offset, Math.min(1, length));
            }
        };
        contents.put(DIGEST, deleting, 100);
        assertThat(contents.deleteIfUntouchedSince(DIGEST, cutoff)).isFalse();
        assertThat(readAll(DIGEST, 0, HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void concurrentPutsOfOneDigestAllSucceed() throws Exception {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        Digest digest = Digest.of(bytes);
        Callable<StoredContent> put = () -> contents.put(digest, new ByteArrayInputStream(bytes), bytes.length);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<StoredContent> each : threads.invokeAll(Collections.nCopies(24, put))) {
                assertThat(each.get()).isEqualTo(new StoredContent(digest, bytes.length, TestClock.START));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(readAll(digest, 0, bytes.length)).isEqualTo(bytes);
        assertThat(contents.untouchedSince(Instant.MAX, null, 100)).containsExactly(digest);
    }

    @Test
    void ofTouchAndDeleteExactlyOneWins() throws Exception {
        raceAgainstDelete(() -> contents.touch(DIGEST), (touched, deleted) -> {
            assertThat(touched).isNotEqualTo(deleted);
            assertThat(contents.find(DIGEST).isPresent()).isEqualTo(touched);
        });
    }

    @Test
    void putNeverLosesAgainstDelete() throws Exception {
        raceAgainstDelete(
                () -> {
                    put(HELLO);
                    return true;
                },
                (put, deleted) -> assertThat(contents.find(DIGEST)).isPresent());
    }

    @FunctionalInterface
    private interface Outcome {
        void check(boolean other, boolean deleted);
    }

    private void raceAgainstDelete(Callable<Boolean> other, Outcome outcome) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        try {
            for (int round = 0; round < 100; round++) {
                put(HELLO);
                clock.move(GRACE);
                Instant cutoff = clock.instant();
                Future<Boolean> racing = threads.submit(() -> {
                    start.await();
                    return other.call();
                });
                Future<Boolean> deleting = threads.submit(() -> {
                    start.await();
                    return contents.deleteIfUntouchedSince(DIGEST, cutoff);
                });
                outcome.check(racing.get(), deleting.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
