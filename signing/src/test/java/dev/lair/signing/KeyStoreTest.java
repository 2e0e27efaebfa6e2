package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyStoreTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
    private static final MasterKey MASTER = rawKey(7);
    private static final KeyLabel LABEL = new KeyLabel("alice");
    private static final KeyLabel OTHER = new KeyLabel("bob.laptop-2");

    private final SeededRandom random = new SeededRandom("key store");

    @TempDir
    Path parent;

    private Path directory() {
        return parent.resolve("store");
    }

    private Path header() {
        return directory().resolve("key-store");
    }

    private Path fileOf(KeyLabel label) {
        return directory().resolve("keys").resolve(label + ".key");
    }

    static MasterKey rawKey(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return MasterKey.ofBytes(bytes);
    }

    private KeyStore create() throws IOException {
        return KeyStore.create(directory(), MASTER, random, CLOCK);
    }

    private KeyStore open(MasterKey master) throws IOException {
        return KeyStore.open(directory(), master, random, CLOCK);
    }

    @Test
    void addedKeyIsFoundByLabelAndIdInThisAndInALaterInstance() throws IOException {
        KeyStore store = create();
        KeyStore.Entry entry = store.add(LABEL, WargVectors.ALICE);
        assertThat(entry)
                .isEqualTo(new KeyStore.Entry(
                        LABEL, WargVectors.ALICE.publicKey(), Instant.parse("2026-01-02T03:04:05Z")));
        for (KeyStore each : List.of(store, open(MASTER))) {
            assertThat(each.list()).containsExactly(entry);
            assertThat(each.get(LABEL)).get().extracting(PrivateKey::text).isEqualTo(WargVectors.ALICE.text());
            assertThat(each.get(entry.keyId()))
                    .get()
                    .extracting(PrivateKey::text)
                    .isEqualTo(WargVectors.ALICE.text());
            assertThat(each.get(OTHER)).isEmpty();
            assertThat(each.get(WargVectors.BOB.keyId())).isEmpty();
        }
    }

    @Test
    void listingIsInOrderAndNeedsNoMasterKey() throws IOException {
        KeyStore store = create();
        store.add(OTHER, WargVectors.BOB);
        store.add(LABEL, WargVectors.ALICE);
        assertThat(KeyStore.list(directory()))
                .extracting(KeyStore.Entry::label, KeyStore.Entry::keyId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(LABEL, WargVectors.ALICE.keyId()),
                        org.assertj.core.groups.Tuple.tuple(OTHER, WargVectors.BOB.keyId()));
    }

    @Test
    void takenLabelIsRefusedAndItsKeyStays() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        assertThatThrownBy(() -> store.add(LABEL, WargVectors.BOB)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(store.get(LABEL)).get().extracting(PrivateKey::keyId).isEqualTo(WargVectors.ALICE.keyId());
        assertThat(store.get(WargVectors.BOB.keyId())).isEmpty();
    }

    @Test
    void removedKeyIsGone() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        assertThat(store.remove(LABEL)).isTrue();
        assertThat(store.remove(LABEL)).isFalse();
        assertThat(store.list()).isEmpty();
        assertThat(store.get(LABEL)).isEmpty();
        assertThat(store.get(WargVectors.ALICE.keyId())).isEmpty();
    }

    @Test
    void keyIsFoundByIdAfterItsLabelMovedToAnotherKey() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        store.remove(LABEL);
        KeyStore elsewhere = open(MASTER);
        elsewhere.add(LABEL, WargVectors.BOB);
        elsewhere.add(OTHER, WargVectors.ALICE);
        assertThat(store.get(WargVectors.ALICE.keyId()))
                .get()
                .extracting(PrivateKey::keyId)
                .isEqualTo(WargVectors.ALICE.keyId());
    }

    @Test
    void sealedFilesHoldNoSecretAndNoTwoSealingsAreAlike() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        byte[] first = Files.readAllBytes(fileOf(LABEL));
        assertThat(new String(first, java.nio.charset.StandardCharsets.US_ASCII))
                .doesNotContain(WargVectors.ALICE.text().substring(11));
        store.remove(LABEL);
        store.add(LABEL, WargVectors.ALICE);
        SealedKeyCodec.SealedKey again =
                SealedKeyCodec.parse(SealedKeyCodec.Kind.OWN, Files.readAllBytes(fileOf(LABEL)));
        assertThat(again.box().nonce())
                .isNotEqualTo(SealedKeyCodec.parse(SealedKeyCodec.Kind.OWN, first)
                        .box()
                        .nonce());
        assertThat(again.box().sealed())
                .isNotEqualTo(SealedKeyCodec.parse(SealedKeyCodec.Kind.OWN, first)
                        .box()
                        .sealed());
    }

    @Test
    void directoriesAndFilesAreForTheirOwnerOnly() throws IOException {
        assumeTrue(
                parent.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "SKIPPED: this file system has no POSIX modes, so file modes are not tested");
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        assertThat(KeyFileTest.mode(directory())).isEqualTo("rwx------");
        assertThat(KeyFileTest.mode(directory().resolve("keys"))).isEqualTo("rwx------");
        assertThat(KeyFileTest.mode(header())).isEqualTo("rw-------");
        assertThat(KeyFileTest.mode(fileOf(LABEL))).isEqualTo("rw-------");
        KeyFileTest.chmod(fileOf(LABEL), "rw-r-----");
        assertThatThrownBy(() -> store.get(LABEL)).isInstanceOf(UnsafeFileModeException.class);
        KeyFileTest.chmod(header(), "rw-r-----");
        assertThatThrownBy(() -> open(MASTER)).isInstanceOf(UnsafeFileModeException.class);
    }

    // Tampering.

    @Test
    void anyAlteredByteOfASealedKeyIsRefused() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        byte[] honest = Files.readAllBytes(fileOf(LABEL));
        for (byte[] altered : Alterations.of(honest)) {
            Files.write(fileOf(LABEL), altered);
            assertThatThrownBy(() -> store.get(LABEL))
                    .isInstanceOf(DamagedKeyStoreException.class)
                    .hasMessageContaining("alice.key");
        }
        Files.write(fileOf(LABEL), honest);
        assertThat(store.get(LABEL)).isPresent();
    }

    @Test
    void anyAlteredByteOfTheHeaderIsRefusedAsDamage() throws IOException {
        create();
        for (byte[] altered : Alterations.of(Files.readAllBytes(header()))) {
            Files.write(header(), altered);
            assertThatThrownBy(() -> open(MASTER))
                    .isInstanceOf(DamagedKeyStoreException.class)
                    .hasMessageContaining("key-store");
        }
    }

    /** Whoever alters the header can also redo its checksum; the wrapped key still does not open. */
    @Test
    void headerAlteredWithARightChecksumDoesNotOpen() throws IOException {
        create();
        KeyStoreHeaderCodec.Header honest = KeyStoreHeaderCodec.parse(Files.readAllBytes(header()));
        for (boolean inNonce : new boolean[] {true, false}) {
            byte[] nonce = honest.wrapped().nonce().clone();
            byte[] sealed = honest.wrapped().sealed().clone();
            (inNonce ? nonce : sealed)[3] ^= 1;
            Files.write(
                    header(),
                    KeyStoreHeaderCodec.format(
                            new KeyStoreHeaderCodec.Header(honest.unlock(), new AesGcm.Box(nonce, sealed))));
            assertThatThrownBy(() -> open(MASTER)).isInstanceOf(WrongMasterKeyException.class);
        }
    }

    @Test
    void sealedKeyUnderAnotherLabelsNameIsRefused() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        Files.copy(fileOf(LABEL), fileOf(OTHER));
        assertThatThrownBy(() -> store.get(OTHER)).isInstanceOf(DamagedKeyStoreException.class);
        assertThatThrownBy(store::list).isInstanceOf(DamagedKeyStoreException.class);
    }

    /** Each readable line replaced by a well-formed other one, with the file name to match: opening finds it. */
    @Test
    void readableLinesAreBoundToTheSealedKey() throws IOException {
        KeyStore store = create();
        KeyStore.Entry entry = store.add(LABEL, WargVectors.ALICE);
        AesGcm.Box box = SealedKeyCodec.parse(SealedKeyCodec.Kind.OWN, Files.readAllBytes(fileOf(LABEL)))
                .box();
        KeyStore.Entry[] invented = {
            new KeyStore.Entry(OTHER, entry.publicKey(), entry.created()),
            new KeyStore.Entry(LABEL, WargVectors.BOB.publicKey(), entry.created()),
            new KeyStore.Entry(LABEL, entry.publicKey(), entry.created().plusSeconds(1))
        };
        for (KeyStore.Entry lie : invented) {
            OwnerOnlyFile.replace(
                    fileOf(lie.label()),
                    SealedKeyCodec.format(new SealedKeyCodec.SealedKey(SealedKeyCodec.Kind.OWN, lie, box)));
            assertThat(KeyStore.list(directory())).contains(lie);
            assertThatThrownBy(() -> store.get(lie.label())).isInstanceOf(DamagedKeyStoreException.class);
        }
    }

    @Test
    void sealedKeyOfAnotherStoreIsRefused() throws IOException {
        create().add(LABEL, WargVectors.ALICE);
        KeyStore other = KeyStore.create(parent.resolve("other"), MASTER, random, CLOCK);
        Files.copy(fileOf(LABEL), parent.resolve("other").resolve("keys").resolve("alice.key"));
        assertThatThrownBy(() -> other.get(LABEL)).isInstanceOf(DamagedKeyStoreException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "Alice.key", ".hidden.key.bak~", "a b.key", "alice.key.bak"})
    void foreignFileIsNamedUnlessHidden(String name) throws IOException {
        KeyStore store = create();
        Files.writeString(directory().resolve("keys").resolve(name), "x");
        if (name.startsWith(".")) {
            assertThat(store.list()).isEmpty();
        } else {
            assertThatThrownBy(store::list)
                    .isInstanceOf(DamagedKeyStoreException.class)
                    .hasMessageContaining(name);
        }
    }

    // Master keys and rewrapping.

    @Test
    void wrongMasterKeyIsSaidSo() throws IOException {
        create();
        assertThatThrownBy(() -> open(rawKey(8)))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("this raw key does not open");
        assertThatThrownBy(() -> open(MasterKey.ofPassphrase("correct horse battery".toCharArray())))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("opened by a raw key");
    }

    @Test
    void rewrapChangesTheMasterKeyAndNoSealedKey() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        byte[] sealed = Files.readAllBytes(fileOf(LABEL));
        store.rewrap(rawKey(8));
        assertThat(Files.readAllBytes(fileOf(LABEL))).isEqualTo(sealed);
        assertThatThrownBy(() -> open(MASTER)).isInstanceOf(WrongMasterKeyException.class);
        assertThat(open(rawKey(8)).get(LABEL)).isPresent();
        store.add(OTHER, WargVectors.BOB);
        assertThat(open(rawKey(8)).get(OTHER)).isPresent();
    }

    /** A crash before the rename leaves the old header and a temporary file; after it, the new header. */
    @Test
    void crashDuringRewrapLeavesOneMasterKeyThatOpensEverything() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        byte[] before = Files.readAllBytes(header());
        store.rewrap(rawKey(8));
        byte[] after = Files.readAllBytes(header());

        Files.write(header(), before);
        Files.write(directory().resolve(".key-store.tmp-1-1"), Arrays.copyOf(after, 40));
        assertThat(open(MASTER).get(LABEL)).isPresent();

        Files.write(header(), after);
        assertThat(open(rawKey(8)).get(LABEL)).isPresent();
    }

    @Test
    void crashDuringAddLeavesAFileThatIsNeverRead() throws IOException {
        KeyStore store = create();
        Files.writeString(directory().resolve("keys").resolve(".alice.key.tmp-1-1"), "half");
        assertThat(store.list()).isEmpty();
        assertThat(store.get(LABEL)).isEmpty();
        store.add(LABEL, WargVectors.ALICE);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void crashDuringCreateIsFinishedByCreatingAgain() throws IOException {
        Files.createDirectories(directory().resolve("keys"));
        assertThatThrownBy(() -> open(MASTER)).isInstanceOf(NoSuchFileException.class);
        create();
        assertThat(open(MASTER).list()).isEmpty();
    }

    @Test
    void createRefusesAStoreAndSealedKeysWithoutHeader() throws IOException {
        create().add(LABEL, WargVectors.ALICE);
        assertThatThrownBy(this::create).isInstanceOf(FileAlreadyExistsException.class);
        Files.delete(header());
        assertThatThrownBy(this::create).isInstanceOf(DamagedKeyStoreException.class);
    }

    @Test
    void ofManyThatAddOneLabelExactlyOneSucceeds() throws Exception {
        KeyStore store = create();
        int writers = 8;
        CountDownLatch ready = new CountDownLatch(writers);
        List<PrivateKey> keys = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            PrivateKey key = PrivateKey.generate(random);
            keys.add(key);
            tasks.add(() -> {
                ready.countDown();
                ready.await();
                try {
                    store.add(LABEL, key);
                    return true;
                } catch (FileAlreadyExistsException taken) {
                    return false;
                }
            });
        }
        List<KeyId> added = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Boolean>> results = threads.invokeAll(tasks);
            for (int i = 0; i < writers; i++) {
                if (succeeded(results.get(i))) {
                    added.add(keys.get(i).keyId());
                }
            }
        }
        assertThat(added).hasSize(1);
        assertThat(store.get(LABEL)).get().extracting(PrivateKey::keyId).isEqualTo(added.get(0));
        assertThat(directory().resolve("keys")).isDirectoryNotContaining("glob:**/.*");
    }

    private static boolean succeeded(Future<Boolean> result) throws ExecutionException, InterruptedException {
        return result.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "_a", "A", "a/b", "..", "a\\b", "a b", "a\n", "ä", "a:b"})
    void otherLabelsAreRefused(String label) {
        assertThatThrownBy(() -> new KeyLabel(label)).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void longestLabelIsAllowedAndALongerOneRefused() throws IOException {
        KeyLabel longest = new KeyLabel("a".repeat(64));
        create().add(longest, WargVectors.ALICE);
        assertThat(open(MASTER).get(longest)).isPresent();
        assertThatThrownBy(() -> new KeyLabel("a".repeat(65))).isInstanceOf(MalformedKeyException.class);
    }
}
