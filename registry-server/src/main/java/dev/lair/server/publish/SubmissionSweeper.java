package dev.lair.server.publish;

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
}
