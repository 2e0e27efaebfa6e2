package dev.lair.server.custody;

import dev.lair.registry.PackageName;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * A P-256 key for each package, made when it is first needed and sealed in the registry's key store. Whoever asks for one
 * has checked who wants it used and what for: this signs whatever it is given.
 *
 * <p>A key is durable before it is handed out. A crash behind that leaves a key that no log names yet, and the next use
 * finds it; of two nodes that make one at the same time one does.
 */
@Service
public final class PackageKeys {

    private final KeyStore store;
    private final SecureRandom random;

    PackageKeys(KeyStore store, SecureRandom random) {
        this.store = store;
        this.random = random;
    }

    /** The public half of a package's key; empty when nobody needed it yet. */
    public Optional<PublicKey> known(PackageName name) {
        return find(name).map(PrivateKey::publicKey);
    }

    /** The key of a package, which is made when there is none. */
    public Signer of(PackageName name) {
        Optional<PrivateKey> known = find(name);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            PrivateKey made = PrivateKey.generate(random);
            store.addPackageKey(name.logId(), made);
            return made;
        } catch (FileAlreadyExistsException madeMeanwhile) {
            return find(name).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the key of package `" + name + "` cannot be written", e);
        }
    }

    private Optional<PrivateKey> find(PackageName name) {
        try {
            return store.packageKey(name.logId());
        } catch (IOException e) {
            throw new UncheckedIOException("the key of package `" + name + "` cannot be read", e);
        }
    }
}
