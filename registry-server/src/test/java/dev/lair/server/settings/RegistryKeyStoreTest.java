package dev.lair.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.DamagedKeyStoreException;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key store of a data folder, at its first start and later. */
class RegistryKeyStoreTest {

    private static final KeyLabel LABEL = new KeyLabel("operator-1");

    private final SecureRandom random = new SecureRandom();
    private final PrivateKey key = PrivateKey.generate(random);

    @TempDir
    private Path data;

    private KeyStore open() throws IOException {
        return RegistryKeyStore.inFolder(data, null, random, Clock.systemUTC());
    }

    @Test
    void storeThatWasMadeIsOpenedAgain() throws IOException {
        open().add(LABEL, key);
        assertThat(open().get(LABEL).map(PrivateKey::publicKey)).contains(key.publicKey());
    }

    /** The folders are made before the header is written: that much a crash leaves, and the next start goes on. */
    @Test
    void crashOfTheFirstStartBeforeTheHeaderIsMadeGoodByTheNext() throws IOException {
        open();
        Files.delete(data.resolve("keys/key-store"));
        open().add(LABEL, key);
        assertThat(open().get(LABEL).map(PrivateKey::publicKey)).contains(key.publicKey());
    }

    @Test
    void keysWithoutTheirHeaderAreNotTakenForANewStore() throws IOException {
        open().add(LABEL, key);
        Files.delete(data.resolve("keys/key-store"));
        assertThatThrownBy(this::open).isInstanceOf(DamagedKeyStoreException.class);
    }
}
