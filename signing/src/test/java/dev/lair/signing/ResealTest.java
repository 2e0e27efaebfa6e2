package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
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

/** {@link KeyStore#reseal}: another master key and another store key, and what a stop at each write leaves. */
class ResealTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final MasterKey OLD = KeyStoreTest.rawKey(7);
    private static final MasterKey NEW = KeyStoreTest.rawKey(8);
    private static final KeyLabel LABEL = new KeyLabel("operator-1");
    private static final LogId LOG = log("test:one");
    private static final LogId OTHER = log("test:two");

    /** Two headers, two operator keys, one note key and two packages' keys. */
    private static final int WRITES = 7;

    private final SeededRandom random = new SeededRandom("reseal");
    private final NotePrivateKey note = NotePrivateKey.generate(NoteKeyType.ED25519, "registry.example/log", random);
    private final CountedFiles files = new CountedFiles();

    @TempDir
    Path parent;

    private static LogId log(String name) {
        return LogId.ofBytes(Digest.of(name.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    /** The process is killed when it has written this often. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class CountedFiles extends MemorySealedFiles {
        private int left = Integer.MAX_VALUE;
        private Runnable beforeNewFile = () -> {};

        @Override
        public void writeNew(String name, byte[] bytes) throws FileAlreadyExistsException {
            beforeNewFile.run();
            super.writeNew(name, bytes);
        }

        @Override
        public void replace(String name, byte[] bytes) {
            throw new AssertionError("nothing is replaced without a look at what is there");
        }

        @Override
        public boolean replaceIf(String name, byte[] expected, byte[] bytes) {
            if (left-- == 0) {
                throw new Killed();
            }
            return super.replaceIf(name, expected, bytes);
        }
    }

    private void fill(KeyStore store) throws IOException {
        store.add(LABEL, WargVectors.ALICE);
        store.add(new KeyLabel("attestation-1"), WargVectors.BOB);
        store.addNoteKey(new KeyLabel("log"), note);
        store.addPackageKey(LOG, WargVectors.ALICE);
        store.addPackageKey(OTHER, WargVectors.BOB);
    }

    private void requireAllKeys(KeyStore store) throws IOException {
        assertThat(store.get(LABEL)).get().extracting(PrivateKey::text).isEqualTo(WargVectors.ALICE.text());
        assertThat(store.get(new KeyLabel("attestation-1")))
                .get()
                .extracting(PrivateKey::text)
                .isEqualTo(WargVectors.BOB.text());
        assertThat(store.noteKey(new KeyLabel("log")))
                .get()
                .extracting(NotePrivateKey::text)
                .isEqualTo(note.text());
        assertThat(store.packageKey(LOG)).get().extracting(PrivateKey::keyId).isEqualTo(WargVectors.ALICE.keyId());
        assertThat(store.packageKey(OTHER)).get().extracting(PrivateKey::keyId).isEqualTo(WargVectors.BOB.keyId());
    }

    private KeyStore create(SealedFiles where) throws IOException {
        KeyStore store = KeyStore.create(where, OLD, random, CLOCK);
        fill(store);
        return store;
    }

    private KeyStore open(MasterKey master) throws IOException {
        return KeyStore.open(files, master, random, CLOCK);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("key-store"));
        for (String folder : List.of("keys", "note-keys", "package-keys")) {
            names.addAll(files.list(folder));
        }
        return names;
    }

    @Test
    void everyKeyIsSealedAnewAndTheOldMasterKeyOpensNothing() throws IOException {
        KeyStore store = create(files);
        List<KeyStore.Entry> entries = store.list();
        List<Optional<byte[]>> before = new ArrayList<>();
        for (String name : names()) {
            before.add(files.read(name));
        }
        assertThat(store.reseal(NEW)).isEqualTo(WRITES - 2);
        for (int i = 0; i < before.size(); i++) {
            assertThat(files.read(names().get(i)).orElseThrow())
                    .as(names().get(i))
                    .isNotEqualTo(before.get(i).orElseThrow());
        }
        assertThatThrownBy(() -> open(OLD)).isInstanceOf(WrongMasterKeyException.class);
        for (KeyStore each : List.of(store, open(NEW))) {
            assertThat(each.isResealing()).isFalse();
            requireAllKeys(each);
            // Also the time of each key, by which the newest operator key is found.
            assertThat(each.list()).isEqualTo(entries);
        }
    }

    /** Who kept the old master key and the old header knows the old store key: it opens no file of now. */
    @Test
    void copyOfTheOldHeaderOpensNoKeyOfNow() throws IOException {
        byte[] header = readHeader(create(files));
        open(OLD).reseal(NEW);
        byte[] now = files.read("key-store").orElseThrow();
        assertThat(files.replaceIf("key-store", now, header)).isTrue();
        KeyStore thief = open(OLD);
        assertThatThrownBy(() -> thief.get(LABEL)).isInstanceOf(DamagedKeyStoreException.class);
        assertThatThrownBy(() -> thief.packageKey(LOG)).isInstanceOf(DamagedKeyStoreException.class);
    }

    private byte[] readHeader(KeyStore store) {
        assertThat(store).isNotNull();
        return files.read("key-store").orElseThrow();
    }

    /** Before the first write the old master key opens every key; behind it the new one, at each stop. */
    @Test
    void killBetweenAnyTwoWritesLeavesAStoreThatOneMasterKeyOpensWhole() throws IOException {
        for (int writes = 0; writes < WRITES; writes++) {
            for (String name : names()) {
                files.delete(name);
            }
            KeyStore store = create(files);
            files.left = writes;
            assertThatThrownBy(() -> store.reseal(NEW)).as("after " + writes).isInstanceOf(Killed.class);
            files.left = Integer.MAX_VALUE;
            MasterKey opens = writes == 0 ? OLD : NEW;
            MasterKey refused = writes == 0 ? NEW : OLD;
            assertThatThrownBy(() -> open(refused)).isInstanceOf(WrongMasterKeyException.class);
            KeyStore after = open(opens);
            assertThat(after.isResealing()).as("after " + writes).isEqualTo(writes > 0);
            requireAllKeys(after);
            // What works on it before it is finished is not lost either.
            after.addPackageKey(log("test:three"), WargVectors.ALICE);

            int left = writes == 0 ? WRITES - 2 : WRITES - 1 - writes;
            if (writes == 0) {
                assertThat(after.reseal(NEW)).isEqualTo(left + 1);
            } else {
                assertThat(after.finishResealing()).as("after " + writes).isEqualTo(left);
            }
            KeyStore finished = open(NEW);
            assertThat(finished.isResealing()).isFalse();
            requireAllKeys(finished);
            assertThat(finished.packageKey(log("test:three"))).isPresent();
        }
    }

    @Test
    void resealingAgainFinishesTheOneThatWasStopped() throws IOException {
        KeyStore store = create(files);
        files.left = 3;
        assertThatThrownBy(() -> store.reseal(NEW)).isInstanceOf(Killed.class);
        files.left = Integer.MAX_VALUE;
        open(NEW).reseal(KeyStoreTest.rawKey(9));
        requireAllKeys(open(KeyStoreTest.rawKey(9)));
        assertThatThrownBy(() -> open(NEW)).isInstanceOf(WrongMasterKeyException.class);
    }

    /** Two nodes that start on what a stop left. */
    @Test
    void twoProcessesMayFinishAtOnce() throws IOException {
        KeyStore store = create(files);
        files.left = 2;
        assertThatThrownBy(() -> store.reseal(NEW)).isInstanceOf(Killed.class);
        files.left = Integer.MAX_VALUE;
        KeyStore one = open(NEW);
        KeyStore two = open(NEW);
        one.finishResealing();
        two.finishResealing();
        requireAllKeys(one);
        requireAllKeys(two);
        requireAllKeys(open(NEW));
    }

    @Test
    void processThatOpenedTheStoreBeforeAddsNothingAndSaysWhy() throws IOException {
        KeyStore node = create(files);
        open(OLD).reseal(NEW);
        assertThatThrownBy(() -> node.addPackageKey(log("test:three"), WargVectors.ALICE))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("sealed anew")
                .hasMessageContaining("start it again");
        assertThatThrownBy(() -> node.packageKey(LOG))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("sealed anew");
        assertThatThrownBy(() -> node.rewrap(OLD)).isInstanceOf(WrongMasterKeyException.class);
        assertThatThrownBy(() -> node.reseal(OLD)).isInstanceOf(IOException.class);
        assertThat(open(NEW).packageLogs()).containsExactlyInAnyOrder(LOG, OTHER);
        requireAllKeys(open(NEW));
    }

    /** The whole resealing happens between a node's look at the header and its write. */
    @Test
    void keyThatANodeAddsInThatMomentIsTakenBack() throws IOException {
        KeyStore node = create(files);
        files.beforeNewFile = () -> {
            files.beforeNewFile = () -> {};
            try {
                open(OLD).reseal(NEW);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        assertThatThrownBy(() -> node.addPackageKey(log("test:three"), WargVectors.ALICE))
                .isInstanceOf(WrongMasterKeyException.class);
        assertThat(open(NEW).packageLogs()).containsExactlyInAnyOrder(LOG, OTHER);
    }

    @Test
    void damagedKeyIsNamedBeforeAnythingIsWritten() throws IOException {
        KeyStore store = create(files);
        String damaged = "package-keys/" + OTHER.hex() + ".key";
        byte[] honest = files.read(damaged).orElseThrow();
        byte[] changed = honest.clone();
        changed[changed.length - 8] ^= 1;
        assertThat(files.replaceIf(damaged, honest, changed)).isTrue();
        files.left = 0;
        assertThatThrownBy(() -> store.reseal(NEW))
                .isInstanceOf(DamagedKeyStoreException.class)
                .hasMessageContaining(OTHER.hex());
        assertThat(open(OLD).get(LABEL)).isPresent();
    }

    @Test
    void rewrapInTheMiddleKeepsWhatIsLeftToDo() throws IOException {
        KeyStore store = create(files);
        files.left = 2;
        assertThatThrownBy(() -> store.reseal(NEW)).isInstanceOf(Killed.class);
        files.left = Integer.MAX_VALUE;
        open(NEW).rewrap(KeyStoreTest.rawKey(9));
        KeyStore after = open(KeyStoreTest.rawKey(9));
        requireAllKeys(after);
        assertThat(after.isResealing()).isTrue();
        after.finishResealing();
        requireAllKeys(open(KeyStoreTest.rawKey(9)));
    }

    @Test
    void headerOfASecondGenerationIsReadBackAndAnyAlteredByteRefused() throws IOException {
        KeyStore store = create(files);
        files.left = 1;
        assertThatThrownBy(() -> store.reseal(NEW)).isInstanceOf(Killed.class);
        byte[] half = files.read("key-store").orElseThrow();
        assertThat(new String(half, StandardCharsets.US_ASCII)).startsWith("LAIR-KEY-STORE-V2\ngeneration: 2\n");
        assertThat(KeyStoreHeaderCodec.format(KeyStoreHeaderCodec.parse(half))).isEqualTo(half);
        for (byte[] altered : Alterations.of(half)) {
            assertThatThrownBy(() -> KeyStoreHeaderCodec.parse(altered)).isInstanceOf(DamagedKeyStoreException.class);
        }
    }

    /** The one of a stop cannot be put in place of a later one's: it is bound to its generation. */
    @Test
    void storeKeyBeforeOfAnotherGenerationIsRefused() throws IOException {
        KeyStore store = create(files);
        files.left = 1;
        assertThatThrownBy(() -> store.reseal(NEW)).isInstanceOf(Killed.class);
        files.left = Integer.MAX_VALUE;
        byte[] half = files.read("key-store").orElseThrow();
        KeyStoreHeaderCodec.Header header = KeyStoreHeaderCodec.parse(half);
        byte[] nonce = header.previous().orElseThrow().nonce().clone();
        nonce[0] ^= 1;
        byte[] lie = KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(
                header.generation(),
                header.unlock(),
                header.wrapped(),
                Optional.of(
                        new AesGcm.Box(nonce, header.previous().orElseThrow().sealed()))));
        assertThat(files.replaceIf("key-store", half, lie)).isTrue();
        assertThatThrownBy(() -> open(NEW)).isInstanceOf(DamagedKeyStoreException.class);
        byte[] later = KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(
                header.generation() + 1, header.unlock(), header.wrapped(), header.previous()));
        assertThat(files.replaceIf("key-store", lie, later)).isTrue();
        assertThatThrownBy(() -> open(NEW)).isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void folderIsResealedToo() throws IOException {
        Path folder = parent.resolve("store");
        KeyStore store = KeyStore.create(folder, OLD, random, CLOCK);
        fill(store);
        assertThat(store.reseal(NEW)).isEqualTo(WRITES - 2);
        requireAllKeys(KeyStore.open(folder, NEW, random, CLOCK));
    }
}
