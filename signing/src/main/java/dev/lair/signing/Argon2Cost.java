package dev.lair.signing;

/**
 * What one guess of a passphrase costs (Argon2id, RFC 9106).
 *
 * @param memoryKib memory in KiB, 19456 to 1048576
 * @param iterations passes over the memory, 2 to 16
 * @param parallelism lanes, 1 to 16
 */
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {

    /** The second recommended choice of RFC 9106: 64 MiB, 3 passes, 4 lanes. */
    public static final Argon2Cost DEFAULT = new Argon2Cost(64 * 1024, 3, 4);

    /** Checks the bounds; {@link IllegalArgumentException} names the one that is broken. */
    public Argon2Cost {
        requireBetween("memory in KiB", memoryKib, Limits.ARGON2_MIN_MEMORY_KIB, Limits.ARGON2_MAX_MEMORY_KIB);
        requireBetween("iterations", iterations, Limits.ARGON2_MIN_ITERATIONS, Limits.ARGON2_MAX_ITERATIONS);
        requireBetween("parallelism", parallelism, 1, Limits.ARGON2_MAX_PARALLELISM);
    }

    private static void requireBetween(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "Argon2 " + name + " must lie between " + min + " and " + max + ", not " + value);
        }
    }
}
