package dev.lair.cli.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void theMachinesPaceLetsTimePass() {
        Pace pace = Pace.ofMachine();
        long before = pace.nanos();
        pace.pause(Duration.ofNanos(1));
        assertThat(pace.nanos() - before).isPositive();
    }

    @Test
    void anInterruptedThreadWaitsNoLonger() {
        Thread.currentThread().interrupt();
        try {
            assertThat(new Deadline(Pace.ofMachine(), Duration.ofHours(1)).another())
                    .isFalse();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
