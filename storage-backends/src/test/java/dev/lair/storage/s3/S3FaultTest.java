package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.SoundStore;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.storage.TestClock;
import dev.lair.storage.s3.FaultProxy.Fault;
import dev.lair.storage.s3.FaultProxy.Request;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server behind a network that loses requests and answers. */
class S3FaultTest {

    private static final byte[] HELLO = "hello, component".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(HELLO);
    private static final int ALL_TRIES = Limits.ATTEMPTS;
    private static final Fault UNAVAILABLE = new Fault.Answer(503, request -> error("ServiceUnavailable"));

    @TempDir
    private Path scratch;

    private final TestClock clock = new TestClock();
    private FaultProxy proxy;
    private S3Storage storage;

    /** The bucket without the network that loses things. */
    private S3Settings direct;

    @BeforeEach
    void open() throws Exception {
        S3Server server = S3Server.shared();
        proxy = FaultProxy.before(server.endpoint());
        S3Settings settings = server.settings(proxy.uri()).withPartSize(Limits.MIN_PART_BYTES);
        direct = settings.withEndpoint(server.endpoint(), true);
        storage = S3Storage.open(settings, scratch.resolve("faulty"), clock);
    }

    @AfterEach
    void closeAndCheckWhatIsLeft() throws Exception {
        // A server may have been missing.
        if (storage != null) {
            storage.close();
            proxy.close();
            // Whatever went wrong on the way: what the bucket holds for all to see is whole.
            try (S3Storage sound = S3Storage.open(direct, scratch.resolve("direct"), clock)) {
                SoundStore.requireContents(sound.contents());
            }
        }
    }

    private static String error(String code) {
        return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>";
    }

    private static Predicate<Request> putOfBytes(Digest digest) {
        return request -> request.method().equals("PUT") && request.target().endsWith("/" + digest.hex());
    }

    private static Predicate<Request> method(String method, String part) {
        return request -> request.method().equals(method) && request.target().contains(part);
    }

    private StoredContent put(byte[] bytes) throws Exception {
        return storage.contents().put(Digest.of(bytes), new ByteArrayInputStream(bytes), bytes.length);
    }

    private void assertStored(byte[] bytes) throws Exception {
        Digest digest = Digest.of(bytes);
        assertThat(storage.contents().find(digest).map(StoredContent::sizeBytes))
                .contains((long) bytes.length);
        try (InputStream in = storage.contents().open(digest, 0, bytes.length)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    private static byte[] large() {
        byte[] bytes = new byte[(int) Limits.MIN_PART_BYTES + 100_000];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    @Test
    void putWhoseAnswerIsLostIsTriedAgainAndSucceeds() throws Exception {
        proxy.next(1, putOfBytes(DIGEST), new Fault.LoseAnswer());
        put(HELLO);
        assertStored(HELLO);
        assertThat(proxy.seen()).filteredOn(putOfBytes(DIGEST)).hasSize(2);
    }

    @Test
    void putWhoseAnswersAreAllLostIsFoundToHaveSucceeded() throws Exception {
        proxy.next(ALL_TRIES, putOfBytes(DIGEST), new Fault.LoseAnswer());
        put(HELLO);
        assertStored(HELLO);
    }

    @Test
    void putThatTheServerNeverSawFailsAndLeavesNothing() throws Exception {
        for (Fault fault : List.of(new Fault.LoseRequest(), UNAVAILABLE)) {
            proxy.next(ALL_TRIES, putOfBytes(DIGEST), fault);
            assertThatThrownBy(() -> put(HELLO)).isInstanceOf(StorageException.class);
            assertThat(storage.contents().find(DIGEST)).isEmpty();
            assertThatThrownBy(() -> storage.contents().open(DIGEST, 0, 1))
                    .isInstanceOf(ContentNotFoundException.class);
        }
        put(HELLO);
        assertStored(HELLO);
    }

    @Test
    void putThatArrivesAfterItsDeletionDoesNotComeBack() throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();
        proxy.next(1, putOfBytes(DIGEST), new Fault.Late(later));
        put(HELLO);
        clock.move(Duration.ofDays(2));
        assertThat(storage.contents().deleteIfUntouchedSince(DIGEST, clock.instant()))
                .isTrue();

        later.complete(null);
        proxy.awaitLate();
        assertThat(storage.contents().find(DIGEST)).isEmpty();
        assertThat(storage.contents().touch(DIGEST)).isFalse();
        // The walk removes the bytes that came back; a new upload is not hit by it.
        storage.contents().untouchedSince(clock.instant(), null, 10);
        assertThatThrownBy(() -> storage.contents().open(DIGEST, 0, 1)).isInstanceOf(ContentNotFoundException.class);
        put(HELLO);
        assertStored(HELLO);
    }

    @Test
    void touchThatIsLostOnceIsTriedAgain() throws Exception {
        put(HELLO);
        clock.move(Duration.ofHours(1));
        proxy.next(1, method("PUT", ".touched."), new Fault.LoseAnswer());
        proxy.next(1, method("GET", "list-type=2"), UNAVAILABLE);
        assertThat(storage.contents().touch(DIGEST)).isTrue();
        assertThat(storage.contents().find(DIGEST).orElseThrow().touchedAt()).isEqualTo(clock.instant());
    }

    @Test
    void verdictWhoseAnswerIsLostIsKnownForOurs() throws Exception {
        put(HELLO);
        clock.move(Duration.ofDays(2));
        proxy.next(1, method("PUT", ".verdict."), new Fault.LoseAnswer());
        assertThat(storage.contents().deleteIfUntouchedSince(DIGEST, clock.instant()))
                .isTrue();
        assertThat(storage.contents().find(DIGEST)).isEmpty();
    }

    @Test
    void deletionThatBreaksOffBehindItsVerdictIsEndedByTheWalk() throws Exception {
        put(HELLO);
        clock.move(Duration.ofDays(2));
        proxy.next(ALL_TRIES, method("DELETE", DIGEST.hex()), UNAVAILABLE);
        assertThat(storage.contents().deleteIfUntouchedSince(DIGEST, clock.instant()))
                .isTrue();
        assertThat(storage.contents().find(DIGEST)).isEmpty();

        storage.contents().untouchedSince(clock.instant(), null, 10);
        assertThatThrownBy(() -> storage.contents().read(DIGEST, ByteBuffer::remaining))
                .isInstanceOf(ContentNotFoundException.class);
    }

    @Test
    void conflictThatPassesIsTriedAgain() throws Exception {
        proxy.next(2, putOfBytes(DIGEST), new Fault.Answer(409, request -> error("ConditionalRequestConflict")));
        put(HELLO);
        assertStored(HELLO);
    }

    @Test
    void halfUploadedPartsAreInvisible() throws Exception {
        byte[] large = large();
        Digest digest = Digest.of(large);
        Fault looking = new Fault.Before(() -> {
            assertThat(storage.contents().find(digest)).isEmpty();
            assertThatThrownBy(() -> storage.contents().open(digest, 0, 1))
                    .isInstanceOf(ContentNotFoundException.class);
        });
        proxy.next(1, method("POST", digest.hex() + "?uploadId="), looking);
        put(large);
        assertStored(large);
        assertThat(proxy.seen()).filteredOn(method("PUT", "partNumber=")).hasSize(2);
    }

    @Test
    void lostAnswersOfEachStepOfAnUploadInPartsAreMadeGood() throws Exception {
        byte[] large = large();
        Digest digest = Digest.of(large);
        proxy.next(1, method("POST", digest.hex() + "?uploads"), new Fault.LoseAnswer());
        proxy.next(1, method("PUT", "partNumber="), new Fault.LoseAnswer());
        proxy.next(1, method("POST", digest.hex() + "?uploadId="), new Fault.LoseAnswer());
        put(large);
        assertStored(large);
    }

    @Test
    void uploadInPartsThatFailsLeavesNothing() throws Exception {
        byte[] large = large();
        Digest digest = Digest.of(large);
        proxy.next(ALL_TRIES, method("POST", digest.hex() + "?uploadId="), UNAVAILABLE);
        assertThatThrownBy(() -> put(large)).isInstanceOf(StorageException.class);
        assertThat(storage.contents().find(digest)).isEmpty();
        assertThat(proxy.seen()).anyMatch(method("DELETE", "uploadId="));
        put(large);
        assertStored(large);
    }

    @Test
    void downloadThatBreaksOffGoesOnWhereItStopped() throws Exception {
        byte[] large = large();
        put(large);
        Predicate<Request> download =
                method("GET", "/content/sha256/" + Digest.of(large).hex());
        proxy.next(1, download, new Fault.CutAnswer(1_000_000));
        proxy.next(1, download, new Fault.CutAnswer(0));
        try (InputStream in = storage.contents().open(Digest.of(large), 100, large.length - 200)) {
            assertThat(in.readNBytes(2_000_000)).isEqualTo(Arrays.copyOfRange(large, 100, 2_000_100));
            assertThat(in.skip(1_000_000)).isEqualTo(1_000_000);
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, 3_000_100, large.length - 100));
        }
        assertThat(proxy.seen())
                .filteredOn(download)
                .extracting(request -> request.headers().get("range"))
                .startsWith("bytes=100-" + (large.length - 101))
                .anyMatch(range -> range.startsWith("bytes=1000100-"))
                .anyMatch(range -> range.startsWith("bytes=3000100-"));
    }

    @Test
    void wholeContentIsCheckedAndFetchedInSpiteOfBreaks() throws Exception {
        byte[] large = large();
        put(large);
        proxy.next(2, method("GET", Digest.of(large).hex()), new Fault.CutAnswer(700_000));
        Digest read = storage.contents().read(Digest.of(large), buffer -> {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return Digest.of(bytes);
        });
        assertThat(read).isEqualTo(Digest.of(large));
    }

    @Test
    void archivedObjectWhoseAnswerIsLostIsTheSame() throws Exception {
        proxy.next(1, method("PUT", "log/tile/0/000"), new Fault.LoseAnswer());
        assertThat(storage.archive().putIfAbsent("log/tile/0/000", HELLO)).isFalse();
        assertThat(storage.archive().get("log/tile/0/000")).contains(HELLO);
        assertThatThrownBy(() -> storage.archive().putIfAbsent("log/tile/0/000", new byte[3]))
                .isInstanceOf(ArchiveConflictException.class);
    }

    @Test
    void failedListOrGetIsAFailureAndNotAnAbsence() throws Exception {
        put(HELLO);
        storage.snapshots().save(5, out -> out.write(HELLO));
        storage.archive().putIfAbsent("a/b", HELLO);
        proxy.next(Integer.MAX_VALUE, method("GET", ""), UNAVAILABLE);
        assertThatThrownBy(() -> storage.contents().find(DIGEST))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("503")
                .hasMessageContaining("overloaded");
        assertThatThrownBy(() -> storage.contents().open(DIGEST, 0, 3)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.snapshots().sizes()).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.archive().get("a/b")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> storage.archive().firstAfter("a/", "")).isInstanceOf(StorageException.class);
    }

    @Test
    void missingBucketIsAFailureAndNotAnAbsence() throws Exception {
        put(HELLO);
        proxy.next(Integer.MAX_VALUE, method("GET", ""), new Fault.Answer(404, request -> error("NoSuchBucket")));
        assertThatThrownBy(() -> storage.contents().open(DIGEST, 0, 3))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("create the bucket");
        assertThatThrownBy(() -> storage.archive().get("a/b")).isInstanceOf(StorageException.class);
    }
}
