package dev.lair.signing;

import dev.lair.transparency.StrictBase64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What opens a {@link KeyStore}: 32 random bytes from a file, or a passphrase. Holds the secret in memory for as long as
 * it is referenced and never shows it.
 */
public abstract sealed class MasterKey {

    private static final int BASE64_LENGTH = 44;
    private static final int SALT_LENGTH = KeyStoreHeaderCodec.SALT_LENGTH;

    private MasterKey() {}

    /** A fresh way to unlock a store by this master key: kind, and for a passphrase a new salt. */
    abstract KeyStoreHeaderCodec.Unlock newUnlock(SecureRandom random);

    /** The AES key that wraps the store key; {@link WrongMasterKeyException} when the store wants the other kind. */
    abstract SecretKey derive(KeyStoreHeaderCodec.Unlock unlock) throws WrongMasterKeyException;

    /** How messages call it. */
    abstract String kind();

    @Override
    public final String toString() {
        return "MasterKey[" + kind() + "]";
    }

    /**
     * A raw master key.
     *
     * @throws MalformedKeyException when it has not 32 bytes, or all are zero (an emptied file, not a key)
     */
    public static MasterKey ofBytes(byte[] bytes) {
        if (bytes.length != AesGcm.KEY_LENGTH) {
            throw new MalformedKeyException(
                    "a master key has 32 raw bytes (not hex, not base64, no line feed), not " + bytes.length);
        }
        if (Arrays.equals(bytes, new byte[AesGcm.KEY_LENGTH])) {
            throw new MalformedKeyException("a master key of zeros only is no secret");
        }
        return new Raw(AesGcm.key(bytes));
    }

    /**
     * A raw master key as text: 64 hexadecimal digits, or its base64 of 44 characters; white space around it is left out.
     *
     * @throws MalformedKeyException otherwise; the message has nothing of the text
     */
    public static MasterKey ofText(String text) {
        String stripped = text.strip();
        byte[] bytes = null;
        try {
            if (stripped.length() == 2 * AesGcm.KEY_LENGTH) {
                bytes = HexFormat.of().parseHex(stripped);
            } else if (stripped.length() == BASE64_LENGTH) {
                bytes = StrictBase64.decode(stripped);
            }
        } catch (IllegalArgumentException notIt) {
            // Said below without the cause, which quotes a part of the text.
        }
        if (bytes == null) {
            throw new MalformedKeyException(
                    "a master key as text is 64 hexadecimal digits or the base64 of 32 bytes (44"
                            + " characters), like `openssl rand -hex 32` makes it; this text, of " + stripped.length()
                            + " characters, is neither");
        }
        try {
            return ofBytes(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Reads a raw master key from a file of mode 0600.
     *
     * @throws UnsafeFileModeException when group or others have access to it
     * @throws MalformedKeyException as {@link #ofBytes}
     */
    public static MasterKey readFile(Path file) throws IOException {
        byte[] bytes = OwnerOnlyFile.read(file, AesGcm.KEY_LENGTH);
        try {
            return ofBytes(bytes);
        } catch (MalformedKeyException e) {
            throw new MalformedKeyException("`" + file + "`: " + e.getMessage());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Writes a new raw master key to a new file of mode 0600 and returns it. What a crash leaves: {@link OwnerOnlyFile}.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken; what is there stays
     */
    public static MasterKey createFile(Path file, SecureRandom random) throws IOException {
        byte[] bytes = new byte[AesGcm.KEY_LENGTH];
        random.nextBytes(bytes);
        try {
            MasterKey key = ofBytes(bytes);
            OwnerOnlyFile.writeNew(file, bytes);
            return key;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** {@link #ofPassphrase(char[], Argon2Cost)} at {@link Argon2Cost#DEFAULT}. */
    public static MasterKey ofPassphrase(char[] passphrase) {
        return ofPassphrase(passphrase, Argon2Cost.DEFAULT);
    }

    /**
     * A passphrase, hashed as its UTF-8 bytes exactly as typed. The array is copied: wipe it after the call.
     *
     * @param cost applies where this passphrase is set ({@link KeyStore#create}, {@link KeyStore#rewrap}); opening uses
     *     the cost that the store names
     * @throws MalformedKeyException when it has fewer than 12 characters or is no Unicode text
     */
    public static MasterKey ofPassphrase(char[] passphrase, Argon2Cost cost) {
        if (passphrase.length < Limits.PASSPHRASE_MIN_CHARS) {
            throw new MalformedKeyException(
                    "a passphrase needs at least " + Limits.PASSPHRASE_MIN_CHARS + " characters");
        }
        return new Passphrase(utf8(passphrase), cost);
    }

    private static byte[] utf8(char[] chars) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(chars));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new MalformedKeyException("a passphrase must be Unicode text; it has half of a character pair");
        }
    }

    private static final class Raw extends MasterKey {
        private final SecretKey key;

        Raw(SecretKey key) {
            this.key = key;
        }

        @Override
        KeyStoreHeaderCodec.Unlock newUnlock(SecureRandom random) {
            return new KeyStoreHeaderCodec.RawKey();
        }

        @Override
        SecretKey derive(KeyStoreHeaderCodec.Unlock unlock) throws WrongMasterKeyException {
            return switch (unlock) {
                case KeyStoreHeaderCodec.RawKey same -> key;
                case KeyStoreHeaderCodec.Argon2id other ->
                    throw new WrongMasterKeyException("this key store is opened by a passphrase, not by a raw key");
            };
        }

        @Override
        String kind() {
            return "raw key";
        }
    }

    private static final class Passphrase extends MasterKey {
        private final byte[] utf8;
        private final Argon2Cost cost;

        Passphrase(byte[] utf8, Argon2Cost cost) {
            this.utf8 = utf8;
            this.cost = cost;
        }

        @Override
        KeyStoreHeaderCodec.Unlock newUnlock(SecureRandom random) {
            byte[] salt = new byte[SALT_LENGTH];
            random.nextBytes(salt);
            return new KeyStoreHeaderCodec.Argon2id(cost, salt);
        }

        @Override
        SecretKey derive(KeyStoreHeaderCodec.Unlock unlock) throws WrongMasterKeyException {
            return switch (unlock) {
                case KeyStoreHeaderCodec.Argon2id argon2id -> derive(argon2id);
                case KeyStoreHeaderCodec.RawKey other ->
                    throw new WrongMasterKeyException("this key store is opened by a raw key, not by a passphrase");
            };
        }

        private SecretKey derive(KeyStoreHeaderCodec.Argon2id unlock) {
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(unlock.cost().memoryKib())
                    .withIterations(unlock.cost().iterations())
                    .withParallelism(unlock.cost().parallelism())
                    .withSalt(unlock.salt())
                    .build());
            byte[] bytes = new byte[AesGcm.KEY_LENGTH];
            argon2.generateBytes(utf8, bytes);
            SecretKey key = AesGcm.key(bytes);
            Arrays.fill(bytes, (byte) 0);
            return key;
        }

        @Override
        String kind() {
            return "passphrase";
        }
    }
}
