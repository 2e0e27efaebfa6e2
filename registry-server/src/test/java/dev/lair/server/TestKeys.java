package dev.lair.server;

import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.storage.memory.MemorySealedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;

/** Key stores that outlive no test. */
public final class TestKeys {

    private TestKeys() {}

    /** A new, empty store. */
    public static KeyStore store() {
        SecureRandom random = new SecureRandom();
        byte[] master = new byte[32];
        random.nextBytes(master);
        try {
            return KeyStore.create(new MemorySealedFiles(), MasterKey.ofBytes(master), random, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
