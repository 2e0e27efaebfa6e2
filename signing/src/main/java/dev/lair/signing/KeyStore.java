package dev.lair.signing;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;

/**
 * Private keys in a directory, each sealed in a file of its own.
 *
 * <pre>
 * DIRECTORY/             mode 0700
 *   key-store            {@link KeyStoreHeaderCodec}: the store key, wrapped by the master key
 *   keys/LABEL.key       {@link SealedKeyCodec}: one private key, sealed by the store key
 * </pre>
 *
 * <p><b>Two layers.</b> The store key is random and stays for the life of the store, so {@link #rewrap} changes one
 * small file in one atomic step, and processes that have the store open go on. The price: who held the old master key
 * <em>and</em> a copy of the old header knows the store key. After such a leak make a new store with new signing keys;
 * rewrapping is for changing a passphrase, not for repairing a leak.
 *
 * <p><b>What is refused.</b> Any altered byte of any file, a file under another label, a file of another store: typed,
 * at the latest when the key is opened. What cannot be noticed here: a file that was deleted, or put back as it was
 * earlier in this same store. The logs say which keys exist and which are revoked.
 *
 * <p><b>Crashes.</b> Each write makes one file appear, change or vanish whole ({@link OwnerOnlyFile}); what is left of
 * an interrupted one is a file starting with a dot, which is never read, holds nothing unsealed and may be deleted.
 * Many threads and processes may share a store: of two that add the same label one gets
 * {@link FileAlreadyExistsException}; of two that rewrap the later wins.
 */
public final class KeyStore {

    private static final String HEADER = "key-store";
    private static final String KEYS = "keys";
    private static final String SUFFIX = ".key";

    /** The readable part of a sealed key: anybody who can read the file can read and, unnoticed here, invent it. */
    public record Entry(KeyLabel label, PublicKey publicKey, Instant created) {

        /** The id of {@link #publicKey}. */
        public KeyId keyId() {
            return publicKey.keyId();
        }
    }

    private final Path directory;
    private final SecretKey storeKey;
    private final SecureRandom random;
    private final Clock clock;

    /** Where a key id was seen last; only saves scans, and is checked on use. */
    private final Map<KeyId, KeyLabel> labels = new ConcurrentHashMap<>();

    private KeyStore(Path directory, SecretKey storeKey, SecureRandom random, Clock clock) {
        this.directory = directory;
        this.storeKey = storeKey;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Makes an empty store. The header is written last: a crash before leaves empty directories, and calling this again
     * finishes.
     *
     * @throws FileAlreadyExistsException when {@code directory} holds a store
     * @throws DamagedKeyStoreException when it holds sealed keys without a header, which a new one could not open
     */
    public static KeyStore create(Path directory, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        Path header = directory.resolve(HEADER);
        if (Files.exists(header)) {
            throw new FileAlreadyExistsException(header.toString(), null, "there is a key store already");
        }
        OwnerOnlyFile.createDirectory(directory);
        OwnerOnlyFile.createDirectory(directory.resolve(KEYS));
        if (!list(directory).isEmpty()) {
            throw new DamagedKeyStoreException("the header is missing beside sealed keys").in(header);
        }
        byte[] bytes = new byte[AesGcm.KEY_LENGTH];
        random.nextBytes(bytes);
        SecretKey storeKey = AesGcm.key(bytes);
        Arrays.fill(bytes, (byte) 0);
        OwnerOnlyFile.writeNew(header, wrap(storeKey, master, random));
        return new KeyStore(directory, storeKey, random, clock);
    }

    /**
     * Opens a store. With a passphrase this takes the time and memory that its header names.
     *
     * @throws NoSuchFileException when there is none
     * @throws WrongMasterKeyException when {@code master} does not open it
     * @throws DamagedKeyStoreException when its header is not one
     */
    public static KeyStore open(Path directory, MasterKey master, SecureRandom random, Clock clock) throws IOException {
        Path file = directory.resolve(HEADER);
        byte[] bytes = OwnerOnlyFile.read(file, Limits.KEY_STORE_FILE_BYTES);
        KeyStoreHeaderCodec.Header header;
        try {
            header = KeyStoreHeaderCodec.parse(bytes);
        } catch (DamagedKeyStoreException e) {
            throw e.in(file);
        }
        byte[] storeKey = AesGcm.open(
                        master.derive(header.unlock()), KeyStoreHeaderCodec.bound(header.unlock()), header.wrapped())
                .orElseThrow(() -> new WrongMasterKeyException("this " + master.kind()
                        + " does not open the key store `" + directory + "` (or somebody replaced its header)"));
        SecretKey key = AesGcm.key(storeKey);
        Arrays.fill(storeKey, (byte) 0);
        return new KeyStore(directory, key, random, clock);
    }

    private static byte[] wrap(SecretKey storeKey, MasterKey master, SecureRandom random)
            throws WrongMasterKeyException {
        KeyStoreHeaderCodec.Unlock unlock = master.newUnlock(random);
        AesGcm.Box wrapped =
                AesGcm.seal(master.derive(unlock), KeyStoreHeaderCodec.bound(unlock), storeKey.getEncoded(), random);
        return KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(unlock, wrapped));
    }

    /**
     * What the store in {@code directory} says it holds, by label. Needs no master key, and so proves nothing: opening a
     * key does.
     *
     * @throws DamagedKeyStoreException naming the first file that is no sealed key or lies under another label's name
     */
    public static List<Entry> list(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(KEYS))) {
            for (Path file : files) {
                if (!String.valueOf(file.getFileName()).startsWith(".")) {
                    read(file, labelOf(file)).ifPresent(key -> entries.add(key.entry()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing(Entry::label));
        return List.copyOf(entries);
    }

    /** {@link #list(Path)} of this store. */
    public List<Entry> list() throws IOException {
        return list(directory);
    }

    /**
     * Seals {@code key} under {@code label}; durable when this returns. One key may have several labels.
     *
     * @throws FileAlreadyExistsException when the label is taken; the key there stays
     */
    public Entry add(KeyLabel label, PrivateKey key) throws IOException {
        Entry entry = new Entry(label, key.publicKey(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
        byte[] scalar = key.scalar();
        AesGcm.Box box = AesGcm.seal(storeKey, SealedKeyCodec.bound(entry), scalar, random);
        Arrays.fill(scalar, (byte) 0);
        OwnerOnlyFile.writeNew(fileOf(label), SealedKeyCodec.format(new SealedKeyCodec.SealedKey(entry, box)));
        labels.put(entry.keyId(), label);
        return entry;
    }

    /**
     * Opens the key of a label; empty when there is none.
     *
     * @throws DamagedKeyStoreException when its file is not what this store wrote for this label
     */
    public Optional<PrivateKey> get(KeyLabel label) throws IOException {
        Optional<SealedKeyCodec.SealedKey> sealed = read(fileOf(label), label);
        return sealed.isEmpty() ? Optional.empty() : Optional.of(open(sealed.get()));
    }

    /**
     * Opens the key of an id; empty when there is none. An id that this instance has not met costs a {@link #list()},
     * and fails as that does.
     */
    public Optional<PrivateKey> get(KeyId keyId) throws IOException {
        KeyLabel known = labels.get(keyId);
        if (known != null) {
            Optional<PrivateKey> key = get(known).filter(found -> found.keyId().equals(keyId));
            if (key.isPresent()) {
                return key;
            }
        }
        labels.clear();
        for (Entry entry : list()) {
            labels.put(entry.keyId(), entry.label());
        }
        KeyLabel found = labels.get(keyId);
        return found == null ? Optional.empty() : get(found);
    }

    /** Deletes the key of a label for ever; whether there was one. Backups and disk blocks are not wiped. */
    public boolean remove(KeyLabel label) throws IOException {
        return OwnerOnlyFile.delete(fileOf(label));
    }

    /**
     * From now on {@code master} opens this store, and what opened it does not. Sealed keys stay as they are (see the
     * class comment for what that means after a leak). A crash leaves the old header or the new one, whole: one of the
     * two master keys opens every key.
     */
    public void rewrap(MasterKey master) throws IOException {
        OwnerOnlyFile.replace(directory.resolve(HEADER), wrap(storeKey, master, random));
    }

    private PrivateKey open(SealedKeyCodec.SealedKey sealed) throws DamagedKeyStoreException {
        Entry entry = sealed.entry();
        byte[] scalar = AesGcm.open(storeKey, SealedKeyCodec.bound(entry), sealed.box())
                .orElseThrow(() -> new DamagedKeyStoreException(
                                "the sealed key does not belong to its label, public key, time or store")
                        .in(fileOf(entry.label())));
        try {
            PrivateKey key = PrivateKey.ofScalar(scalar);
            if (!key.publicKey().equals(entry.publicKey())) {
                throw new IllegalStateException("the store sealed a key under a foreign public key");
            }
            return key;
        } finally {
            Arrays.fill(scalar, (byte) 0);
        }
    }

    /** The sealed key of a file; empty when there is no file. */
    private static Optional<SealedKeyCodec.SealedKey> read(Path file, KeyLabel label) throws IOException {
        try {
            SealedKeyCodec.SealedKey key = SealedKeyCodec.parse(OwnerOnlyFile.read(file, Limits.KEY_STORE_FILE_BYTES));
            if (!key.entry().label().equals(label)) {
                throw new DamagedKeyStoreException("it holds the key of another label");
            }
            return Optional.of(key);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DamagedKeyStoreException e) {
            throw e.in(file);
        }
    }

    private Path fileOf(KeyLabel label) {
        return directory.resolve(KEYS).resolve(label + SUFFIX);
    }

    private static KeyLabel labelOf(Path file) throws DamagedKeyStoreException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(SUFFIX)) {
            try {
                return new KeyLabel(name.substring(0, name.length() - SUFFIX.length()));
            } catch (MalformedKeyException notALabel) {
                // falls through: said the same way
            }
        }
        throw new DamagedKeyStoreException("only files named LABEL.key belong here").in(file);
    }
}
