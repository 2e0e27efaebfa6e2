package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.publish.Publication.Processing;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same record again, in each state that it can have. */
class RepostTest {

    private final TestClock clock = new TestClock();
    private final byte[] content = Wasm.component("content");
    private final Author author = Author.of("test:again", clock);

    @Test
    void whileSourcingItIsToldWhatIsMissing() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            Publication first = registry.publish(author, record);
            clock.move(Duration.ofMinutes(30));

            assertThat(registry.publish(author, record))
                    .isEqualTo(first)
                    .isEqualTo(new Sourcing(record.id(), Set.of(Digest.of(content))));
            assertThat(registry.storage().submissions().open(0, 100).submissions())
                    .hasSize(1);
            registry.upload(author, record, content);
            assertThat(registry.ledger().publishedSize()).isEqualTo(2);
        }
    }

    @Test
    void whileProcessingItIsToldSoEvenUnderAnotherSignature() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, "publish.answer-within", "0ms")) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            CountDownLatch released = new CountDownLatch(1);
            registry.store().beforeCheckpoint(WatchedLedgerStore.until(released));
            assertThat(registry.upload(author, record, content)).isEqualTo(new Processing(record.id()));
            assertThat(registry.publish(author, record)).isEqualTo(new Processing(record.id()));
            SignedRecord signed = record.envelope();
            SignedPackageRecord twin = SignedPackageRecord.decode(
                    SignedRecord.sign(RecordDomain.PACKAGE, signed.contentBytes(), author.key()));
            assertThat(registry.publish(author, twin)).isEqualTo(new Processing(record.id()));
            assertThat(registry.status(Author.of("test:other", clock), record)).isEmpty();

            released.countDown();
            registry.awaitCovered(author, record);
            assertThat(registry.status(author, record)).contains(new Published(record.id(), 1));
            assertThat(registry.store().state().treeSize()).isEqualTo(2);
        }
    }

    @Test
    void oncePublishedItIsToldItsPlaceHoweverLate() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            SignedPackageRecord next = author.yank("1.0.0");
            registry.publish(author, next);
            clock.move(Duration.ofDays(400));

            assertThat(registry.publish(author, record)).isEqualTo(new Published(record.id(), 1));
            assertThat(registry.restart().publish(author, record)).isEqualTo(new Published(record.id(), 1));
            assertThat(registry.ledger().publishedSize()).isEqualTo(3);
        }
    }

    @Test
    void onceRejectedItIsTriedAnew() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            SignedPackageRecord yank = author.yank("1.0.0");
            assertThat(registry.publish(author, record)).isInstanceOf(Sourcing.class);
            clock.move(Duration.ofHours(2));
            registry.sweep();
            assertThat(registry.status(author, record)).containsInstanceOf(Rejected.class);
            clock.move(Duration.ofHours(-2));

            assertThat(registry.publish(author, record)).isInstanceOf(Sourcing.class);
            assertThat(registry.upload(author, record, content)).isEqualTo(new Published(record.id(), 1));
            assertThat(registry.publish(author, yank)).isEqualTo(new Published(yank.id(), 2));
            registry.sweep();
            assertThat(registry.storage().submissions().find(record.id())).isEmpty();
        }
    }

    @Test
    void fromManyThreadsAtOnceItIsPublishedOnceAndNobodyIsToldOtherwise() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            for (int round = 0; round < 40; round++) {
                SignedPackageRecord next = author.release("2.0." + round, content);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Publication>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return registry.publish(author, next);
                    }));
                }
                start.countDown();
                for (Future<Publication> answer : answers) {
                    assertThat(answer.get(20, TimeUnit.SECONDS))
                            .isIn(new Processing(next.id()), new Published(next.id(), round + 2));
                }
                registry.awaitCovered(author, next);
                assertThat(registry.status(author, next)).contains(new Published(next.id(), round + 2));
            }
            assertThat(registry.ledger().publishedSize()).isEqualTo(42);
        }
    }

    @Test
    void ofTwoRivalsFromManyThreadsOneIsPublishedAndOneIsRejected() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            for (int round = 0; round < 40; round++) {
                SignedPackageRecord behind = author.release("2.0." + round, content);
                author.continueBehind(behind.contents().prev());
                SignedPackageRecord rival = author.release("3.0." + round, content);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Publication>> answers = new ArrayList<>();
                for (SignedPackageRecord either : List.of(behind, rival)) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return registry.publish(author, either);
                    }));
                }
                start.countDown();
                Publication one = answers.get(0).get(20, TimeUnit.SECONDS);
                Publication two = answers.get(1).get(20, TimeUnit.SECONDS);
                assertThat(List.of(one, two)).hasAtLeastOneElementOfType(Published.class);
                assertThat(List.of(one, two))
                        .contains(new Rejected(
                                one instanceof Rejected ? one.recordId() : two.recordId(),
                                "previous record hash does not match"));
                author.continueBehind(one instanceof Published ? one.recordId() : two.recordId());
            }
        }
    }
}
