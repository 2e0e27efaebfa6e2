package dev.lair.registry.api;

import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A secret that this registry gave out: {@code lair_KIND_}, 30 characters of base62 and the CRC-32 of all before as six more
 * ({@code 0-9A-Za-z}, most significant first, with leading zeros). The prefix lets scanners find a leaked one, and the
 * checksum lets them leave out what only looks like one. 30 characters are 178 bits, so a single SHA-256 of the text is kept
 * and looked up; nothing is compared in steps that a clock could see.
 *
 * <p>{@link #secret} alone shows it.
 */
public final class TokenText {

    /** What a token is for. */
    public enum Kind {
        /** A person's: an API token, or a session. */
        PAT,
        /** A trusted publisher's, for minutes. */
        TP,
        /** A device's, which polls with it until somebody approves its login. It is no credential. */
        DEV;

        private String prefix() {
            return MAGIC + name().toLowerCase(Locale.ROOT) + "_";
        }
    }

    /** How every token begins. */
    private static final String MAGIC = "lair_";

    /** A token in a text, also one that is cut off, copied twice or damaged: short of a few characters nobody can guess. */
    private static final Pattern WITHIN = Pattern.compile("(" + MAGIC + "[a-z]{1,8}_)[0-9A-Za-z_]{6,}");

    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_LENGTH = 30;
    private static final int CHECKSUM_LENGTH = 6;

    private final Kind kind;
    private final String text;

    private TokenText(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    /** Whether a text begins as every token does, whole or not: it is to be treated as a secret. */
    public static boolean isBegunBy(String text) {
        return text.startsWith(MAGIC);
    }

    /** A text for a log or an error, without the secrets of tokens that somebody wrote where none belongs. */
    public static String masked(String text) {
        return WITHIN.matcher(text).replaceAll("$1***");
    }

    /** A new token. */
    public static TokenText generate(Kind kind, SecureRandom random) {
        StringBuilder body = new StringBuilder(kind.prefix());
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            body.append(BASE62.charAt(random.nextInt(BASE62.length())));
        }
        return new TokenText(kind, body + checksum(body.toString()));
    }

    /**
     * Reads a token; empty when the text is none of any kind, or its checksum differs. Why is not said: no message may repeat
     * what might be a secret.
     */
    public static Optional<TokenText> parse(String text) {
        return Arrays.stream(Kind.values())
                .filter(kind -> isWhole(kind.prefix(), text))
                .findFirst()
                .map(kind -> new TokenText(kind, text));
    }

    private static boolean isWhole(String prefix, String text) {
        int body = prefix.length() + RANDOM_LENGTH;
        if (text.length() != body + CHECKSUM_LENGTH || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < text.length(); i++) {
            if (BASE62.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.substring(body).equals(checksum(text.substring(0, body)));
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        char[] digits = new char[CHECKSUM_LENGTH];
        long left = crc.getValue();
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            digits[i] = BASE62.charAt((int) (left % BASE62.length()));
            left /= BASE62.length();
        }
        return new String(digits);
    }

    public Kind kind() {
        return kind;
    }

    /** What is kept of it. */
    public Digest digest() {
        return Digest.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The whole text, for its owner alone: never for a log, an error or the audit log. */
    public String secret() {
        return text;
    }

    /** The kind, and nothing of the secret. */
    @Override
    public String toString() {
        return kind.prefix() + "***";
    }
}
