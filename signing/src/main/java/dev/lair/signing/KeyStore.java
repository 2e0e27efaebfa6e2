package dev.lair.signing;

import dev.lair.signing.SealedKeyCodec.Kind;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MalformedDigestException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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
 * Private keys, each sealed in a file of its own: P-256 keys of records and checkpoints, keys of signed notes, and the
 * P-256 keys by which a registry signs for the owners of packages.
 *
 * <pre>
 * key-store                {@link KeyStoreHeaderCodec}: the store key, wrapped by the master key
 * keys/LABEL.key           {@link SealedKeyCodec}: one P-256 key, sealed by the store key
 * note-keys/LABEL.key      {@link SealedNoteKeyCodec}: one note key, sealed by the store key
 * package-keys/HEX.key     {@link SealedKeyCodec}: the P-256 key of one package log, sealed by the store key
 * </pre>
 *
 * <p>The files lie in {@link SealedFiles}: a directory ({@link SealedFolder}) or a database. Each kind of key has labels
 * of its own. Of packages' keys there may be as many as there are packages: they are found by the log's id alone, none is
 * kept in memory, and looking at the keys of the other kinds reads none of them.
 *
 * <p><b>Two layers.</b> The store key is random and stays for the life of the store, so {@link #rewrap} changes one
 * small file in one atomic step, and processes that have the store open go on. The price: who held the old master key
 * <em>and</em> a copy of the old header knows the store key. After such a leak make a new store with new signing keys;
 * rewrapping is for changing a passphrase, not for repairing a leak.
 *
 * <p><b>What is refused.</b> Any altered byte of any file, a file under another label, a file of another store or kind:
 * typed, at the latest when the key is opened. What cannot be noticed here: a file that was deleted, or put back as it
 * was earlier in this same store. The logs say which keys exist and which are revoked.
 *
 * <p><b>Crashes.</b> Each write makes one file appear, change or vanish whole. Many threads and processes may share a
 * store: of two that add the same label one gets {@link FileAlreadyExistsException}; of two that rewrap the later wins.
 */
public final class KeyStore {

    private static final String HEADER = "key-store";
    private static final String KEYS = "keys";
    private static final String NOTE_KEYS = "note-keys";
    private static final String PACKAGE_KEYS = "package-keys";
    private static final String SUFFIX = ".key";

    /** The readable part of a sealed key: anybody who can read the file can read and, unnoticed here, invent it. */
    public record Entry(KeyLabel label, PublicKey publicKey, Instant created) {

        /** The id of {@link #publicKey}. */
        public KeyId keyId() {
            return publicKey.keyId();
        }
    }

    /** The readable part of a sealed note key, with the same caution as {@link Entry}. */
    public record NoteEntry(KeyLabel label, NoteKey key, Instant created) {}

    private final SealedFiles files;
    private final SecretKey storeKey;
    private final SecureRandom random;
    private final Clock clock;

    /** Where a key id was seen last; only saves scans, and is checked on use. */
    private final Map<KeyId, KeyLabel> labels = new ConcurrentHashMap<>();

    private KeyStore(SealedFiles files, SecretKey storeKey, SecureRandom random, Clock clock) {
        this.files = files;
        this.storeKey = storeKey;
        this.random = random;
        this.clock = clock;
    }

    /** {@link #create(SealedFiles, MasterKey, SecureRandom, Clock)} in a directory, which is made. */
    public static KeyStore create(Path directory, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        SealedFolder folder = new SealedFolder(directory);
        folder.makeFolder(KEYS);
        return create(folder, master, random, clock);
    }

    /**
     * Makes an empty store. The header is the one file that this writes: a crash before leaves no store, and calling
     * this again makes it.
     *
     * @throws FileAlreadyExistsException when {@code files} hold a store
     * @throws DamagedKeyStoreException when they hold sealed keys without a header, which a new one could not open
     */
    public static KeyStore create(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        if (files.read(HEADER).isPresent()) {
            throw new FileAlreadyExistsException(files.describe(HEADER), null, "there is a key store already");
        }
        if (!list(files).isEmpty()
                || !listNoteKeys(files).isEmpty()
                || !files.list(PACKAGE_KEYS).isEmpty()) {
            throw new DamagedKeyStoreException("the header is missing beside sealed keys").in(files.describe(HEADER));
        }
        byte[] bytes = new byte[AesGcm.KEY_LENGTH];
        random.nextBytes(bytes);
        SecretKey storeKey = AesGcm.key(bytes);
        Arrays.fill(bytes, (byte) 0);
        files.writeNew(HEADER, wrap(storeKey, master, random));
        return new KeyStore(files, storeKey, random, clock);
    }

    /** {@link #open(SealedFiles, MasterKey, SecureRandom, Clock)} in a directory. */
    public static KeyStore open(Path directory, MasterKey master, SecureRandom random, Clock clock) throws IOException {
        return open(new SealedFolder(directory), master, random, clock);
    }

    /**
     * Opens a store. With a passphrase this takes the time and memory that its header names.
     *
     * @throws NoSuchFileException when there is none
     * @throws WrongMasterKeyException when {@code master} does not open it
     * @throws DamagedKeyStoreException when its header is not one
     */
    public static KeyStore open(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        byte[] bytes = files.read(HEADER).orElseThrow(() -> new NoSuchFileException(files.describe(HEADER)));
        KeyStoreHeaderCodec.Header header;
        try {
            header = KeyStoreHeaderCodec.parse(bytes);
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(HEADER));
        }
        byte[] storeKey = AesGcm.open(
                        master.derive(header.unlock()), KeyStoreHeaderCodec.bound(header.unlock()), header.wrapped())
                .orElseThrow(
                        () -> new WrongMasterKeyException("this " + master.kind() + " does not open the key store `"
                                + files.describe("") + "` (or somebody replaced its header)"));
        SecretKey key = AesGcm.key(storeKey);
        Arrays.fill(storeKey, (byte) 0);
        return new KeyStore(files, key, random, clock);
    }

    private static byte[] wrap(SecretKey storeKey, MasterKey master, SecureRandom random)
            throws WrongMasterKeyException {
        KeyStoreHeaderCodec.Unlock unlock = master.newUnlock(random);
        AesGcm.Box wrapped =
                AesGcm.seal(master.derive(unlock), KeyStoreHeaderCodec.bound(unlock), storeKey.getEncoded(), random);
        return KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(unlock, wrapped));
    }

    /** {@link #list(SealedFiles)} of a directory; {@link NoSuchFileException} when it does not exist. */
    public static List<Entry> list(Path directory) throws IOException {
        return list(new SealedFolder(directory));
    }

    /**
     * Which P-256 keys a store says it holds, by label. Needs no master key, and so proves nothing: opening a key does.
     *
     * @throws DamagedKeyStoreException naming the first file that is no sealed key or lies under another label's name
     */
    public static List<Entry> list(SealedFiles files) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String file : files.list(KEYS)) {
            read(files, Kind.OWN, labelOf(files, KEYS, file)).ifPresent(key -> entries.add(key.entry()));
        }
        entries.sort(Comparator.comparing(Entry::label));
        return List.copyOf(entries);
    }

    /** Which note keys a store says it holds; otherwise as {@link #list(SealedFiles)}. */
    public static List<NoteEntry> listNoteKeys(SealedFiles files) throws IOException {
        List<NoteEntry> entries = new ArrayList<>();
        for (String file : files.list(NOTE_KEYS)) {
            readNoteKey(files, labelOf(files, NOTE_KEYS, file)).ifPresent(key -> entries.add(key.entry()));
        }
        entries.sort(Comparator.comparing(NoteEntry::label));
        return List.copyOf(entries);
    }

    /** {@link #list(SealedFiles)} of this store. */
    public List<Entry> list() throws IOException {
        return list(files);
    }

    /** {@link #listNoteKeys(SealedFiles)} of this store. */
    public List<NoteEntry> listNoteKeys() throws IOException {
        return listNoteKeys(files);
    }

    /**
     * Seals {@code key} under {@code label}; durable when this returns. One key may have several labels.
     *
     * @throws FileAlreadyExistsException when the label is taken; the key there stays
     */
    public Entry add(KeyLabel label, PrivateKey key) throws IOException {
        Entry entry = add(Kind.OWN, label, key);
        labels.put(entry.keyId(), label);
        return entry;
    }

    private Entry add(Kind kind, KeyLabel label, PrivateKey key) throws IOException {
        Entry entry = new Entry(label, key.publicKey(), now());
        byte[] scalar = key.scalar();
        AesGcm.Box box = AesGcm.seal(storeKey, SealedKeyCodec.bound(kind, entry), scalar, random);
        Arrays.fill(scalar, (byte) 0);
        files.writeNew(
                nameOf(folderOf(kind), label), SealedKeyCodec.format(new SealedKeyCodec.SealedKey(kind, entry, box)));
        return entry;
    }

    /**
     * Seals the key by which a registry signs the log of a package; durable when this returns.
     *
     * @throws FileAlreadyExistsException when the log has a key; it stays. Of two nodes that make one at the same time,
     *     one gets this and goes on with {@link #packageKey}
     */
    public Entry addPackageKey(LogId log, PrivateKey key) throws IOException {
        return add(Kind.PACKAGE, KeyLabel.of(log), key);
    }

    /**
     * Seals a note key under a label of the note keys; durable when this returns.
     *
     * @throws FileAlreadyExistsException when the label is taken; the key there stays
     */
    public NoteEntry addNoteKey(KeyLabel label, NotePrivateKey key) throws IOException {
        NoteEntry entry = new NoteEntry(label, key.key(), now());
        byte[] seed = key.seed();
        AesGcm.Box box = AesGcm.seal(storeKey, SealedNoteKeyCodec.bound(entry), seed, random);
        Arrays.fill(seed, (byte) 0);
        files.writeNew(
                nameOf(NOTE_KEYS, label), SealedNoteKeyCodec.format(new SealedNoteKeyCodec.SealedNoteKey(entry, box)));
        return entry;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Opens the key of a label; empty when there is none.
     *
     * @throws DamagedKeyStoreException when its file is not what this store wrote for this label
     */
    public Optional<PrivateKey> get(KeyLabel label) throws IOException {
        return open(Kind.OWN, label);
    }

    /**
     * Opens the key of a package log, with one read; empty when there is none.
     *
     * @throws DamagedKeyStoreException when its file is not what this store wrote for this log
     */
    public Optional<PrivateKey> packageKey(LogId log) throws IOException {
        return open(Kind.PACKAGE, KeyLabel.of(log));
    }

    /**
     * The package logs that have a key: one listing, which opens and proves nothing. For moving a store elsewhere; it
     * costs memory for each name.
     *
     * @throws DamagedKeyStoreException naming the first file that is named after no log
     */
    public List<LogId> packageLogs() throws IOException {
        List<LogId> logs = new ArrayList<>();
        for (String file : files.list(PACKAGE_KEYS)) {
            try {
                logs.add(LogId.ofHex(labelOf(files, PACKAGE_KEYS, file).value()));
            } catch (MalformedDigestException e) {
                throw new DamagedKeyStoreException("only files named after a package log belong here")
                        .in(files.describe(file));
            }
        }
        logs.sort(Comparator.naturalOrder());
        return List.copyOf(logs);
    }

    /**
     * Opens the note key of a label; empty when there is none.
     *
     * @throws DamagedKeyStoreException when its file is not what this store wrote for this label
     */
    public Optional<NotePrivateKey> noteKey(KeyLabel label) throws IOException {
        Optional<SealedNoteKeyCodec.SealedNoteKey> sealed = readNoteKey(files, label);
        return sealed.isEmpty() ? Optional.empty() : Optional.of(openNoteKey(sealed.get()));
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
        return files.delete(nameOf(KEYS, label));
    }

    /** Deletes the key of a package log for ever; otherwise as {@link #remove}. */
    public boolean removePackageKey(LogId log) throws IOException {
        return files.delete(nameOf(PACKAGE_KEYS, KeyLabel.of(log)));
    }

    /** Deletes the note key of a label for ever; otherwise as {@link #remove}. */
    public boolean removeNoteKey(KeyLabel label) throws IOException {
        return files.delete(nameOf(NOTE_KEYS, label));
    }

    /**
     * From now on {@code master} opens this store, and what opened it does not. Sealed keys stay as they are (see the
     * class comment for what that means after a leak). A crash leaves the old header or the new one, whole: one of the
     * two master keys opens every key.
     */
    public void rewrap(MasterKey master) throws IOException {
        files.replace(HEADER, wrap(storeKey, master, random));
    }

    private Optional<PrivateKey> open(Kind kind, KeyLabel label) throws IOException {
        Optional<SealedKeyCodec.SealedKey> sealed = read(files, kind, label);
        return sealed.isEmpty() ? Optional.empty() : Optional.of(open(sealed.get()));
    }

    private PrivateKey open(SealedKeyCodec.SealedKey sealed) throws DamagedKeyStoreException {
        Entry entry = sealed.entry();
        Kind kind = sealed.kind();
        byte[] scalar = unseal(SealedKeyCodec.bound(kind, entry), sealed.box(), nameOf(folderOf(kind), entry.label()));
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

    private NotePrivateKey openNoteKey(SealedNoteKeyCodec.SealedNoteKey sealed) throws DamagedKeyStoreException {
        NoteEntry entry = sealed.entry();
        byte[] seed = unseal(SealedNoteKeyCodec.bound(entry), sealed.box(), nameOf(NOTE_KEYS, entry.label()));
        try {
            NoteKeyType type = entry.key().type().orElseThrow();
            NotePrivateKey key = NotePrivateKey.ofSeed(type, entry.key().name(), seed);
            if (!key.key().equals(entry.key())) {
                throw new IllegalStateException("the store sealed a note key under a foreign public key");
            }
            return key;
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private byte[] unseal(byte[] bound, AesGcm.Box box, String file) throws DamagedKeyStoreException {
        return AesGcm.open(storeKey, bound, box)
                .orElseThrow(() -> new DamagedKeyStoreException(
                                "the sealed key does not belong to its label, public key, time or store")
                        .in(files.describe(file)));
    }

    /** The sealed key of a label; empty when there is no file. */
    private static Optional<SealedKeyCodec.SealedKey> read(SealedFiles files, Kind kind, KeyLabel label)
            throws IOException {
        String file = nameOf(folderOf(kind), label);
        Optional<byte[]> bytes = files.read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            SealedKeyCodec.SealedKey key = SealedKeyCodec.parse(kind, bytes.get());
            requireLabel(label, key.entry().label());
            return Optional.of(key);
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(file));
        }
    }

    /** The sealed note key of a label; empty when there is no file. */
    private static Optional<SealedNoteKeyCodec.SealedNoteKey> readNoteKey(SealedFiles files, KeyLabel label)
            throws IOException {
        String file = nameOf(NOTE_KEYS, label);
        Optional<byte[]> bytes = files.read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            SealedNoteKeyCodec.SealedNoteKey key = SealedNoteKeyCodec.parse(bytes.get());
            requireLabel(label, key.entry().label());
            return Optional.of(key);
        } catch (DamagedKeyStoreException e) {
            throw e.in(files.describe(file));
        }
    }

    private static void requireLabel(KeyLabel expected, KeyLabel found) throws DamagedKeyStoreException {
        if (!found.equals(expected)) {
            throw new DamagedKeyStoreException("it holds the key of another label");
        }
    }

    private static String folderOf(Kind kind) {
        return switch (kind) {
            case OWN -> KEYS;
            case PACKAGE -> PACKAGE_KEYS;
        };
    }

    private static String nameOf(String folder, KeyLabel label) {
        return folder + "/" + label + SUFFIX;
    }

    private static KeyLabel labelOf(SealedFiles files, String folder, String file) throws DamagedKeyStoreException {
        int start = folder.length() + 1;
        if (file.endsWith(SUFFIX) && file.length() > start + SUFFIX.length()) {
            try {
                return new KeyLabel(file.substring(start, file.length() - SUFFIX.length()));
            } catch (MalformedKeyException notALabel) {
                // falls through: said the same way
            }
        }
        throw new DamagedKeyStoreException("only files named LABEL.key belong here").in(files.describe(file));
    }
}
