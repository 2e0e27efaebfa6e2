package dev.lair.signing;

import dev.lair.transparency.Digest;
import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a key store: how the master key is got, and the store key wrapped by it. ASCII, LF after each line:
 *
 * <pre>
 * LAIR-KEY-STORE-V1
 * unlock: raw-key
 *   or    argon2id memory-kib=65536 iterations=3 parallelism=4 salt=BASE64(16 bytes)
 * nonce: BASE64(12 bytes)
 * wrapped: BASE64(48 bytes)
 * checksum: sha256:HEX
 * </pre>
 *
 * <p>{@code wrapped} is AES-256-GCM of the 32-byte store key under the master key; the first two lines are its
 * associated data, so the unlock line cannot be weakened unnoticed. For a passphrase the master key is Argon2id version
 * 0x13 of its UTF-8 bytes, 32 bytes long. {@code checksum} is over all lines above it. It is no defence (anybody can
 * compute it); it tells a damaged file from a wrong passphrase. {@link #parse} and {@link #format} are inverses.
 */
final class KeyStoreHeaderCodec {

    static final int SALT_LENGTH = 16;
    static final int WRAPPED_LENGTH = AesGcm.KEY_LENGTH + AesGcm.TAG_LENGTH;

    private static final String MAGIC = "LAIR-KEY-STORE-V1";
    private static final List<String> NAMES = List.of("unlock", "nonce", "wrapped", "checksum");
    private static final String RAW_KEY = "raw-key";
    private static final Pattern ARGON2ID = Pattern.compile("argon2id memory-kib=([1-9][0-9]{0,8})"
            + " iterations=([1-9][0-9]{0,8}) parallelism=([1-9][0-9]{0,8}) salt=([A-Za-z0-9+/=]{1,64})");

    /** How the master key is got. */
    sealed interface Unlock {}

    /** 32 raw bytes, kept elsewhere. */
    record RawKey() implements Unlock {}

    /** Argon2id of a passphrase. The array is not copied: this type stays in the package. */
    @SuppressWarnings("ArrayRecordComponent")
    record Argon2id(Argon2Cost cost, byte[] salt) implements Unlock {}

    record Header(Unlock unlock, AesGcm.Box wrapped) {}

    private KeyStoreHeaderCodec() {}

    static byte[] format(Header header) {
        String covered = publicLines(header.unlock())
                + KeyStoreLines.line(
                        NAMES.get(1), StrictBase64.encode(header.wrapped().nonce()))
                + KeyStoreLines.line(
                        NAMES.get(2), StrictBase64.encode(header.wrapped().sealed()));
        return ascii(covered + KeyStoreLines.line(NAMES.get(3), Digest.of(ascii(covered))));
    }

    static Header parse(byte[] bytes) throws DamagedKeyStoreException {
        List<String> values = KeyStoreLines.values(bytes, MAGIC, NAMES);
        byte[] nonce = KeyStoreLines.bytes(NAMES.get(1), values.get(1), AesGcm.NONCE_LENGTH);
        byte[] wrapped = KeyStoreLines.bytes(NAMES.get(2), values.get(2), WRAPPED_LENGTH);
        Header header = new Header(parseUnlock(values.get(0)), new AesGcm.Box(nonce, wrapped));
        KeyStoreLines.requireCanonical(format(header), bytes);
        return header;
    }

    /** The associated data of the wrapped store key. */
    static byte[] bound(Unlock unlock) {
        return ascii(publicLines(unlock));
    }

    private static String publicLines(Unlock unlock) {
        String value =
                switch (unlock) {
                    case RawKey raw -> RAW_KEY;
                    case Argon2id argon2id ->
                        "argon2id memory-kib="
                                + argon2id.cost().memoryKib() + " iterations="
                                + argon2id.cost().iterations() + " parallelism="
                                + argon2id.cost().parallelism() + " salt=" + StrictBase64.encode(argon2id.salt());
                };
        return MAGIC + "\n" + KeyStoreLines.line(NAMES.get(0), value);
    }

    private static Unlock parseUnlock(String value) throws DamagedKeyStoreException {
        if (value.equals(RAW_KEY)) {
            return new RawKey();
        }
        Matcher argon2id = ARGON2ID.matcher(value);
        if (!argon2id.matches()) {
            throw new DamagedKeyStoreException("its `unlock` is neither `raw-key` nor `argon2id` with its parameters");
        }
        return new Argon2id(parseCost(argon2id), KeyStoreLines.bytes("salt", argon2id.group(4), SALT_LENGTH));
    }

    private static Argon2Cost parseCost(Matcher argon2id) throws DamagedKeyStoreException {
        try {
            return new Argon2Cost(
                    Integer.parseInt(argon2id.group(1)),
                    Integer.parseInt(argon2id.group(2)),
                    Integer.parseInt(argon2id.group(3)));
        } catch (IllegalArgumentException outOfBounds) {
            throw new DamagedKeyStoreException(String.valueOf(outOfBounds.getMessage()));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
