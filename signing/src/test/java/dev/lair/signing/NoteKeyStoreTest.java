package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Note keys in a key store, and stores whose files lie elsewhere than in a directory. */
class NoteKeyStoreTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
    private static final MasterKey MASTER = KeyStoreTest.rawKey(7);
    private static final KeyLabel LABEL = new KeyLabel("log");
    private static final KeyLabel OTHER = new KeyLabel("log.pq");

    private final SeededRandom random = new SeededRandom("note key store");
    private final MemorySealedFiles files = new MemorySealedFiles();

    private KeyStore create() throws IOException {
        return KeyStore.create(files, MASTER, random, CLOCK);
    }

    private NotePrivateKey key(NoteKeyType type) {
        return NotePrivateKey.generate(type, "registry.example/log", random);
    }

    private byte[] file(KeyLabel label) {
        return files.read("note-keys/" + label + ".key").orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(NoteKeyType.class)
    void sealedNoteKeyIsOpenedInThisAndInALaterInstance(NoteKeyType type) throws IOException {
        KeyStore store = create();
        NotePrivateKey key = key(type);
        KeyStore.NoteEntry entry = store.addNoteKey(LABEL, key);
        assertThat(entry).isEqualTo(new KeyStore.NoteEntry(LABEL, key.key(), Instant.parse("2026-01-02T03:04:05Z")));
        for (KeyStore each : List.of(store, KeyStore.open(files, MASTER, random, CLOCK))) {
            assertThat(each.listNoteKeys()).containsExactly(entry);
            assertThat(each.noteKey(LABEL))
                    .get()
                    .extracting(NotePrivateKey::text)
                    .isEqualTo(key.text());
            assertThat(each.noteKey(OTHER)).isEmpty();
            assertThat(each.list()).isEmpty();
            assertThat(each.get(LABEL)).isEmpty();
        }
        assertThat(KeyStore.listNoteKeys(files)).containsExactly(entry);
    }

    @Test
    void fileOfANoteKeyIsTheDocumentedText() throws IOException {
        NotePrivateKey key = NotePrivateKey.ofSeed(NoteKeyType.ED25519, "ö.example", new byte[32]);
        create().addNoteKey(LABEL, key);
        String[] lines = new String(file(LABEL), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).hasSize(7);
        assertThat(Arrays.copyOf(lines, 4))
                .containsExactly(
                        "LAIR-SEALED-NOTE-KEY-V1",
                        "label: log",
                        "key: " + key.key().text(),
                        "created: 2026-01-02T03:04:05Z");
        assertThat(lines[4]).matches("nonce: .{16}");
        assertThat(lines[5]).matches("sealed: .{64}");
        assertThat(lines[6]).isEmpty();
        assertThat(KeyStore.listNoteKeys(files))
                .extracting(KeyStore.NoteEntry::key)
                .containsExactly(key.key());
    }

    @Test
    void labelsOfNoteKeysAndOtherKeysAreTheirOwn() throws IOException {
        KeyStore store = create();
        NotePrivateKey key = key(NoteKeyType.ED25519);
        store.add(LABEL, WargVectors.ALICE);
        store.addNoteKey(LABEL, key);
        assertThatThrownBy(() -> store.addNoteKey(LABEL, key(NoteKeyType.ED25519)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(store.noteKey(LABEL)).get().extracting(NotePrivateKey::text).isEqualTo(key.text());
        assertThat(store.removeNoteKey(LABEL)).isTrue();
        assertThat(store.removeNoteKey(LABEL)).isFalse();
        assertThat(store.noteKey(LABEL)).isEmpty();
        assertThat(store.get(LABEL)).isPresent();
    }

    @Test
    void anyAlteredByteOfASealedNoteKeyIsRefused() throws IOException {
        KeyStore store = create();
        store.addNoteKey(LABEL, key(NoteKeyType.COSIGNATURE_ML_DSA_44));
        byte[] honest = file(LABEL);
        List<byte[]> alterations = Alterations.of(honest);
        for (int i = 0; i < alterations.size(); i++) {
            // The public key makes up most of the file: every third of its bytes will do.
            if (i % 3 == 0 || honest.length - i < 200 || i < 800) {
                files.replace("note-keys/log.key", alterations.get(i));
                assertThatThrownBy(() -> store.noteKey(LABEL))
                        .isInstanceOf(DamagedKeyStoreException.class)
                        .hasMessageContaining("note-keys/log.key");
            }
        }
        files.replace("note-keys/log.key", honest);
        assertThat(store.noteKey(LABEL)).isPresent();
    }

    /** Each readable line replaced by a well-formed other one: opening finds it. */
    @Test
    void readableLinesAreBoundToTheSealedNoteKey() throws IOException {
        KeyStore store = create();
        KeyStore.NoteEntry entry = store.addNoteKey(LABEL, key(NoteKeyType.ED25519));
        AesGcm.Box box = SealedNoteKeyCodec.parse(file(LABEL)).box();
        NoteKey renamed =
                NoteKey.of(NoteKeyType.ED25519, "evil.example", entry.key().publicKey());
        NoteKey retyped = NoteKey.of(
                NoteKeyType.COSIGNATURE_ED25519, entry.key().name(), entry.key().publicKey());
        List<KeyStore.NoteEntry> invented = List.of(
                new KeyStore.NoteEntry(OTHER, entry.key(), entry.created()),
                new KeyStore.NoteEntry(LABEL, renamed, entry.created()),
                new KeyStore.NoteEntry(LABEL, retyped, entry.created()),
                new KeyStore.NoteEntry(LABEL, entry.key(), entry.created().plusSeconds(1)));
        for (KeyStore.NoteEntry lie : invented) {
            files.replace(
                    "note-keys/" + lie.label() + ".key",
                    SealedNoteKeyCodec.format(new SealedNoteKeyCodec.SealedNoteKey(lie, box)));
            assertThat(KeyStore.listNoteKeys(files)).contains(lie);
            assertThatThrownBy(() -> store.noteKey(lie.label()))
                    .isInstanceOf(DamagedKeyStoreException.class)
                    .hasMessageContaining("does not belong");
        }
    }

    @Test
    void sealedKeysOfOneKindDoNotPassForTheOther() throws IOException {
        KeyStore store = create();
        store.add(LABEL, WargVectors.ALICE);
        store.addNoteKey(LABEL, key(NoteKeyType.ED25519));
        byte[] note = file(LABEL);
        files.replace("note-keys/log.key", files.read("keys/log.key").orElseThrow());
        files.replace("keys/log.key", note);
        assertThatThrownBy(() -> store.noteKey(LABEL)).isInstanceOf(DamagedKeyStoreException.class);
        assertThatThrownBy(() -> store.get(LABEL)).isInstanceOf(DamagedKeyStoreException.class);
        assertThatThrownBy(store::list).isInstanceOf(DamagedKeyStoreException.class);
        assertThatThrownBy(store::listNoteKeys).isInstanceOf(DamagedKeyStoreException.class);
    }

    @Test
    void noteKeyOfAnotherStoreOrUnderAnotherNameIsRefused() throws IOException {
        KeyStore store = create();
        store.addNoteKey(LABEL, key(NoteKeyType.ED25519));
        MemorySealedFiles elsewhere = new MemorySealedFiles();
        KeyStore other = KeyStore.create(elsewhere, MASTER, random, CLOCK);
        elsewhere.replace("note-keys/log.key", file(LABEL));
        assertThatThrownBy(() -> other.noteKey(LABEL)).isInstanceOf(DamagedKeyStoreException.class);
        files.replace("note-keys/log.pq.key", file(LABEL));
        assertThatThrownBy(() -> store.noteKey(OTHER))
                .isInstanceOf(DamagedKeyStoreException.class)
                .hasMessageContaining("another label");
        files.delete("note-keys/log.pq.key");
        files.replace("note-keys/what.txt", new byte[0]);
        assertThatThrownBy(store::listNoteKeys)
                .isInstanceOf(DamagedKeyStoreException.class)
                .hasMessageContaining("what.txt");
    }

    @Test
    void rewrapKeepsNoteKeys() throws IOException {
        KeyStore store = create();
        store.addNoteKey(LABEL, key(NoteKeyType.ED25519));
        store.rewrap(KeyStoreTest.rawKey(8));
        assertThatThrownBy(() -> KeyStore.open(files, MASTER, random, CLOCK))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("memory");
        assertThat(KeyStore.open(files, KeyStoreTest.rawKey(8), random, CLOCK).noteKey(LABEL))
                .isPresent();
    }

    @Test
    void storeOverAPortIsCreatedOnceAndNotOverKeysWithoutHeader() throws IOException {
        assertThatThrownBy(() -> KeyStore.open(files, MASTER, random, CLOCK)).isInstanceOf(NoSuchFileException.class);
        create().addNoteKey(LABEL, key(NoteKeyType.ED25519));
        assertThatThrownBy(this::create).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(files.delete("key-store")).isTrue();
        assertThatThrownBy(this::create).isInstanceOf(DamagedKeyStoreException.class);
    }

    /** Two servers start over one database: one makes the store, the other learns that it is there. */
    @Test
    void ofTwoThatCreateAStoreOneLearnsThatItIsTaken() throws IOException {
        MemorySealedFiles late = new MemorySealedFiles() {
            @Override
            public Optional<byte[]> read(String name) {
                return Optional.empty();
            }
        };
        KeyStore.create(late, MASTER, random, CLOCK);
        assertThatThrownBy(() -> KeyStore.create(late, KeyStoreTest.rawKey(8), random, CLOCK))
                .isInstanceOf(FileAlreadyExistsException.class);
    }
}
