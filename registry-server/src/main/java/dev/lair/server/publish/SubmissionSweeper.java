package dev.lair.server.publish;

import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks regularly after the records that wait. */
@Component
final class SubmissionSweeper {

    private final Intake intake;

    SubmissionSweeper(Intake intake) {
        this.intake = intake;
    }

    @Scheduled(fixedDelayString = "${lair.publish.sweep-every:1m}")
    void sweep() {
        intake.sweep();
    }

    /** Far more often: what is forgotten is small work each time, and what is not slows down who publishes next. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void forgetSettled() {
        intake.forgetSettled();
    }
}
