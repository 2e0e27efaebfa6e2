package dev.lair.signing;

import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * One sealed P-256 key of a key store. ASCII, LF after each line:
 *
 * <pre>
 * LAIR-SEALED-KEY-V1                       or LAIR-SEALED-PACKAGE-KEY-V1
 * label: LABEL
 * key-id: sha256:HEX
 * public-key: ecdsa-p256:BASE64
 * created: 2026-01-01T00:00:00Z
 * nonce: BASE64(12 bytes)
 * sealed: BASE64(48 bytes)
 * </pre>
 *
 * <p>{@code sealed} is AES-256-GCM of the 32-byte private scalar under the store key; the first five lines, version
 * included, are its associated data. Those five are readable by anybody who can read the file; that they belong to the
 * sealed key is only known once it is opened. The first line keeps the two kinds apart: a package's key that is put in
 * the place of an operator's does not open. {@link #parse} and {@link #format} are inverses.
 */
final class SealedKeyCodec {

    static final int SEALED_LENGTH = PrivateKey.SCALAR_LENGTH + AesGcm.TAG_LENGTH;

    private static final List<String> NAMES = List.of("label", "key-id", "public-key", "created", "nonce", "sealed");

    /** What a sealed P-256 key is for. */
    enum Kind {
        /** Records and checkpoints that the store's owner signs. */
        OWN("LAIR-SEALED-KEY-V1"),

        /** One package log that a registry signs for its owner. */
        PACKAGE("LAIR-SEALED-PACKAGE-KEY-V1");

        private final String magic;

        Kind(String magic) {
            this.magic = magic;
        }
    }

    /** What a file holds: the readable part and the sealed scalar. */
    record SealedKey(Kind kind, KeyStore.Entry entry, AesGcm.Box box) {}

    private SealedKeyCodec() {}

    static byte[] format(SealedKey key) {
        return ascii(publicLines(key.kind(), key.entry())
                + KeyStoreLines.line(NAMES.get(4), StrictBase64.encode(key.box().nonce()))
                + KeyStoreLines.line(NAMES.get(5), StrictBase64.encode(key.box().sealed())));
    }

    static SealedKey parse(Kind kind, byte[] bytes) throws DamagedKeyStoreException {
        List<String> values = KeyStoreLines.values(bytes, kind.magic, NAMES);
        byte[] nonce = KeyStoreLines.bytes(NAMES.get(4), values.get(4), AesGcm.NONCE_LENGTH);
        byte[] sealed = KeyStoreLines.bytes(NAMES.get(5), values.get(5), SEALED_LENGTH);
        SealedKey key = new SealedKey(kind, parseEntry(values), new AesGcm.Box(nonce, sealed));
        // Also refuses a key id that is not the one of the public key, because an entry derives it.
        KeyStoreLines.requireCanonical(format(key), bytes);
        return key;
    }

    /** The associated data of the sealed scalar. */
    static byte[] bound(Kind kind, KeyStore.Entry entry) {
        return ascii(publicLines(kind, entry));
    }

    private static String publicLines(Kind kind, KeyStore.Entry entry) {
        return kind.magic + "\n"
                + KeyStoreLines.line(NAMES.get(0), entry.label())
                + KeyStoreLines.line(NAMES.get(1), entry.keyId())
                + KeyStoreLines.line(NAMES.get(2), entry.publicKey())
                + KeyStoreLines.line(NAMES.get(3), entry.created());
    }

    private static KeyStore.Entry parseEntry(List<String> values) throws DamagedKeyStoreException {
        try {
            return new KeyStore.Entry(
                    new KeyLabel(values.get(0)), PublicKey.parse(values.get(2)), Instant.parse(values.get(3)));
        } catch (MalformedKeyException e) {
            throw new DamagedKeyStoreException(String.valueOf(e.getMessage()));
        } catch (DateTimeException e) {
            throw new DamagedKeyStoreException("its `created` is not a time like 2026-01-01T00:00:00Z");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
