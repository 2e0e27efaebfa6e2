package dev.lair.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.SealedFiles;
import dev.lair.signing.SealedFolder;
import dev.lair.signing.WrongMasterKeyException;
import dev.lair.storage.memory.MemorySealedFiles;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another master key for a data folder and for a database, and what a kill between any two writes leaves. */
class RotateMasterKeyTest {

    private static final KeyLabel LABEL = new KeyLabel("operator-1");
    private static final LogId LOG =
            LogId.ofBytes(Digest.of("test:one".getBytes(StandardCharsets.UTF_8)).bytes());

    /** The header twice, and two keys; before them the new key's file, behind them its name. */
    private static final int WRITES = 4;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.systemUTC();
    private final PrivateKey key = PrivateKey.generate(random);

    @TempDir
    Path folder;

    private Path data;
    private MasterKeySource.InFolder present;

    @BeforeEach
    void registry() throws IOException {
        begin(0);
    }

    private void begin(int number) throws IOException {
        data = folder.resolve("data-" + number);
        present = new MasterKeySource.InFolder(data);
        KeyStore store = open();
        store.add(LABEL, key);
        store.addPackageKey(LOG, key);
    }

    private KeyStore open() throws IOException {
        return RegistryKeyStore.openFolder(data, present, random, clock);
    }

    private void requireKeys(KeyStore store) throws IOException {
        assertThat(store.get(LABEL).map(PrivateKey::publicKey)).contains(key.publicKey());
        assertThat(store.packageKey(LOG).map(PrivateKey::publicKey)).contains(key.publicKey());
    }

    private byte[] masterKey() throws IOException {
        return Files.readAllBytes(data.resolve("master.key"));
    }

    /** The process is killed at the next write. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Files of a store, of which so many are replaced before the process is killed. */
    private record Dying(SealedFiles files, int[] left) implements SealedFiles {
        @Override
        public Optional<byte[]> read(String name) throws IOException {
            return files.read(name);
        }

        @Override
        public void writeNew(String name, byte[] bytes) throws IOException {
            files.writeNew(name, bytes);
        }

        @Override
        public void replace(String name, byte[] bytes) throws IOException {
            files.replace(name, bytes);
        }

        @Override
        public boolean replaceIf(String name, byte[] expected, byte[] bytes) throws IOException {
            if (left[0]-- == 0) {
                throw new Killed();
            }
            return files.replaceIf(name, expected, bytes);
        }

        @Override
        public boolean delete(String name) throws IOException {
            return files.delete(name);
        }

        @Override
        public List<String> list(String folder) throws IOException {
            return files.list(folder);
        }

        @Override
        public String describe(String name) {
            return files.describe(name);
        }
    }

    private void killAfter(int writes) throws IOException {
        Dying files = new Dying(new SealedFolder(data.resolve("keys")), new int[] {writes});
        KeyStore store = KeyStore.open(files, present.read(), random, clock);
        assertThatThrownBy(() -> RegistryKeyStore.rotate(store, present, null, random))
                .as("after " + writes + " writes")
                .isInstanceOf(Killed.class);
    }

    @Test
    void newMasterKeyTakesTheNameOfTheOldOne() throws IOException {
        byte[] before = masterKey();
        assertThat(RegistryKeyStore.rotate(open(), present, null, random)).isEqualTo(2);
        assertThat(masterKey()).hasSize(32).isNotEqualTo(before);
        assertThat(data.resolve("master.key.new")).doesNotExist();
        requireKeys(open());
        assertThatThrownBy(() -> KeyStore.open(data.resolve("keys"), MasterKey.ofBytes(before), random, clock))
                .isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void startAfterAKillBetweenAnyTwoWritesHasEveryKey() throws IOException {
        for (int writes = 0; writes < WRITES; writes++) {
            begin(10 + writes);
            byte[] before = masterKey();
            killAfter(writes);
            byte[] next = Files.readAllBytes(data.resolve("master.key.new"));

            KeyStore started = open();
            requireKeys(started);
            assertThat(started.isResealing()).isFalse();
            // Before the header was written nothing has happened; behind it the start ended it.
            assertThat(masterKey()).as("after " + writes).isEqualTo(writes == 0 ? before : next);
            if (writes > 0) {
                assertThat(data.resolve("master.key.new")).doesNotExist();
            }
            requireKeys(open());
        }
    }

    /** All is sealed anew, and the new key's file has not its name. */
    @Test
    void startAfterAKillBeforeTheNewKeyHasItsNameGivesItThat() throws IOException {
        present.replacement(random);
        byte[] next = Files.readAllBytes(data.resolve("master.key.new"));
        open().reseal(MasterKey.ofBytes(next));
        requireKeys(open());
        assertThat(masterKey()).isEqualTo(next);
        assertThat(data.resolve("master.key.new")).doesNotExist();
    }

    @Test
    void rotationAfterAKillGoesOnWithTheKeyThatWasMade() throws IOException {
        killAfter(0);
        byte[] next = Files.readAllBytes(data.resolve("master.key.new"));
        RegistryKeyStore.rotate(open(), present, null, random);
        assertThat(masterKey()).isEqualTo(next);
        requireKeys(open());
    }

    @Test
    void folderMayChangeToAKeyThatIsNotInIt() throws IOException {
        MasterKeySource next = new MasterKeySource.InVariable("LAIR_NEW_MASTER_KEY", "07".repeat(32));
        RegistryKeyStore.rotate(open(), present, next, random);
        assertThatThrownBy(this::open).isInstanceOf(WrongMasterKeyException.class);
        requireKeys(RegistryKeyStore.openFolder(
                data, new MasterKeySource.InVariable("LAIR_MASTER_KEY", "07".repeat(32)), random, clock));
    }

    @Test
    void fileForTheNewKeyIsMadeWhenItIsNotThere() throws IOException {
        Path file = folder.resolve("next.key");
        RegistryKeyStore.rotate(open(), present, new MasterKeySource.InFile(file), random);
        requireKeys(RegistryKeyStore.openFolder(data, new MasterKeySource.InFile(file), random, clock));
    }

    @Test
    void whereThePresentKeyComesFromElsewhereTheNewOneMustBeNamed() {
        MasterKeySource elsewhere = new MasterKeySource.InFile(folder.resolve("k"));
        assertThatThrownBy(() -> NewMasterKey.named(elsewhere, null, List.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--new-master-key FILE");
        assertThat(NewMasterKey.named(present, null, List.of(), Map.of())).isNull();
        assertThatThrownBy(() -> NewMasterKey.named(
                        present, folder.resolve("k"), List.of(), Map.of("LAIR_NEW_MASTER_KEY", "07".repeat(32))))
                .hasMessageContaining("one source");
    }

    /** Two nodes on one store: the one that runs goes on with what it holds, and the one that starts finishes. */
    @Test
    void nodeThatStartsOnAStoppedRotationOfADatabaseFinishesIt() throws IOException {
        MemorySealedFiles shared = new MemorySealedFiles();
        MasterKey old = MasterKey.ofBytes(filled(7));
        MasterKey next = MasterKey.ofBytes(filled(8));
        KeyStore running = RegistryKeyStore.openOrCreate(shared, old, random, clock);
        running.add(LABEL, key);
        running.addPackageKey(LOG, key);
        KeyStore dying = KeyStore.open(new Dying(shared, new int[] {2}), old, random, clock);
        assertThatThrownBy(() -> dying.reseal(next)).isInstanceOf(Killed.class);
        KeyStore started = RegistryKeyStore.openOrCreate(shared, next, random, clock);
        assertThat(started.isResealing()).isFalse();
        requireKeys(started);
        assertThatThrownBy(() -> running.packageKey(LOG))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("start it again");
        assertThatThrownBy(() -> RegistryKeyStore.openExisting(shared, old, random, clock))
                .isInstanceOf(WrongMasterKeyException.class);
    }

    private static byte[] filled(int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return bytes;
    }
}
