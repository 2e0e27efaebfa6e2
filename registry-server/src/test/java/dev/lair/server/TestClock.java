package dev.lair.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves only when a test says so. */
public final class TestClock extends Clock {

    /** Where every test clock starts: at a whole microsecond, which is what storage keeps. */
    public static final Instant START = Instant.parse("2026-03-04T05:06:07.890123Z");

    private volatile Instant now = START;

    /** Moves the clock, backwards when {@code by} is negative. */
    public synchronized void move(Duration by) {
        now = now.plus(by);
    }

    /** Sets the clock. */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants have no zone");
    }
}
