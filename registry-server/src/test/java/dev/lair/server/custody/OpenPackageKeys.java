package dev.lair.server.custody;

import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.storage.memory.MemorySealedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;

/** Keys of packages in memory; for tests of other packages. */
public final class OpenPackageKeys {

    private static final SecureRandom RANDOM = new SecureRandom();

    private OpenPackageKeys() {}

    public static PackageKeys open(Clock clock) {
        return new PackageKeys(store(clock), RANDOM);
    }

    static KeyStore store(Clock clock) {
        byte[] master = new byte[32];
        RANDOM.nextBytes(master);
        try {
            return KeyStore.create(new MemorySealedFiles(), MasterKey.ofBytes(master), RANDOM, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
