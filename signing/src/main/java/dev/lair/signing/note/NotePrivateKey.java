package dev.lair.signing.note;

import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.StrictBase64;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/**
 * A key that signs notes, in memory. Text form ({@link #text}), for type 0x01 the one of Go's note package:
 *
 * <pre>
 * PRIVATE+KEY+NAME+KEYID+BASE64(type ‖ seed)      seed: 32 bytes, also for ML-DSA-44
 * </pre>
 *
 * Nothing but {@link #text} and {@link #seed} gives the secret away; the JVM may keep copies in its heap until they are
 * collected. There is no {@code equals}: compare {@link #key}.
 */
public final class NotePrivateKey {

    private static final String PREFIX = "PRIVATE+KEY+";

    private final NoteKeyType type;
    private final NoteKey key;
    private final byte[] seed;
    private final AsymmetricKeyParameter decoded;

    private NotePrivateKey(NoteKeyType type, String name, byte[] seed) {
        this.type = type;
        this.seed = seed;
        this.decoded = type.algorithm().privateKey(seed);
        this.key = NoteKey.of(type, name, type.algorithm().publicKeyOf(seed));
    }

    /**
     * A new key from {@code random}.
     *
     * @throws MalformedNoteKeyException when the name cannot be one
     */
    public static NotePrivateKey generate(NoteKeyType type, String name, SecureRandom random) {
        byte[] seed = new byte[Algorithm.SEED_LENGTH];
        random.nextBytes(seed);
        return new NotePrivateKey(type, name, seed);
    }

    /**
     * The key of a seed; the array is copied.
     *
     * @throws MalformedNoteKeyException when it has not 32 bytes or the name cannot be one
     */
    public static NotePrivateKey ofSeed(NoteKeyType type, String name, byte[] seed) {
        if (seed.length != Algorithm.SEED_LENGTH) {
            throw new MalformedNoteKeyException("the seed of a note key has 32 bytes, not " + seed.length);
        }
        return new NotePrivateKey(type, name, seed.clone());
    }

    /**
     * Parses the text form.
     *
     * @throws MalformedNoteKeyException for any other text; its message does not repeat it
     */
    public static NotePrivateKey parse(String text) {
        String[] parts =
                text.startsWith(PREFIX) ? text.substring(PREFIX.length()).split("\\+", 3) : new String[0];
        if (parts.length != 3) {
            throw new MalformedNoteKeyException("a private note key must be PRIVATE+KEY+NAME+KEYID+BASE64");
        }
        byte[] bytes;
        try {
            bytes = StrictBase64.decode(parts[2]);
        } catch (MalformedBase64Exception e) {
            throw new MalformedNoteKeyException("the last part of a private note key is " + e.getMessage());
        }
        if (bytes.length == 0) {
            throw new MalformedNoteKeyException("a private note key must hold a type byte and a seed");
        }
        int code = Byte.toUnsignedInt(bytes[0]);
        NoteKeyType type = NoteKeyType.ofCode(code)
                .orElseThrow(() -> new MalformedNoteKeyException(
                        "private note keys are of type 1, 4 or 6 (Ed25519 and the two cosignatures), not " + code));
        NotePrivateKey key = ofSeed(type, parts[0], Arrays.copyOfRange(bytes, 1, bytes.length));
        Arrays.fill(bytes, (byte) 0);
        if (!key.key.keyIdHex().equals(parts[1])) {
            throw new MalformedNoteKeyException("the key id of a private note key must be the one of its name and key");
        }
        return key;
    }

    /** The key that verifies what this signs. */
    public NoteKey key() {
        return key;
    }

    /** The kind of signature that this makes. */
    public NoteKeyType type() {
        return type;
    }

    /** Signs with this key; deterministic, local, below a millisecond. */
    public NoteSigner signer() {
        return new LocalSigner();
    }

    /** The secret as text: for a key file, never for a log. */
    public String text() {
        byte[] bytes = ByteBuffer.allocate(1 + seed.length)
                .put((byte) type.code())
                .put(seed)
                .array();
        try {
            return PREFIX + key.name() + "+" + key.keyIdHex() + "+" + StrictBase64.encode(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The secret: 32 bytes that the caller wipes. */
    public byte[] seed() {
        return seed.clone();
    }

    /** Shows name and key id only. */
    @Override
    public String toString() {
        return "NotePrivateKey[" + key.name() + "+" + key.keyIdHex() + "]";
    }

    private final class LocalSigner implements NoteSigner {

        @Override
        public NoteKey key() {
            return key;
        }

        @Override
        public NoteSignature sign(String text, long epochSeconds) {
            SignedNote.requireText(text);
            if (type.isTimed() && epochSeconds < 1) {
                throw new IllegalArgumentException("a cosignature states its time, at least 1 s, not " + epochSeconds);
            }
            byte[] signature = type.algorithm().sign(decoded, type.message(key.name(), text, epochSeconds));
            byte[] body = type.isTimed() ? new TimestampedSignature(epochSeconds, signature).format() : signature;
            return new NoteSignature(key.name(), key.keyId(), body);
        }

        @Override
        public String toString() {
            return "NoteSigner[" + key.name() + "+" + key.keyIdHex() + "]";
        }
    }
}
