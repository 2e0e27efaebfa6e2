package dev.lair.server.account;

import java.security.SecureRandom;
import org.springframework.stereotype.Component;

/** Ids of rows, and what is picked by chance beside tokens. */
@Component
public final class RandomIds {

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 16;

    private final SecureRandom random;

    public RandomIds(SecureRandom random) {
        this.random = random;
    }

    /** {@code prefix_} and 16 characters, 80 bits: no two are ever the same. */
    public String next(String prefix) {
        return prefix + "_" + text(BASE32, LENGTH);
    }

    /** So many characters out of an alphabet. */
    String text(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
