package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestClock;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.StorageException;
import dev.lair.storage.s3.FaultProxy;
import dev.lair.storage.s3.FaultProxy.Fault;
import dev.lair.storage.s3.S3Server;
import dev.lair.storage.s3.S3Settings;
import dev.lair.storage.s3.S3Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles on their way to a real S3 server through a network that loses answers. */
class TileArchiveS3Test {

    private static final TestClock CLOCK = new TestClock();
    private static final Predicate<FaultProxy.Request> PUT_OF_TILE =
            request -> request.method().equals("PUT") && request.target().contains("/log/tile/");

    private static PublishedLogs logs;

    @TempDir
    private Path scratch;

    private FaultProxy proxy;
    private S3Settings settings;
    private S3Storage bucket;

    @BeforeAll
    static void fill() {
        logs = PublishedLogs.of(CLOCK);
    }

    @BeforeEach
    void open() throws Exception {
        S3Server server = S3Server.shared();
        proxy = FaultProxy.before(server.endpoint());
        settings = server.settings(proxy.uri());
        bucket = S3Storage.open(settings, scratch.resolve("one"), CLOCK);
    }

    @AfterEach
    void close() throws Exception {
        // A server may have been missing.
        if (bucket != null) {
            bucket.close();
            proxy.close();
        }
    }

    @Test
    void putsWhoseAnswersAreLostAreFoundToHaveSucceeded() throws Exception {
        proxy.next(9, PUT_OF_TILE, new Fault.LoseAnswer());
        try (TileArchive copying = logs.archiving(bucket.archive())) {
            copying.copy(logs.treeSize(), logs.evidenceSize());
        }
        logs.requireArchived(bucket.archive());
    }

    @Test
    void copyThatFailedGoesOnWhereItStopped() throws Exception {
        try (TileArchive copying = logs.archiving(bucket.archive())) {
            copying.copy(9 * 256, 0);
            proxy.next(
                    1000,
                    PUT_OF_TILE,
                    new Fault.Answer(503, request -> "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code></Error>"));
            assertThatThrownBy(() -> copying.copy(10 * 256, 0)).isInstanceOf(StorageException.class);
        }
        proxy.close();
        proxy = FaultProxy.before(S3Server.shared().endpoint());
        try (S3Storage again =
                        S3Storage.open(settings.withEndpoint(proxy.uri(), true), scratch.resolve("again"), CLOCK);
                TileArchive copying = logs.archiving(again.archive())) {
            copying.copy(logs.treeSize(), logs.evidenceSize());
            logs.requireArchived(again.archive());
        }
        assertThat(proxy.seen()).filteredOn(PUT_OF_TILE).hasSize(16);
    }

    @Test
    void twoNodesAtOnceFillOneBucket() throws Exception {
        proxy.next(3, PUT_OF_TILE, new Fault.LoseAnswer());
        try (S3Storage second = S3Storage.open(settings, scratch.resolve("two"), CLOCK);
                TileArchive one = logs.archiving(bucket.archive());
                TileArchive two = logs.archiving(second.archive())) {
            List<CompletableFuture<Void>> both = new ArrayList<>();
            for (TileArchive node : List.of(one, two)) {
                both.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                node.copy(logs.treeSize(), logs.evidenceSize());
                            } catch (ArchiveConflictException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)));
            }
            both.forEach(OpenLedger::await);
        }
        logs.requireArchived(bucket.archive());
    }

    @Test
    void objectOfAnotherHistoryIsAConflict() throws Exception {
        bucket.archive().putIfAbsent("log/tile/entries/004", new byte[9]);
        try (TileArchive copying = logs.archiving(bucket.archive())) {
            assertThatThrownBy(() -> copying.copy(logs.treeSize(), 0))
                    .isInstanceOf(ArchiveConflictException.class)
                    .hasMessageContaining("log/tile/entries/004");
        }
    }
}
