package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StorageProbeTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable StorageProbe<Integer> probe;

    private StorageProbe<Integer> probe(Supplier<Integer> question) {
        StorageProbe<Integer> made = new StorageProbe<>(question, nanos::get);
        probe = made;
        return made;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @AfterEach
    void close() {
        if (probe != null) {
            probe.close();
        }
    }

    @Test
    void aStorageThatAnswersHasNoObjectionAndShowsItsAnswer() {
        StorageProbe<Integer> probe = probe(() -> 7);
        assertThat(probe.seen()).isEmpty();
        assertThat(probe.objection()).isEmpty();
        assertThat(probe.seen()).contains(7);
    }

    @Test
    void anAnswerIsBelievedForAMomentAndNoLonger() {
        StorageProbe<Integer> probe = probe(asked::incrementAndGet);
        probe.objection();
        pass(StorageProbe.FRESH.minusNanos(1));
        probe.objection();
        assertThat(asked).hasValue(1);
        pass(Duration.ofNanos(1));
        probe.objection();
        assertThat(asked).hasValue(2);
    }

    @Test
    void aFailureIsToldWithoutItsDetailsAndLeavesTheOldAnswer() {
        AtomicInteger turn = new AtomicInteger();
        StorageProbe<Integer> probe = probe(() -> {
            if (turn.getAndIncrement() == 1) {
                throw new IllegalStateException("password is hunter2");
            }
            return turn.get();
        });
        probe.objection();
        pass(StorageProbe.FRESH);
        assertThat(probe.objection())
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("storage failed").doesNotContain("hunter2"));
        assertThat(probe.seen()).contains(1);
        pass(StorageProbe.FRESH);
        assertThat(probe.objection()).isEmpty();
    }

    @Test
    void anOutageIsLoggedWhenItBeginsOnceAMinuteAndWhenItEnds() {
        AtomicBoolean out = new AtomicBoolean(true);
        StorageProbe<Integer> probe = probe(() -> {
            if (out.get()) {
                throw new IllegalStateException("no route to host");
            }
            return 1;
        });
        Logger logger = (Logger) LoggerFactory.getLogger(StorageProbe.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try {
            long looks = 2 * StorageProbe.TELL_AGAIN.dividedBy(StorageProbe.FRESH) + 1;
            for (long look = 0; look < looks; look++) {
                assertThat(probe.objection()).isPresent();
                pass(StorageProbe.FRESH);
            }
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getLevel)
                    .containsExactly(Level.WARN, Level.WARN, Level.WARN);
            assertThat(lines.list.getFirst().getFormattedMessage()).contains("no route to host");

            out.set(false);
            for (int look = 0; look < 3; look++) {
                assertThat(probe.objection()).isEmpty();
                pass(StorageProbe.FRESH);
            }
            assertThat(lines.list).extracting(ILoggingEvent::getLevel).endsWith(Level.WARN, Level.INFO);
            assertThat(lines.list).hasSize(4);

            out.set(true);
            assertThat(probe.objection()).isPresent();
            assertThat(lines.list).as("the next outage is told at once").hasSize(5);
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
    }

    @Test
    void aStorageThatHangsIsAskedOnceAndReportedToEveryone() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        StorageProbe<Integer> probe = probe(() -> {
            int count = asked.incrementAndGet();
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return count;
        });
        // The first asker waits for real; another thread moves the clock for those who come later.
        Thread first = Thread.ofVirtual().start(probe::objection);
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        pass(StorageProbe.WITHIN);
        for (int i = 0; i < 100; i++) {
            assertThat(probe.objection())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("did not answer within 2000 ms"));
        }
        assertThat(asked).hasValue(1);

        released.countDown();
        first.join();
        assertThat(probe.objection()).isEqualTo(Optional.empty());
        assertThat(asked).hasValue(1);
    }
}
