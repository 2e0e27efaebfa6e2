package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw keys and passphrases, and the pinned files that any later version must still open. */
class MasterKeyTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final Argon2Cost CHEAP = new Argon2Cost(19 * 1024, 2, 1);
    private static final String PASSPHRASE = "korrekt Pferd Batterie Klämmer";
    private static final KeyLabel LABEL = new KeyLabel("alice");

    private final SeededRandom random = new SeededRandom("master key");

    @TempDir
    Path directory;

    private static MasterKey passphrase(String text) {
        return MasterKey.ofPassphrase(text.toCharArray(), CHEAP);
    }

    private Path store() {
        return directory.resolve("store");
    }

    private Path header() {
        return store().resolve("key-store");
    }

    private KeyStore open(MasterKey master) throws IOException {
        return KeyStore.open(store(), master, random, CLOCK);
    }

    @Test
    void rightPassphraseOpensAndWrongOnesAreSaidSo() throws IOException {
        KeyStore.create(store(), passphrase(PASSPHRASE), random, CLOCK).add(LABEL, WargVectors.ALICE);
        // The cost is the store's, whatever the opener's default is.
        assertThat(open(MasterKey.ofPassphrase(PASSPHRASE.toCharArray())).get(LABEL))
                .get()
                .extracting(PrivateKey::keyId)
                .isEqualTo(WargVectors.ALICE.keyId());
        for (String wrong : new String[] {PASSPHRASE + " ", PASSPHRASE.substring(1), "something else"}) {
            assertThatThrownBy(() -> open(passphrase(wrong)))
                    .isInstanceOf(WrongMasterKeyException.class)
                    .hasMessageContaining("this passphrase does not open")
                    .hasMessageNotContaining(wrong);
        }
        assertThatThrownBy(() -> open(KeyStoreTest.rawKey(7)))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("opened by a passphrase");
    }

    @Test
    void costInTheHeaderIsBoundToTheWrappedKey() throws IOException {
        KeyStore.create(store(), passphrase(PASSPHRASE), random, CLOCK);
        KeyStoreHeaderCodec.Header honest = KeyStoreHeaderCodec.parse(Files.readAllBytes(header()));
        KeyStoreHeaderCodec.Argon2id unlock = (KeyStoreHeaderCodec.Argon2id) honest.unlock();
        KeyStoreHeaderCodec.Argon2id dearer =
                new KeyStoreHeaderCodec.Argon2id(new Argon2Cost(19 * 1024, 3, 1), unlock.salt());
        Files.write(header(), KeyStoreHeaderCodec.format(new KeyStoreHeaderCodec.Header(dearer, honest.wrapped())));
        assertThatThrownBy(() -> open(passphrase(PASSPHRASE))).isInstanceOf(WrongMasterKeyException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory-kib=1 iterations=2 parallelism=1",
                "memory-kib=19455 iterations=2 parallelism=1",
                "memory-kib=1048577 iterations=2 parallelism=1",
                "memory-kib=999999999 iterations=2 parallelism=1",
                "memory-kib=9999999999 iterations=2 parallelism=1",
                "memory-kib=19456 iterations=1 parallelism=1",
                "memory-kib=19456 iterations=17 parallelism=1",
                "memory-kib=19456 iterations=2 parallelism=0",
                "memory-kib=19456 iterations=2 parallelism=17",
                "memory-kib=019456 iterations=2 parallelism=1",
                "memory-kib=-19456 iterations=2 parallelism=1"
            })
    void costOutOfBoundsIsRefusedBeforeItIsSpent(String cost) throws IOException {
        KeyStore.create(store(), passphrase(PASSPHRASE), random, CLOCK);
        String text = Files.readString(header());
        String changed = text.substring(0, text.indexOf("checksum: "))
                .replace("memory-kib=19456 iterations=2 parallelism=1", cost);
        Files.writeString(
                header(), changed + "checksum: " + Digest.of(changed.getBytes(StandardCharsets.US_ASCII)) + "\n");
        assertThatThrownBy(() -> open(passphrase(PASSPHRASE))).isInstanceOf(DamagedKeyStoreException.class);
    }

    @Test
    void rewrapGoesFromPassphraseToRawKeyAndBack() throws IOException {
        KeyStore store = KeyStore.create(store(), passphrase(PASSPHRASE), random, CLOCK);
        store.add(LABEL, WargVectors.ALICE);
        MasterKey raw = MasterKey.createFile(directory.resolve("master"), random);
        store.rewrap(raw);
        assertThat(open(MasterKey.readFile(directory.resolve("master"))).get(LABEL))
                .isPresent();
        open(raw).rewrap(passphrase("another passphrase"));
        assertThat(open(passphrase("another passphrase")).get(LABEL)).isPresent();
        assertThatThrownBy(() -> open(raw)).isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void masterKeyFileIsThirtyTwoBytesForItsOwnerOnlyAndNeverOverwritten() throws IOException {
        Path file = directory.resolve("master");
        MasterKey.createFile(file, random);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(32);
        assertThatThrownBy(() -> MasterKey.createFile(file, random)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(KeyFileTest.mode(file)).isEqualTo("rw-------");
            KeyFileTest.chmod(file, "rw-r--r--");
            assertThatThrownBy(() -> MasterKey.readFile(file)).isInstanceOf(UnsafeFileModeException.class);
        }
    }

    @Test
    void fileOfAnotherLengthOrOfZerosIsNoMasterKey() throws IOException {
        Path file = directory.resolve("master");
        for (int length : new int[] {0, 31, 33, 44, 64}) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) 'x');
            OwnerOnlyFile.replace(file, bytes);
            assertThatThrownBy(() -> MasterKey.readFile(file)).isInstanceOf(MalformedKeyException.class);
        }
        OwnerOnlyFile.replace(file, new byte[32]);
        assertThatThrownBy(() -> MasterKey.readFile(file)).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void shortOrBrokenPassphraseIsRefusedAndNeverShown() {
        assertThatThrownBy(() -> MasterKey.ofPassphrase("elevenchars".toCharArray()))
                .isInstanceOf(MalformedKeyException.class)
                .hasMessageNotContaining("elevenchars");
        assertThatThrownBy(() -> MasterKey.ofPassphrase("half of a pair \uD83D".toCharArray()))
                .isInstanceOf(MalformedKeyException.class);
        assertThat(passphrase(PASSPHRASE)).hasToString("MasterKey[passphrase]");
        assertThat(KeyStoreTest.rawKey(7)).hasToString("MasterKey[raw key]");
    }

    @Test
    void wipingTheCallersPassphraseChangesNothing() throws IOException {
        char[] typed = PASSPHRASE.toCharArray();
        MasterKey master = MasterKey.ofPassphrase(typed, CHEAP);
        Arrays.fill(typed, ' ');
        KeyStore.create(store(), master, random, CLOCK);
        assertThat(open(passphrase(PASSPHRASE)).list()).isEmpty();
    }

    /**
     * A store written once: later versions must open these very files, and with the same randomness write them.
     * {@code -Dbless} rewrites them in the source tree when the format changes on purpose.
     */
    @Test
    void pinnedStoreIsWrittenTheSameAndOpens() throws IOException {
        SeededRandom pinned = new SeededRandom("pinned store");
        KeyStore written = KeyStore.create(store(), passphrase(PASSPHRASE), pinned, CLOCK);
        written.add(LABEL, WargVectors.ALICE);
        NotePrivateKey note =
                NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ED25519, "registry.example/log", new byte[32]);
        written.addNoteKey(LABEL, note);
        Path sealed = store().resolve("keys").resolve("alice.key");
        Path sealedNote = store().resolve("note-keys").resolve("alice.key");
        if (Boolean.getBoolean("bless")) {
            Path resources = Path.of("src", "test", "resources");
            Files.write(resources.resolve("pinned-key-store.txt"), Files.readAllBytes(header()));
            Files.write(resources.resolve("pinned-sealed-key.txt"), Files.readAllBytes(sealed));
            Files.write(resources.resolve("pinned-sealed-note-key.txt"), Files.readAllBytes(sealedNote));
        }
        assertThat(Files.readAllBytes(header())).isEqualTo(resource("/pinned-key-store.txt"));
        assertThat(Files.readAllBytes(sealed)).isEqualTo(resource("/pinned-sealed-key.txt"));
        assertThat(Files.readAllBytes(sealedNote)).isEqualTo(resource("/pinned-sealed-note-key.txt"));

        OwnerOnlyFile.replace(header(), resource("/pinned-key-store.txt"));
        OwnerOnlyFile.replace(sealed, resource("/pinned-sealed-key.txt"));
        OwnerOnlyFile.replace(sealedNote, resource("/pinned-sealed-note-key.txt"));
        assertThat(open(passphrase(PASSPHRASE)).get(LABEL))
                .get()
                .extracting(PrivateKey::text)
                .isEqualTo(WargVectors.ALICE.text());
        assertThat(open(passphrase(PASSPHRASE)).noteKey(LABEL))
                .get()
                .extracting(NotePrivateKey::text)
                .isEqualTo(note.text());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MasterKeyTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
