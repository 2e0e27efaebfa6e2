package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Authors that publish at once, each in a package of its own, until the server is killed under them. They note what they
 * were told: every 202 "processing" or "published" and every 201 is a promise, and so is every checkpoint.
 */
final class PublishStream {

    static final int ROUNDS = 3;
    private static final int AUTHORS = 4;

    /** The kill comes after this many promises of a round, at most; then a few microseconds later, at random. */
    private static final int PROMISES_PER_ROUND = 60;

    private static final int SPIN_NANOS = 3_000_000;
    private static final int ROUND_ENDS_WITHIN_SECONDS = 60;

    /** A record that the registry promised to keep; {@code leaf} when it said at which leaf. */
    record Promise(
            PackageAuthor author,
            SignedPackageRecord record,
            @Nullable Long leaf) {}

    private final Random random;
    private final List<Author> authors = new ArrayList<>();
    private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();
    private final Queue<SignedCheckpoint> checkpoints = new ConcurrentLinkedQueue<>();

    PublishStream(long seed) {
        random = new Random(seed);
        for (int i = 0; i < AUTHORS; i++) {
            authors.add(new Author(i));
        }
    }

    List<Promise> acknowledged() {
        return List.copyOf(promises);
    }

    /** Publishes from all authors and kills the server in the middle of it. */
    void publishUntilKilled(ServerProcess server) throws Exception {
        CountDownLatch untilKill = new CountDownLatch(1 + random.nextInt(PROMISES_PER_ROUND));
        int spinNanos = random.nextInt(SPIN_NANOS);
        ExecutorService threads = Executors.newFixedThreadPool(AUTHORS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Author author : authors) {
                running.add(threads.submit(() -> author.publishUntilGone(server.registry(), untilKill)));
            }
            if (!untilKill.await(ROUND_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the authors were promised too little: " + server.log());
            }
            long start = System.nanoTime();
            while (System.nanoTime() - start < spinNanos) {
                Thread.onSpinWait();
            }
            server.kill();
            for (Future<?> author : running) {
                author.get(ROUND_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Hands in again what got no answer: the registry has it already, or takes it now. */
    void settle(Registry registry) throws Exception {
        for (Author author : authors) {
            author.settle(registry);
        }
    }

    /** Every promise was kept. */
    void check(Registry registry, Audit audit) throws Exception {
        for (Promise promise : promises) {
            assertThat(audit.has(
                            promise.author().name().logId(), promise.record().id()))
                    .as("acknowledged record " + promise.record().id() + " is in the ledger")
                    .isTrue();
            PackageRecord status = registry.status(promise.author().name(), promise.record());
            assertThat(status.getState()).isEqualTo(RecordState.PUBLISHED);
            if (promise.leaf() != null) {
                assertThat(status.getRegistryIndex())
                        .as("the leaf that was named")
                        .isEqualTo(promise.leaf());
            }
        }
        for (SignedCheckpoint seen : checkpoints) {
            audit.extendsCheckpoint(registry, seen);
        }
        for (Author author : authors) {
            author.check(registry, audit);
        }
    }

    private final class Author {

        private final PackageAuthor author;
        private final int number;
        private final List<byte[]> released = new ArrayList<>();
        private int next;
        private @Nullable SignedPackageRecord unanswered;
        private byte[] content = {};

        Author(int number) {
            this.number = number;
            this.author = new PackageAuthor(Keys.BOB, "test:stream-" + "abcd".charAt(number));
        }

        Void publishUntilGone(Registry registry, CountDownLatch promised) throws Exception {
            try {
                while (true) {
                    // Every third release has content of its own, the others content that is there already.
                    if (next % 3 == 0) {
                        content = Wasm.module("stream " + number + " release " + next);
                    }
                    unanswered = author.release("1.0." + next++, content);
                    handIn(registry, unanswered);
                    released.add(content);
                    unanswered = null;
                    promised.countDown();
                    checkpoints.add(registry.checkpoint());
                }
            } catch (IOException killed) {
                return null;
            } catch (ApiException e) {
                if (e.getCode() != 0) {
                    throw e;
                }
                return null;
            }
        }

        void settle(Registry registry) throws Exception {
            if (unanswered != null) {
                handIn(registry, unanswered);
                released.add(content);
                unanswered = null;
            }
            for (Promise promise : promises) {
                if (promise.author() == author) {
                    registry.published(author.name(), promise.record());
                }
            }
        }

        private void handIn(Registry registry, SignedPackageRecord record) throws Exception {
            PackageRecord answer = registry.submit(author.name(), record);
            if (answer.getState() == RecordState.SOURCING) {
                HttpReply upload = registry.upload(answer, content);
                if (upload.status() != 201) {
                    throw new AssertionError("upload for " + author.name() + ": " + upload);
                }
                promises.add(new Promise(author, record, null));
                return;
            }
            if (answer.getState() == RecordState.REJECTED) {
                throw new AssertionError("rejected: " + answer);
            }
            promises.add(new Promise(author, record, answer.getRegistryIndex()));
        }

        void check(Registry registry, Audit audit) throws Exception {
            assertThat(audit.packageLog(author.name()).head())
                    .as("the author's own copy of the log")
                    .isEqualTo(author.state().head());
            for (byte[] bytes : released) {
                assertThat(registry.download(Digest.of(bytes))).isEqualTo(bytes);
            }
        }
    }
}
