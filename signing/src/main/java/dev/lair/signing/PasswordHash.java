package dev.lair.signing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What is kept of a password, in the text form of the Argon2 reference:
 * {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}, both in base64 without padding (RFC 9106). Each takes its cost along, so
 * that it can be raised for new ones.
 */
public final class PasswordHash {

    /** For people who log in: 19 MiB and two passes, which bounds what a crowd of logins takes of a server. */
    public static final Argon2Cost COST = new Argon2Cost(Limits.ARGON2_MIN_MEMORY_KIB, 2, 1);

    /** Longer passwords are hashed by nobody: the work to read them is the caller's to choose. */
    public static final int MAX_CHARS = 1024;

    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    private PasswordHash() {}

    /** Hashes a password with a new salt. */
    public static String of(char[] password, Argon2Cost cost, SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return text(cost, salt, hash(password, cost, salt));
    }

    /** What no password matches, at as much work as any other: for a login that does not exist. */
    public static String ofNone(Argon2Cost cost, SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        byte[] hash = new byte[HASH_LENGTH];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return text(cost, salt, hash);
    }

    private static String text(Argon2Cost cost, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=" + cost.parallelism() + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /**
     * Whether this is the password; takes as long when it is not.
     *
     * @throws IllegalArgumentException when {@code kept} is no such text
     */
    public static boolean matches(char[] password, String kept) {
        Matcher form = FORM.matcher(kept);
        if (!form.matches()) {
            throw new IllegalArgumentException("a stored password hash has no known form");
        }
        Argon2Cost cost = new Argon2Cost(
                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
        Base64.Decoder base64 = Base64.getDecoder();
        byte[] computed = hash(password, cost, base64.decode(form.group(4)));
        return MessageDigest.isEqual(base64.decode(form.group(5)), computed);
    }

    private static byte[] hash(char[] password, Argon2Cost cost, byte[] salt) {
        if (password.length > MAX_CHARS) {
            throw new IllegalArgumentException("a password has at most " + MAX_CHARS + " characters");
        }
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(cost.parallelism())
                .withSalt(salt)
                .build());
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] utf8 = new byte[encoded.remaining()];
        encoded.get(utf8);
        byte[] hash = new byte[HASH_LENGTH];
        argon2.generateBytes(utf8, hash);
        Arrays.fill(utf8, (byte) 0);
        Arrays.fill(encoded.array(), (byte) 0);
        return hash;
    }
}
