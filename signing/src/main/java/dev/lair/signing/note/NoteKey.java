package dev.lair.signing.note;

import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.StrictBase64;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * A key that verifies notes, in C2SP's "vkey" form (c2sp.org/signed-note, "Verifier keys"):
 *
 * <pre>
 * NAME+KEYID+BASE64(type ‖ public key)      KEYID: 8 lower-case hex digits
 * key id = SHA-256(NAME ‖ LF ‖ type ‖ public key)[:4]      of the types of {@link NoteKeyType}
 * </pre>
 *
 * <p>Keys of other types (0x02 ECDSA, 0x05 RFC 6962, 0xff private ones) are kept as they are, with the id that they
 * state because theirs is derived in other ways, and verify nothing. {@link #parse} and {@link #text} are inverses.
 * Immutable and safe to share; a kept key verifies faster than one parsed for each note.
 */
public final class NoteKey {

    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{8}");

    private final String name;
    private final int keyId;
    private final int typeCode;
    private final byte[] publicKey;

    private final @Nullable NoteKeyType type;
    private final @Nullable AsymmetricKeyParameter decoded;

    private NoteKey(String name, int keyId, int typeCode, byte[] publicKey) {
        requireName(name);
        this.name = name;
        this.keyId = keyId;
        this.typeCode = typeCode;
        this.publicKey = publicKey;
        this.type = NoteKeyType.ofCode(typeCode).orElse(null);
        this.decoded = type == null ? null : decode(type, publicKey);
    }

    private static void requireName(String name) {
        NoteText.brokenName(name).ifPresent(rule -> {
            throw new MalformedNoteKeyException("the name of a note key " + rule);
        });
        if (NoteText.utf8(name).length > Limits.KEY_NAME_BYTES) {
            throw new MalformedNoteKeyException(
                    "the name of a note key must have at most " + Limits.KEY_NAME_BYTES + " bytes");
        }
    }

    private static AsymmetricKeyParameter decode(NoteKeyType type, byte[] publicKey) {
        int length = type.algorithm().publicKeyLength();
        if (publicKey.length != length) {
            throw new MalformedNoteKeyException("a note key of type " + type + " has a public key of " + length
                    + " bytes, not " + publicKey.length);
        }
        return type.algorithm().publicKey(publicKey);
    }

    /**
     * The key of a name and public key; the array is copied.
     *
     * @throws MalformedNoteKeyException when either is not what the type takes
     */
    public static NoteKey of(NoteKeyType type, String name, byte[] publicKey) {
        requireName(name);
        return new NoteKey(name, idOf(name, type.code(), publicKey), type.code(), publicKey.clone());
    }

    /**
     * Parses the text form.
     *
     * @throws MalformedNoteKeyException for any other text, and when the key id is not the one of the key
     */
    public static NoteKey parse(String text) {
        // Names have no `+`; base64 may.
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3 || !KEY_ID.matcher(parts[1]).matches()) {
            throw new MalformedNoteKeyException(
                    "a note key must be NAME+KEYID+BASE64, where KEYID has 8 lower-case hex digits");
        }
        byte[] bytes;
        try {
            bytes = StrictBase64.decode(parts[2]);
        } catch (MalformedBase64Exception e) {
            throw new MalformedNoteKeyException("the last part of a note key is " + e.getMessage());
        }
        if (bytes.length < 2) {
            throw new MalformedNoteKeyException("a note key must hold a type byte and a public key");
        }
        int typeCode = Byte.toUnsignedInt(bytes[0]);
        byte[] publicKey = Arrays.copyOfRange(bytes, 1, bytes.length);
        int keyId = Integer.parseUnsignedInt(parts[1], 16);
        NoteKey key = new NoteKey(parts[0], keyId, typeCode, publicKey);
        if (key.type != null && keyId != idOf(parts[0], typeCode, publicKey)) {
            throw new MalformedNoteKeyException("the key id of a note key must be the one of its name and public key: "
                    + "a character was lost or changed");
        }
        return key;
    }

    private static int idOf(String name, int typeCode, byte[] publicKey) {
        byte[] hash = Digest.of(NoteText.utf8(name + "\n"), new byte[] {(byte) typeCode}, publicKey)
                .bytes();
        return ByteBuffer.wrap(hash).getInt();
    }

    /** The name that signatures of this key carry; of a log: its origin. */
    public String name() {
        return name;
    }

    /** The key id, its 4 bytes as a big-endian number. Tells keys of one name apart; proves nothing. */
    public int keyId() {
        return keyId;
    }

    /** The key id as 8 lower-case hex digits. */
    public String keyIdHex() {
        return NoteText.hex(keyId);
    }

    /** The type; empty when signatures of this key cannot be verified here. */
    public Optional<NoteKeyType> type() {
        return Optional.ofNullable(type);
    }

    /** The type's byte, 0 to 255. */
    public int typeCode() {
        return typeCode;
    }

    /** A copy of the public key without its type byte. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The text form. */
    public String text() {
        byte[] bytes = ByteBuffer.allocate(1 + publicKey.length)
                .put((byte) typeCode)
                .put(publicKey)
                .array();
        return name + "+" + keyIdHex() + "+" + StrictBase64.encode(bytes);
    }

    /** Whether {@code signature} says that it is by this key. */
    boolean isNamedBy(NoteSignature signature) {
        return keyId == signature.keyId() && name.equals(signature.name());
    }

    /** Whether two keys wrap one public key, whatever their names and types (c2sp.org/tlog-policy, "duplicate"). */
    boolean wrapsSameKey(NoteKey other) {
        return Arrays.equals(publicKey, other.publicKey);
    }

    /** The signature as one of this key over {@code text}; empty when it is not. */
    Optional<VerifiedSignature> verify(String text, NoteSignature signature) {
        if (type == null || decoded == null || !isNamedBy(signature)) {
            return Optional.empty();
        }
        if (!type.isTimed()) {
            return verifies(type, decoded, text, 0, signature.body())
                    ? Optional.of(new VerifiedSignature(this, OptionalLong.empty()))
                    : Optional.empty();
        }
        return TimestampedSignature.parse(signature.body())
                .filter(timed -> verifies(type, decoded, text, timed.epochSeconds(), timed.signature()))
                .map(timed -> new VerifiedSignature(this, OptionalLong.of(timed.epochSeconds())));
    }

    private boolean verifies(
            NoteKeyType type, AsymmetricKeyParameter decoded, String text, long epochSeconds, byte[] signature) {
        byte[] message;
        try {
            message = type.message(name, text, epochSeconds);
        } catch (MalformedCheckpointException | MalformedNoteException cannotBeSigned) {
            return false;
        }
        return type.algorithm().verify(decoded, message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey that
                && keyId == that.keyId
                && typeCode == that.typeCode
                && name.equals(that.name)
                && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + keyId;
    }

    /** {@link #text}. */
    @Override
    public String toString() {
        return text();
    }
}
