package dev.lair.signing;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * What the keys of one store are sealed by, as its header ({@link KeyStoreHeaderCodec}) says it.
 *
 * @param generation how often it was another store key, and one
 * @param current seals what is written
 * @param previous opens what is not sealed anew yet; empty when all is
 */
record StoreSeal(int generation, SecretKey current, Optional<SecretKey> previous) {

    /** Of a new store. */
    static StoreSeal first(SecureRandom random) {
        return new StoreSeal(1, fresh(random), Optional.empty());
    }

    /** A new store key, behind this one. */
    StoreSeal next(SecureRandom random) {
        if (previous.isPresent()) {
            throw new IllegalStateException("keys of generation " + (generation - 1) + " would be lost");
        }
        return new StoreSeal(generation + 1, fresh(random), Optional.of(current));
    }

    private static SecretKey fresh(SecureRandom random) {
        byte[] bytes = new byte[AesGcm.KEY_LENGTH];
        random.nextBytes(bytes);
        SecretKey key = AesGcm.key(bytes);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    StoreSeal withoutPrevious() {
        return new StoreSeal(generation, current, Optional.empty());
    }

    /** The header that {@code master} opens. */
    byte[] header(MasterKey master, SecureRandom random) throws WrongMasterKeyException {
        KeyStoreHeaderCodec.Unlock unlock = master.newUnlock(random);
        AesGcm.Box wrapped = AesGcm.seal(
                master.derive(unlock), KeyStoreHeaderCodec.bound(generation, unlock), current.getEncoded(), random);
        Optional<AesGcm.Box> before = previous.map(
                key -> AesGcm.seal(current, KeyStoreHeaderCodec.boundPrevious(generation), key.getEncoded(), random));
        return KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(generation, unlock, wrapped, before));
    }

    /**
     * What a header holds; empty when {@code master} does not open it.
     *
     * @throws DamagedKeyStoreException when it opens, and the key before in it does not
     */
    static Optional<StoreSeal> open(KeyStoreHeaderCodec.Header header, MasterKey master)
            throws WrongMasterKeyException, DamagedKeyStoreException {
        int generation = header.generation();
        Optional<SecretKey> current = key(
                master.derive(header.unlock()),
                KeyStoreHeaderCodec.bound(generation, header.unlock()),
                header.wrapped());
        if (current.isEmpty() || header.previous().isEmpty()) {
            return current.map(key -> new StoreSeal(generation, key, Optional.empty()));
        }
        Optional<SecretKey> previous = key(
                current.get(),
                KeyStoreHeaderCodec.boundPrevious(generation),
                header.previous().get());
        if (previous.isEmpty()) {
            throw new DamagedKeyStoreException("its `previous` does not belong to it");
        }
        return Optional.of(new StoreSeal(generation, current.get(), previous));
    }

    private static Optional<SecretKey> key(SecretKey by, byte[] bound, AesGcm.Box box) {
        return AesGcm.open(by, bound, box).map(bytes -> {
            SecretKey key = AesGcm.key(bytes);
            Arrays.fill(bytes, (byte) 0);
            return key;
        });
    }

    AesGcm.Box seal(byte[] bound, byte[] secret, SecureRandom random) {
        return AesGcm.seal(current, bound, secret, random);
    }

    /** The secret, whichever of the two keys sealed it; empty when neither did. */
    Optional<byte[]> unseal(byte[] bound, AesGcm.Box box) {
        Optional<byte[]> secret = AesGcm.open(current, bound, box);
        return secret.isPresent() ? secret : previous.flatMap(key -> AesGcm.open(key, bound, box));
    }

    /** Whether the present key sealed it. */
    boolean isCurrent(byte[] bound, AesGcm.Box box) {
        Optional<byte[]> secret = AesGcm.open(current, bound, box);
        secret.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        return secret.isPresent();
    }

    /** Keys are secret. */
    @Override
    public String toString() {
        return "StoreSeal[generation=" + generation + (previous.isPresent() ? ", with the one before" : "") + "]";
    }
}
