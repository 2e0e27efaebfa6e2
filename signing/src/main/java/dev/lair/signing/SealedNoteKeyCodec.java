package dev.lair.signing;

import dev.lair.signing.note.MalformedNoteKeyException;
import dev.lair.signing.note.NoteKey;
import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * One sealed note key of a key store. UTF-8 (only the key's name can be more than ASCII), LF after each line:
 *
 * <pre>
 * LAIR-SEALED-NOTE-KEY-V1
 * label: LABEL
 * key: NAME+KEYID+BASE64
 * created: 2026-01-01T00:00:00Z
 * nonce: BASE64(12 bytes)
 * sealed: BASE64(48 bytes)
 * </pre>
 *
 * <p>{@code sealed} is AES-256-GCM of the 32-byte seed under the store key; the first four lines, version included, are
 * its associated data. As with {@link SealedKeyCodec} they prove nothing until the key is opened. {@link #parse} and
 * {@link #format} are inverses.
 */
final class SealedNoteKeyCodec {

    private static final int SEED_LENGTH = 32;
    private static final int SEALED_LENGTH = SEED_LENGTH + AesGcm.TAG_LENGTH;

    private static final String MAGIC = "LAIR-SEALED-NOTE-KEY-V1";
    private static final List<String> NAMES = List.of("label", "key", "created", "nonce", "sealed");

    /** What a file holds: the readable part and the sealed seed. */
    record SealedNoteKey(KeyStore.NoteEntry entry, AesGcm.Box box) {}

    private SealedNoteKeyCodec() {}

    static byte[] format(SealedNoteKey key) {
        return utf8(publicLines(key.entry())
                + KeyStoreLines.line(NAMES.get(3), StrictBase64.encode(key.box().nonce()))
                + KeyStoreLines.line(NAMES.get(4), StrictBase64.encode(key.box().sealed())));
    }

    static SealedNoteKey parse(byte[] bytes) throws DamagedKeyStoreException {
        List<String> values = KeyStoreLines.values(bytes, MAGIC, NAMES);
        byte[] nonce = KeyStoreLines.bytes(NAMES.get(3), values.get(3), AesGcm.NONCE_LENGTH);
        byte[] sealed = KeyStoreLines.bytes(NAMES.get(4), values.get(4), SEALED_LENGTH);
        SealedNoteKey key = new SealedNoteKey(parseEntry(values), new AesGcm.Box(nonce, sealed));
        KeyStoreLines.requireCanonical(format(key), bytes);
        return key;
    }

    /** The associated data of the sealed seed. */
    static byte[] bound(KeyStore.NoteEntry entry) {
        return utf8(publicLines(entry));
    }

    private static String publicLines(KeyStore.NoteEntry entry) {
        return MAGIC + "\n"
                + KeyStoreLines.line(NAMES.get(0), entry.label())
                + KeyStoreLines.line(NAMES.get(1), entry.key())
                + KeyStoreLines.line(NAMES.get(2), entry.created());
    }

    private static KeyStore.NoteEntry parseEntry(List<String> values) throws DamagedKeyStoreException {
        // The lines were read as one character per byte.
        String key = new String(values.get(1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        try {
            return new KeyStore.NoteEntry(
                    new KeyLabel(values.get(0)), NoteKey.parse(key), Instant.parse(values.get(2)));
        } catch (MalformedKeyException | MalformedNoteKeyException e) {
            throw new DamagedKeyStoreException(String.valueOf(e.getMessage()));
        } catch (DateTimeException e) {
            throw new DamagedKeyStoreException("its `created` is not a time like 2026-01-01T00:00:00Z");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
