package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the bucket looks like from outside, and several nodes at once. */
class S3StorageTest {

    private static final byte[] HELLO = "hello, component".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(HELLO);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final List<S3Storage> opened = new ArrayList<>();
    private S3Settings settings;

    @BeforeEach
    void choosePrefix() {
        settings = S3Server.shared().settings().withPartSize(Limits.MIN_PART_BYTES);
    }

    @AfterEach
    void close() {
        opened.forEach(S3Storage::close);
    }

    private S3Storage node(S3Settings own) throws Exception {
        S3Storage node = S3Storage.open(own, Files.createTempDirectory(folder, "scratch"), clock);
        opened.add(node);
        return node;
    }

    private S3Storage node() throws Exception {
        return node(settings);
    }

    private static void put(S3Storage node, byte[] bytes) throws Exception {
        node.contents().put(Digest.of(bytes), new ByteArrayInputStream(bytes), bytes.length);
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<String> keys() {
        try (S3Client client = S3Server.shared().client()) {
            return client
                    .listObjectsV2Paginator(r -> r.bucket(settings.bucket()).prefix(settings.prefix()))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .map(key -> key.substring(settings.prefix().length()))
                    .toList();
        }
    }

    private HeadObjectResponse head(String key) {
        try (S3Client client = S3Server.shared().client()) {
            return client.headObject(r -> r.bucket(settings.bucket()).key(settings.prefix() + key));
        }
    }

    @Test
    void openingLeavesNothingInTheBucket() throws Exception {
        node();
        assertThat(keys()).isEmpty();
    }

    @Test
    void objectsStandWhereTheyAreServedFrom() throws Exception {
        S3Storage node = node();
        put(node, HELLO);
        node.snapshots().save(70_000, out -> out.write(HELLO));
        node.archive().putIfAbsent("log/tile/0/x001/067", HELLO);

        assertThat(keys())
                .containsExactlyInAnyOrder(
                        "content/sha256/" + DIGEST.hex(),
                        "content/sha256/" + DIGEST.hex() + ".0.touched.1767323045678901",
                        "log/tile/0/x001/067",
                        "snapshots/0000000000000070000.map");
        HeadObjectResponse tile = head("log/tile/0/x001/067");
        assertThat(tile.contentType()).isEqualTo("application/octet-stream");
        assertThat(tile.cacheControl()).isEqualTo("public, max-age=31536000, immutable");
        HeadObjectResponse content = head("content/sha256/" + DIGEST.hex());
        assertThat(content.contentDisposition()).isEqualTo("attachment");
        assertThat(content.cacheControl()).isNull();
    }

    @Test
    void foldersOfOtherStoresAreNoPathsOfTheArchive() throws Exception {
        S3Storage node = node();
        put(node, HELLO);
        node.snapshots().save(5, out -> out.write(HELLO));
        node.archive().putIfAbsent("contents", HELLO);
        node.archive().putIfAbsent("zone/1", HELLO);
        assertThatThrownBy(() -> node.archive().get("content/sha256/" + DIGEST.hex()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("content");
        assertThatThrownBy(() -> node.archive().putIfAbsent("snapshots/x", HELLO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(node.archive().firstAfter("", "")).contains("contents");
        assertThat(node.archive().firstAfter("", "contents")).contains("zone/1");
        assertThat(node.archive().firstAfter("", "zone/1")).isEmpty();
    }

    @Test
    void largeContentGoesUpInPartsAndIsReadBack() throws Exception {
        S3Storage node = node();
        byte[] large = random((int) Limits.MIN_PART_BYTES * 2 + 17, 1);
        put(node, large);
        Digest digest = Digest.of(large);
        assertThat(node.contents().find(digest).orElseThrow().sizeBytes()).isEqualTo(large.length);
        try (InputStream in = node.contents().open(digest, 5_000_000, 5_000_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, 5_000_000, 10_000_000));
        }
        byte[] read = node.contents().read(digest, buffer -> {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        });
        assertThat(read).isEqualTo(large);
        try (Stream<Path> scratch = Files.walk(folder)) {
            assertThat(scratch.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void largeSnapshotReplacesTheOldOneWhenItIsComplete() throws Exception {
        S3Storage node = node();
        byte[] first = random((int) Limits.MIN_PART_BYTES + 5, 2);
        byte[] second = random((int) Limits.MIN_PART_BYTES + 5, 3);
        node.snapshots().save(5, out -> out.write(first));
        node.snapshots().save(5, out -> {
            out.write(second);
            try (InputStream in = node.snapshots().open(5)) {
                assertThat(in.readAllBytes()).isEqualTo(first);
            }
        });
        try (InputStream in = node.snapshots().open(5)) {
            assertThat(in.readAllBytes()).isEqualTo(second);
        }
    }

    @Test
    void nodesThatPutTheSameContentsAtOnceKeepOneObjectEach() throws Exception {
        S3Storage one = node();
        S3Storage other = node();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            contents.add(random(100_000, i));
        }
        contents.add(random((int) Limits.MIN_PART_BYTES + 1, 99));
        together(List.of(
                () -> {
                    for (byte[] content : contents) {
                        put(one, content);
                    }
                    return true;
                },
                () -> {
                    for (byte[] content : contents) {
                        put(other, content);
                    }
                    return true;
                }));
        assertThat(keys())
                .filteredOn(key -> !key.contains("."))
                .containsExactlyInAnyOrderElementsOf(contents.stream()
                        .map(content -> "content/sha256/" + Digest.of(content).hex())
                        .toList());
        for (byte[] content : contents) {
            assertThat(one.contents()
                            .read(Digest.of(content), ByteBuffer::remaining)
                            .intValue())
                    .isEqualTo(content.length);
        }
    }

    @Test
    void whatOneNodePutAndDeletedTheOthersSee() throws Exception {
        S3Storage one = node();
        S3Storage other = node();
        for (int round = 0; round < 3; round++) {
            put(one, HELLO);
            assertThat(other.contents().find(DIGEST)).isPresent();
            clock.move(Duration.ofDays(2));
            assertThat(other.contents().untouchedSince(clock.instant(), null, 10))
                    .containsExactly(DIGEST);
            assertThat(other.contents().deleteIfUntouchedSince(DIGEST, clock.instant()))
                    .isTrue();
            assertThat(one.contents().find(DIGEST)).isEmpty();
            assertThat(one.contents().touch(DIGEST)).isFalse();
        }
        // The number of the next life stays remembered for a week, by the clock of whoever walks.
        assertThat(keys()).hasSize(2).allMatch(key -> key.contains(".2."));
        clock.move(Duration.ofDays(10_000));
        one.contents().untouchedSince(clock.instant(), null, 10);
        assertThat(keys()).isEmpty();
    }

    private static void together(List<Callable<Boolean>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(work.size());
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (Callable<Boolean> one : work) {
                results.add(threads.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            for (Future<Boolean> result : results) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void directUrlServesTheContentWithoutCredentials() throws Exception {
        S3Storage node = node(settings.withPresign(Duration.ofMinutes(5)));
        assertThat(node.contents().directUrl(DIGEST, Duration.ofMinutes(1))).isEmpty();
        put(node, HELLO);
        URI url = node.contents().directUrl(DIGEST, Duration.ofHours(1)).orElseThrow();
        assertThat(url.getQuery()).contains("X-Amz-Expires=300");

        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<byte[]> whole =
                client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(HELLO);
        assertThat(whole.headers().firstValue("Content-Disposition")).contains("attachment");
        assertThat(whole.headers().firstValue("Content-Type")).contains("application/octet-stream");
        HttpResponse<byte[]> range = client.send(
                HttpRequest.newBuilder(url).header("Range", "bytes=7-15").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo("component".getBytes(UTF_8));
        URI forged = URI.create(
                url.toString().replace(DIGEST.hex(), Digest.of(new byte[1]).hex()));
        assertThat(client.send(HttpRequest.newBuilder(forged).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void directUrlFollowsTheContentIntoItsNextLife() throws Exception {
        S3Storage node = node(settings.withPresign(Duration.ofMinutes(5)));
        put(node, HELLO);
        clock.move(Duration.ofDays(2));
        assertThat(node.contents().deleteIfUntouchedSince(DIGEST, clock.instant()))
                .isTrue();
        put(node, HELLO);
        URI url = node.contents().directUrl(DIGEST, Duration.ofMinutes(1)).orElseThrow();
        assertThat(url.getPath()).endsWith(DIGEST.hex() + ".1");
        try (InputStream in = node.contents().open(DIGEST, 0, HELLO.length)) {
            assertThat(in.readAllBytes()).isEqualTo(HELLO);
        }
    }

    @Test
    void directUrlNamesTheServerAsClientsReachIt() throws Exception {
        FaultProxy outside = FaultProxy.before(S3Server.shared().endpoint());
        S3Storage node = node(settings.withPresign(Duration.ofMinutes(5)).withPublicEndpoint(outside.uri()));
        put(node, HELLO);
        URI url = node.contents().directUrl(DIGEST, Duration.ofMinutes(1)).orElseThrow();
        assertThat(url.getPort()).isEqualTo(outside.uri().getPort());
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(HELLO);
        assertThat(outside.seen()).hasSize(1);
        outside.close();
    }

    @Test
    void withoutTheSettingThereIsNoDirectUrl() throws Exception {
        S3Storage node = node();
        put(node, HELLO);
        assertThat(node.contents().directUrl(DIGEST, Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void damagedContentIsNotReadAndNotTakenForAnUpload() throws Exception {
        S3Storage node = node();
        put(node, HELLO);
        try (S3Client client = S3Server.shared().client()) {
            client.putObject(
                    r -> r.bucket(settings.bucket()).key(settings.prefix() + "content/sha256/" + DIGEST.hex()),
                    RequestBody.fromString("hello, worm"));
        }
        assertThatThrownBy(() -> node.contents().read(DIGEST, ByteBuffer::remaining))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> put(node, HELLO))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void uploadsThatNobodyEndedAreGivenUpAfterAWeek() throws Exception {
        try (S3Client client = S3Server.shared().client()) {
            String key = settings.prefix() + "content/sha256/" + DIGEST.hex();
            client.createMultipartUpload(r -> r.bucket(settings.bucket()).key(key));
            node();
            assertThat(uploads(client))
                    .as("by a clock of long ago it may go on")
                    .hasSize(1);
            clock.move(Duration.ofDays(10_000));
            node();
            assertThat(uploads(client)).isEmpty();
        }
    }

    private List<String> uploads(S3Client client) {
        return client
                .listMultipartUploads(r -> r.bucket(settings.bucket()).prefix(settings.prefix()))
                .uploads()
                .stream()
                .map(upload -> upload.key())
                .toList();
    }

    @Test
    void streamsThatAreReadOrClosedHoldNoConnection() throws Exception {
        S3Storage node = node();
        byte[] content = random(Limits.EAGER_BYTES + 1, 6);
        put(node, content);
        for (int i = 0; i <= Limits.STREAMS; i++) {
            InputStream forgotten = node.contents().open(Digest.of(content), 0, content.length);
            assertThat(forgotten.readAllBytes()).hasSize(content.length);
            node.contents().open(Digest.of(content), 0, content.length).close();
        }
    }

    @Test
    void closedStorageSaysSoAndOpenStreamsGoOn() throws Exception {
        S3Storage node = node();
        byte[] large = random(300_000, 5);
        put(node, large);
        try (InputStream in = node.contents().open(Digest.of(large), 0, large.length)) {
            node.close();
            node.close();
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
        for (Callable<?> use : List.<Callable<?>>of(
                () -> node.contents().find(DIGEST),
                () -> node.contents().open(DIGEST, 0, 1),
                () -> node.snapshots().sizes(),
                () -> node.archive().get("a"))) {
            assertThatThrownBy(use::call).isInstanceOf(StorageException.class).hasMessageContaining("closed");
        }
    }
}
