package dev.lair.cli;

import dev.lair.cli.time.Span;
import java.time.Duration;
import java.util.Optional;

/** How old a checkpoint may be: a span of time, or {@code none} for any age. */
record MaxAge(Optional<Duration> limit) {

    private static final String NONE = "none";

    /**
     * Parses an age.
     *
     * @throws IllegalArgumentException naming the forms that there are
     */
    static MaxAge parse(String text) {
        return new MaxAge(text.equals(NONE) ? Optional.empty() : Optional.of(Span.parse(text)));
    }

    @Override
    public String toString() {
        return limit.map(Span::format).orElse(NONE);
    }
}
