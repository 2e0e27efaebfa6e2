package dev.lair.signing;

import dev.lair.transparency.Digest;
import dev.lair.transparency.StrictBase64;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a key store: how the master key is got, and the store key wrapped by it. ASCII, LF after each line:
 *
 * <pre>
 * LAIR-KEY-STORE-V1                        or LAIR-KEY-STORE-V2
 *                                             generation: 2
 * unlock: raw-key
 *   or    argon2id memory-kib=65536 iterations=3 parallelism=4 salt=BASE64(16 bytes)
 * nonce: BASE64(12 bytes)
 * wrapped: BASE64(48 bytes)
 *                                             previous: none
 *                                               or      BASE64(12 bytes) BASE64(48 bytes)
 * checksum: sha256:HEX
 * </pre>
 *
 * <p>{@code wrapped} is AES-256-GCM of the 32-byte store key under the master key; the lines up to {@code unlock} are its
 * associated data, so the unlock line cannot be weakened unnoticed. For a passphrase the master key is Argon2id version
 * 0x13 of its UTF-8 bytes, 32 bytes long. {@code checksum} is over all lines above it. It is no defence (anybody can
 * compute it); it tells a damaged file from a wrong passphrase. {@link #parse} and {@link #format} are inverses.
 *
 * <p>A store begins with V1, which is generation 1. Each time its keys are sealed anew ({@link KeyStore#reseal}) the store
 * key is another one, and the generation, from 2 on, one more. {@code previous} is there while some keys may be sealed by
 * the store key before: nonce and AES-256-GCM of that key under the present one, with the first two lines as associated
 * data.
 */
final class KeyStoreHeaderCodec {

    static final int SALT_LENGTH = 16;
    static final int WRAPPED_LENGTH = AesGcm.KEY_LENGTH + AesGcm.TAG_LENGTH;

    private static final String MAGIC = "LAIR-KEY-STORE-V1";
    private static final String RESEALED_MAGIC = "LAIR-KEY-STORE-V2";
    private static final List<String> NAMES = List.of("unlock", "nonce", "wrapped", "checksum");
    private static final String GENERATION = "generation";
    private static final String PREVIOUS = "previous";
    private static final List<String> RESEALED_NAMES =
            List.of(GENERATION, NAMES.get(0), NAMES.get(1), NAMES.get(2), PREVIOUS, NAMES.get(3));
    private static final String NONE = "none";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
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

    /**
     * What the file holds.
     *
     * @param generation 1 for V1
     * @param previous the store key of the generation before, sealed by the present one; empty in generation 1
     */
    record Header(int generation, Unlock unlock, AesGcm.Box wrapped, Optional<AesGcm.Box> previous) {

        Header {
            if (generation < 1 || (generation == 1 && previous.isPresent())) {
                throw new IllegalArgumentException("generation " + generation + " cannot follow another");
            }
        }

        /** Of a store whose keys were never sealed anew. */
        Header(Unlock unlock, AesGcm.Box wrapped) {
            this(1, unlock, wrapped, Optional.empty());
        }

        Header withoutPrevious() {
            return new Header(generation, unlock, wrapped, Optional.empty());
        }
    }

    private KeyStoreHeaderCodec() {}

    static byte[] format(Header header) {
        String covered = publicLines(header.generation(), header.unlock())
                + KeyStoreLines.line(
                        NAMES.get(1), StrictBase64.encode(header.wrapped().nonce()))
                + KeyStoreLines.line(
                        NAMES.get(2), StrictBase64.encode(header.wrapped().sealed()))
                + (header.generation() == 1
                        ? ""
                        : KeyStoreLines.line(
                                PREVIOUS,
                                header.previous()
                                        .map(KeyStoreHeaderCodec::formatBox)
                                        .orElse(NONE)));
        return ascii(covered + KeyStoreLines.line(NAMES.get(3), Digest.of(ascii(covered))));
    }

    private static String formatBox(AesGcm.Box box) {
        return StrictBase64.encode(box.nonce()) + " " + StrictBase64.encode(box.sealed());
    }

    static Header parse(byte[] bytes) throws DamagedKeyStoreException {
        boolean resealed = new String(bytes, StandardCharsets.ISO_8859_1).startsWith(RESEALED_MAGIC + "\n");
        List<String> values = resealed
                ? KeyStoreLines.values(bytes, RESEALED_MAGIC, RESEALED_NAMES)
                : KeyStoreLines.values(bytes, MAGIC, NAMES);
        int at = resealed ? 1 : 0;
        AesGcm.Box wrapped = box(NAMES.get(1), values.get(at + 1), NAMES.get(2), values.get(at + 2));
        Unlock unlock = parseUnlock(values.get(at));
        Header header = resealed
                ? new Header(parseGeneration(values.get(0)), unlock, wrapped, parsePrevious(values.get(at + 3)))
                : new Header(unlock, wrapped);
        KeyStoreLines.requireCanonical(format(header), bytes);
        return header;
    }

    private static AesGcm.Box box(String nonceName, String nonce, String sealedName, String sealed)
            throws DamagedKeyStoreException {
        return new AesGcm.Box(
                KeyStoreLines.bytes(nonceName, nonce, AesGcm.NONCE_LENGTH),
                KeyStoreLines.bytes(sealedName, sealed, WRAPPED_LENGTH));
    }

    private static int parseGeneration(String value) throws DamagedKeyStoreException {
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) < 2) {
            throw new DamagedKeyStoreException("its `generation` is no number from 2 on");
        }
        return Integer.parseInt(value);
    }

    private static Optional<AesGcm.Box> parsePrevious(String value) throws DamagedKeyStoreException {
        if (value.equals(NONE)) {
            return Optional.empty();
        }
        int space = value.indexOf(' ');
        if (space < 0) {
            throw new DamagedKeyStoreException("its `previous` is neither `none` nor nonce and sealed key");
        }
        return Optional.of(box(PREVIOUS, value.substring(0, space), PREVIOUS, value.substring(space + 1)));
    }

    /** The associated data of the wrapped store key. */
    static byte[] bound(int generation, Unlock unlock) {
        return ascii(publicLines(generation, unlock));
    }

    /** The associated data of the store key before. */
    static byte[] boundPrevious(int generation) {
        return ascii(firstLines(generation));
    }

    private static String firstLines(int generation) {
        return generation == 1 ? MAGIC + "\n" : RESEALED_MAGIC + "\n" + KeyStoreLines.line(GENERATION, generation);
    }

    private static String publicLines(int generation, Unlock unlock) {
        String value =
                switch (unlock) {
                    case RawKey raw -> RAW_KEY;
                    case Argon2id argon2id ->
                        "argon2id memory-kib="
                                + argon2id.cost().memoryKib() + " iterations="
                                + argon2id.cost().iterations() + " parallelism="
                                + argon2id.cost().parallelism() + " salt=" + StrictBase64.encode(argon2id.salt());
                };
        return firstLines(generation) + KeyStoreLines.line(NAMES.get(0), value);
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
