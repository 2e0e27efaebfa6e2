package dev.lair.server.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks regularly after the records that wait. */
@Component
final class SubmissionSweeper {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionSweeper.class);

    private final Intake intake;
    private final PublishService publishing;
    private final AtomicBoolean judging = new AtomicBoolean();

    SubmissionSweeper(Intake intake, PublishService publishing) {
        this.intake = intake;
        this.publishing = publishing;
    }

    @Scheduled(fixedDelayString = "${lair.publish.sweep-every:1m}")
    void sweep() {
        intake.sweep();
    }

    /**
     * Soon behind a start: what was complete then goes on when the gate has said its last word. On a thread of its own, since
     * all tasks with a delay share one and the gate may be busy for long.
     */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void judgeLeftOver() {
        if (judging.compareAndSet(false, true)) {
            Thread.ofVirtual().name("lair-last-word").start(() -> {
                try {
                    publishing.judgeLeftOver();
                } catch (RuntimeException e) {
                    LOG.warn("records are left to be judged, which is tried again: {}", e.getMessage(), e);
                } finally {
                    judging.set(false);
                }
            });
        }
    }

    /** Far more often: what is forgotten is small work each time, and what is not slows down who publishes next. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void forgetSettled() {
        intake.forgetSettled();
    }
}
