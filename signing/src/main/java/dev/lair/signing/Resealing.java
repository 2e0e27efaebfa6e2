package dev.lair.signing;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every key of a store, of whatever kind, sealed by the present store key; {@link KeyStore#reseal} says what a crash leaves. */
final class Resealing {

    private static final List<String> FOLDERS = List.of(KeyStore.KEYS, KeyStore.NOTE_KEYS, KeyStore.PACKAGE_KEYS);

    private final SealedFiles files;
    private final StoreSeal seal;
    private final SecureRandom random;

    Resealing(SealedFiles files, StoreSeal seal, SecureRandom random) {
        this.files = files;
        this.seal = seal;
        this.random = random;
    }

    static DamagedKeyStoreException foreign() {
        return new DamagedKeyStoreException("the sealed key does not belong to its label, public key, time or store");
    }

    /** @throws DamagedKeyStoreException naming the first file whose key does not open */
    void requireAllOpen() throws IOException {
        for (String folder : FOLDERS) {
            for (String name : files.list(folder)) {
                Optional<byte[]> bytes = files.read(name);
                if (bytes.isPresent()) {
                    again(folder, name, bytes.get());
                }
            }
        }
    }

    /** Goes through all of them until there is nothing left to do; answers how many files it wrote. */
    int run() throws IOException {
        int all = 0;
        int changed;
        do {
            changed = 0;
            for (String folder : FOLDERS) {
                for (String name : files.list(folder)) {
                    changed += one(folder, name) ? 1 : 0;
                }
            }
            all += changed;
        } while (changed > 0);
        return all;
    }

    /** Whether the file needed it. When it changed or vanished meanwhile, the next round sees what became of it. */
    private boolean one(String folder, String name) throws IOException {
        Optional<byte[]> bytes = files.read(name);
        if (bytes.isEmpty()) {
            return false;
        }
        Optional<byte[]> again = again(folder, name, bytes.get());
        return again.isPresent() && files.replaceIf(name, bytes.get(), again.get());
    }

    /** The file with its key under the present store key; empty when it is already. */
    private Optional<byte[]> again(String folder, String name, byte[] bytes) throws IOException {
        try {
            if (folder.equals(KeyStore.NOTE_KEYS)) {
                SealedNoteKeyCodec.SealedNoteKey key = SealedNoteKeyCodec.parse(bytes);
                return again(SealedNoteKeyCodec.bound(key.entry()), key.box())
                        .map(box -> SealedNoteKeyCodec.format(new SealedNoteKeyCodec.SealedNoteKey(key.entry(), box)));
            }
            SealedKeyCodec.Kind kind =
                    folder.equals(KeyStore.KEYS) ? SealedKeyCodec.Kind.OWN : SealedKeyCodec.Kind.PACKAGE;
            SealedKeyCodec.SealedKey key = SealedKeyCodec.parse(kind, bytes);
            return again(SealedKeyCodec.bound(kind, key.entry()), key.box())
                    .map(box -> SealedKeyCodec.format(new SealedKeyCodec.SealedKey(kind, key.entry(), box)));
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(name));
        }
    }

    private Optional<AesGcm.Box> again(byte[] bound, AesGcm.Box box) throws DamagedKeyStoreException {
        if (seal.isCurrent(bound, box)) {
            return Optional.empty();
        }
        byte[] secret = seal.unseal(bound, box).orElseThrow(Resealing::foreign);
        try {
            return Optional.of(seal.seal(bound, secret, random));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
