package dev.lair.storage;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Decides what a test does without the real server that it needs: it skips with a line that nobody overlooks, unless
 * the environment says that this may not happen. {@code LAIR_TEST_REQUIRE} lists, with commas, what has to be there:
 * {@code LAIR_TEST_REQUIRE=postgres,s3}.
 */
public final class Required {

    /** Lists what must not be skipped. */
    public static final String VARIABLE = "LAIR_TEST_REQUIRE";

    private Required() {}

    /** Finds or starts something that a test needs. */
    @FunctionalInterface
    public interface Search<T> {
        /** @throws Missing when it cannot be had on this machine; any other exception is a fault and fails the test */
        T find() throws Missing;
    }

    /** Something is not to be had on this machine. */
    public static final class Missing extends Exception {

        private static final long serialVersionUID = 1L;

        /** Says what was looked for, in which order, and why each way ended. */
        public Missing(String reason) {
            super(reason);
        }
    }

    /** What {@code search} finds; without it the test that asks is skipped, or fails when {@code name} is required. */
    public static <T> T orSkip(String name, Search<T> search) {
        return orSkip(name, search, System.getenv());
    }

    static <T> T orSkip(String name, Search<T> search, Map<String, String> environment) {
        try {
            return search.find();
        } catch (Missing e) {
            if (isRequired(name, environment)) {
                return Assertions.fail(VARIABLE + " asks for " + name + ": " + e.getMessage(), e);
            }
            System.err.println("SKIPPED without " + name + ": " + e.getMessage());
            return Assumptions.abort("no " + name + ": " + e.getMessage());
        }
    }

    private static boolean isRequired(String name, Map<String, String> environment) {
        return Arrays.stream(environment.getOrDefault(VARIABLE, "").split(","))
                .map(String::strip)
                .anyMatch(name::equals);
    }
}
