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
 * <p><b>Two layers.</b> The store key is random and stays, so {@link #rewrap} changes one small file in one atomic step, and
 * processes that have the store open go on. The price: who held the old master key <em>and</em> a copy of the old header
 * knows the store key. {@link #reseal} changes both: then copies of before open nothing that is sealed later. What was in
 * those copies stays known: after a leak make new signing keys too.
 *
 * <p><b>What is refused.</b> Any altered byte of any file, a file under another label, a file of another store or kind:
 * typed, at the latest when the key is opened. What cannot be noticed here: a file that was deleted, or put back as it
 * was earlier in this same store. The logs say which keys exist and which are revoked.
 *
 * <p><b>Crashes.</b> Each write makes one file appear, change or vanish whole. Many threads and processes may share a
 * store: of two that add the same label one gets {@link FileAlreadyExistsException}; of two that rewrap the later wins.
 */
public final class KeyStore {

    static final String KEYS = "keys";
    static final String NOTE_KEYS = "note-keys";
    static final String PACKAGE_KEYS = "package-keys";

    private static final String HEADER = StoreHeader.NAME;
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
    private final StoreHeader header;
    private final SecureRandom random;
    private final Clock clock;

    /** Another one once this instance sealed the keys anew. */
    private volatile StoreSeal seal;

    /** Where a key id was seen last; only saves scans, and is checked on use. */
    private final Map<KeyId, KeyLabel> labels = new ConcurrentHashMap<>();

    private KeyStore(SealedFiles files, StoreSeal seal, SecureRandom random, Clock clock) {
        this.files = files;
        this.header = new StoreHeader(files);
        this.seal = seal;
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
        StoreSeal seal = StoreSeal.first(random);
        files.writeNew(HEADER, seal.header(master, random));
        return new KeyStore(files, seal, random, clock);
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
        return new KeyStore(files, new StoreHeader(files).open(master), random, clock);
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
        StoreSeal now = seal;
        AesGcm.Box box = now.seal(SealedKeyCodec.bound(kind, entry), scalar, random);
        Arrays.fill(scalar, (byte) 0);
        writeNew(
                now,
                nameOf(folderOf(kind), label),
                SealedKeyCodec.format(new SealedKeyCodec.SealedKey(kind, entry, box)));
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
        StoreSeal now = seal;
        AesGcm.Box box = now.seal(SealedNoteKeyCodec.bound(entry), seed, random);
        Arrays.fill(seed, (byte) 0);
        writeNew(
                now,
                nameOf(NOTE_KEYS, label),
                SealedNoteKeyCodec.format(new SealedNoteKeyCodec.SealedNoteKey(entry, box)));
        return entry;
    }

    /**
     * A key that was sealed by a store key of before must not stay: {@link #reseal} may have looked at its folder already,
     * and nothing would open it later. A crash between writing and looking leaves such a file only when the header changed in
     * that moment; it opens nothing, says so, and can be deleted: nobody was told of its key.
     */
    private void writeNew(StoreSeal sealedBy, String name, byte[] bytes) throws IOException {
        header.require(sealedBy);
        files.writeNew(name, bytes);
        try {
            header.require(sealedBy);
        } catch (WrongMasterKeyException sealedAnew) {
            files.delete(name);
            throw sealedAnew;
        }
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
        header.replace(header.bytes(seal), seal.header(master, random));
    }

    /**
     * Seals every key anew, by a new store key that only {@code master} opens; what opened the store opens none of them any
     * more, also not with a copy of the old header. Processes that have the store open can go on with the keys that they
     * hold, open no others, add none, and say why.
     *
     * <p><b>Crashes.</b> Three kinds of writes, in this order:
     * <ol>
     *   <li>the header, which then has the new store key under {@code master} and the old store key under the new one. Before
     *       it the old master key opens every key; behind it the new one does, of either kind;
     *   <li>each key's file, one by one, in place. Whatever is there opens by one of the two store keys of the header;
     *   <li>the header again, without the old store key.
     * </ol>
     * A stop behind the first is ended by {@link #finishResealing}, in any process that opens the store.
     *
     * @return how many keys were sealed anew
     * @throws DamagedKeyStoreException when a key does not open; nothing was written then
     */
    public int reseal(MasterKey master) throws IOException {
        finishResealing();
        new Resealing(files, seal, random).requireAllOpen();
        byte[] before = header.bytes(seal);
        StoreSeal next = seal.next(random);
        header.replace(before, next.header(master, random));
        seal = next;
        return finishResealing();
    }

    /** Whether {@link #reseal} was stopped, and {@link #finishResealing} has something to do. */
    public boolean isResealing() {
        return seal.previous().isPresent();
    }

    /** Ends what a stopped {@link #reseal} left; several processes may at once. Answers how many keys it sealed anew. */
    public int finishResealing() throws IOException {
        StoreSeal half = seal;
        if (half.previous().isEmpty()) {
            return 0;
        }
        int resealed = new Resealing(files, half, random).run();
        header.dropPrevious(half);
        seal = half.withoutPrevious();
        return resealed;
    }

    private Optional<PrivateKey> open(Kind kind, KeyLabel label) throws IOException {
        Optional<SealedKeyCodec.SealedKey> sealed = read(files, kind, label);
        return sealed.isEmpty() ? Optional.empty() : Optional.of(open(sealed.get()));
    }

    private PrivateKey open(SealedKeyCodec.SealedKey sealed) throws IOException {
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

    private NotePrivateKey openNoteKey(SealedNoteKeyCodec.SealedNoteKey sealed) throws IOException {
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

    private byte[] unseal(byte[] bound, AesGcm.Box box, String file) throws IOException {
        Optional<byte[]> secret = seal.unseal(bound, box);
        if (secret.isEmpty()) {
            header.require(seal);
            throw Resealing.foreign().in(files.describe(file));
        }
        return secret.get();
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
