package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages' keys in a key store, beside the keys of the other kinds. */
class PackageKeyStoreTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
    private static final MasterKey MASTER = KeyStoreTest.rawKey(7);
    private static final LogId LOG = log("test:one");
    private static final LogId OTHER = log("test:two");

    private final SeededRandom random = new SeededRandom("package key store");
    private final List<String> asked = new ArrayList<>();
    private final MemorySealedFiles files = new MemorySealedFiles() {
        @Override
        public Optional<byte[]> read(String name) {
            asked.add(name);
            return super.read(name);
        }

        @Override
        public List<String> list(String folder) {
            asked.add(folder + "/");
            return super.list(folder);
        }
    };

    private static LogId log(String name) {
        return LogId.ofBytes(Digest.of(name.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    private static String file(LogId log) {
        return "package-keys/" + log.hex() + ".key";
    }

    private KeyStore create() throws IOException {
        return KeyStore.create(files, MASTER, random, CLOCK);
    }

    private byte[] bytes(LogId log) {
        return files.read(file(log)).orElseThrow();
    }

    @Test
    void packageKeyIsOpenedByItsLogInThisAndInALaterInstance() throws IOException {
        KeyStore store = create();
        PrivateKey key = PrivateKey.generate(random);
        KeyStore.Entry entry = store.addPackageKey(LOG, key);
        assertThat(entry)
                .isEqualTo(new KeyStore.Entry(
                        new KeyLabel(LOG.hex()), key.publicKey(), Instant.parse("2026-01-02T03:04:05Z")));
        for (KeyStore each : List.of(store, KeyStore.open(files, MASTER, random, CLOCK))) {
            assertThat(each.packageKey(LOG)).get().extracting(PrivateKey::text).isEqualTo(key.text());
            assertThat(each.packageKey(OTHER)).isEmpty();
            assertThat(each.packageLogs()).containsExactly(LOG);
        }
    }

    @Test
    void fileOfAPackageKeyIsTheDocumentedText() throws IOException {
        create().addPackageKey(LOG, WargVectors.ALICE);
        assertThat(new String(bytes(LOG), StandardCharsets.US_ASCII))
                .startsWith("LAIR-SEALED-PACKAGE-KEY-V1\nlabel: " + LOG.hex() + "\nkey-id: "
                        + WargVectors.ALICE.keyId() + "\npublic-key: "
                        + WargVectors.ALICE.publicKey().text() + "\ncreated: 2026-01-02T03:04:05Z\nnonce: ");
    }

    /** There may be a million of them. */
    @Test
    void lookingAtTheOperatorsKeysReadsNoPackageKeyAndOpeningOneReadsOneFile() throws IOException {
        KeyStore store = create();
        store.add(new KeyLabel("operator-1"), WargVectors.ALICE);
        store.addPackageKey(LOG, WargVectors.BOB);
        store.addPackageKey(OTHER, PrivateKey.generate(random));
        asked.clear();
        assertThat(store.list()).extracting(KeyStore.Entry::publicKey).containsExactly(WargVectors.ALICE.publicKey());
        assertThat(store.get(WargVectors.BOB.keyId())).isEmpty();
        assertThat(store.get(new KeyLabel(LOG.hex()))).isEmpty();
        assertThat(store.listNoteKeys()).isEmpty();
        assertThat(asked).noneMatch(name -> name.startsWith("package-keys"));
        asked.clear();
        assertThat(store.packageKey(LOG)).isPresent();
        assertThat(asked).containsExactly(file(LOG));
    }

    @Test
    void secondKeyOfALogIsRefusedAndTheFirstStays() throws IOException {
        KeyStore store = create();
        store.addPackageKey(LOG, WargVectors.ALICE);
        assertThatThrownBy(() -> store.addPackageKey(LOG, WargVectors.BOB))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(store.packageKey(LOG)).get().extracting(PrivateKey::keyId).isEqualTo(WargVectors.ALICE.keyId());
        assertThat(store.removePackageKey(LOG)).isTrue();
        assertThat(store.removePackageKey(LOG)).isFalse();
        assertThat(store.packageKey(LOG)).isEmpty();
    }

    @Test
    void anyAlteredByteOfASealedPackageKeyIsRefused() throws IOException {
        KeyStore store = create();
        store.addPackageKey(LOG, WargVectors.ALICE);
        byte[] honest = bytes(LOG);
        for (byte[] altered : Alterations.of(honest)) {
            files.replace(file(LOG), altered);
            assertThatThrownBy(() -> store.packageKey(LOG))
                    .isInstanceOf(DamagedKeyStoreException.class)
                    .hasMessageContaining(file(LOG));
        }
        files.replace(file(LOG), honest);
        assertThat(store.packageKey(LOG)).isPresent();
    }

    /** Who can write to the store's place must not make a package sign with the operator's key, or the other way. */
    @Test
    void keysOfOneKindOrLogDoNotPassForAnother() throws IOException {
        KeyStore store = create();
        KeyLabel label = new KeyLabel(LOG.hex());
        store.add(label, WargVectors.ALICE);
        store.addPackageKey(LOG, WargVectors.BOB);
        store.addPackageKey(OTHER, PrivateKey.generate(random));
        byte[] own = files.read("keys/" + label + ".key").orElseThrow();
        byte[] ofPackage = bytes(LOG);
        files.replace("keys/" + label + ".key", ofPackage);
        assertThatThrownBy(() -> store.get(label)).isInstanceOf(DamagedKeyStoreException.class);
        for (byte[] foreign : List.of(own, bytes(OTHER))) {
            files.replace(file(LOG), foreign);
            assertThatThrownBy(() -> store.packageKey(LOG)).isInstanceOf(DamagedKeyStoreException.class);
        }
        String renamed =
                new String(own, StandardCharsets.US_ASCII).replace("LAIR-SEALED-KEY-V1", "LAIR-SEALED-PACKAGE-KEY-V1");
        files.replace(file(LOG), renamed.getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> store.packageKey(LOG))
                .isInstanceOf(DamagedKeyStoreException.class)
                .hasMessageContaining("does not belong");
    }

    @Test
    void rewrapKeepsPackageKeys() throws IOException {
        KeyStore store = create();
        store.addPackageKey(LOG, WargVectors.ALICE);
        store.rewrap(KeyStoreTest.rawKey(8));
        assertThat(KeyStore.open(files, KeyStoreTest.rawKey(8), random, CLOCK).packageKey(LOG))
                .isPresent();
        assertThatThrownBy(() -> KeyStore.open(files, MASTER, random, CLOCK))
                .isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void newHeaderIsNotMadeBesidePackageKeys() throws IOException {
        create().addPackageKey(LOG, WargVectors.ALICE);
        assertThat(files.delete("key-store")).isTrue();
        assertThatThrownBy(this::create).isInstanceOf(DamagedKeyStoreException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"what.txt", "alice.key", "ABCD.key", ".key"})
    void fileThatIsNamedAfterNoLogIsRefused(String name) throws IOException {
        KeyStore store = create();
        files.replace("package-keys/" + name, new byte[0]);
        assertThatThrownBy(store::packageLogs)
                .isInstanceOf(DamagedKeyStoreException.class)
                .hasMessageContaining(name);
    }

    @Test
    void folderOfPackageKeysIsForTheOwnerOnlyAndFilesSurvive(@TempDir Path parent) throws IOException {
        Path folder = parent.resolve("keys");
        KeyStore.create(folder, MASTER, random, CLOCK).addPackageKey(LOG, WargVectors.ALICE);
        assertThat(KeyFileTest.mode(folder.resolve("package-keys"))).isEqualTo("rwx------");
        assertThat(KeyFileTest.mode(folder.resolve(file(LOG)))).isEqualTo("rw-------");
        KeyStore again = KeyStore.open(folder, MASTER, random, CLOCK);
        assertThat(again.packageKey(LOG)).isPresent();
        assertThat(again.packageLogs()).containsExactly(LOG);
        assertThat(again.list()).isEmpty();
    }
}
