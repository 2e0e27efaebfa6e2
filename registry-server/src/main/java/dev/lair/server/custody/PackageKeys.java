package dev.lair.server.custody;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Signer;
import dev.lair.signing.WrongMasterKeyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger LOG = LoggerFactory.getLogger(PackageKeys.class);

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
        } catch (WrongMasterKeyException e) {
            throw sealedAnew(e);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of package `" + name + "` cannot be written", e);
        }
    }

    private Optional<PrivateKey> find(PackageName name) {
        try {
            return store.packageKey(name.logId());
        } catch (WrongMasterKeyException e) {
            throw sealedAnew(e);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of package `" + name + "` cannot be read", e);
        }
    }

    /** {@code lair rekey} ran beside this node, which can still do all that needs no package's key. Other nodes may do this. */
    private static ProblemException sealedAnew(WrongMasterKeyException e) {
        LOG.error("this node signs for no package until it is started again: {}", e.getMessage());
        return new ProblemException(
                Problem.Kind.UNAVAILABLE,
                "this node signs for no package until it is started again: the registry's keys were sealed anew");
    }
}
