package dev.lair.server.namespace;

import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.server.ledger.CheckpointSigner;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.KeyFile;
import dev.lair.signing.KeyId;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The operator's private keys, sealed in the registry's key store, and which of them signs checkpoints now. The
 * store is read anew at each look, because the operator command adds keys to it while the server runs.
 */
@Component
final class OperatorKeys implements CheckpointSigner {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorKeys.class);
    private static final KeyLabel FIRST = new KeyLabel("operator-1");

    private final KeyStore store;
    private final PrivateKey first;
    private volatile Runnable beforeUse = () -> {};
    private volatile @Nullable Signer current;

    OperatorKeys(LairSettings settings, KeyStore store, SecureRandom random) throws IOException {
        this.store = store;
        if (store.get(FIRST).isEmpty()) {
            add(firstKey(settings, random));
        }
        this.first = store.get(FIRST).orElseThrow();
    }

    private void add(PrivateKey key) throws IOException {
        try {
            store.add(FIRST, key);
        } catch (FileAlreadyExistsException e) {
            LOG.info("another node made the operator's first key");
        }
    }

    private static PrivateKey firstKey(LairSettings settings, SecureRandom random) throws IOException {
        Path file = settings.operatorKeyFile();
        return file == null ? PrivateKey.generate(random) : KeyFile.read(file);
    }

    /** The key that begins a new operator log. */
    PrivateKey first() {
        return first;
    }

    @Override
    public Optional<Signer> current() {
        beforeUse.run();
        return Optional.ofNullable(current);
    }

    /** Has {@code look} called each time before the current signer is answered. */
    void beforeUse(Runnable look) {
        beforeUse = look;
    }

    /** Makes this the key that signs checkpoints from now on. */
    void use(Signer signer) {
        current = signer;
    }

    /**
     * A key of ours that holds {@code commit} both before and after a record: only such a key can sign whatever the
     * sequencer commits around it. Before the first record, the one that holds it after.
     */
    Optional<Signer> signerAcross(OperatorLog.State before, OperatorLog.State after) {
        return candidates()
                .filter(key ->
                        mayCommit(after, key.keyId()) && (before.head().isEmpty() || mayCommit(before, key.keyId())))
                .map(Signer.class::cast)
                .findFirst();
    }

    private static boolean mayCommit(OperatorLog.State state, KeyId key) {
        return state.permissions(key).contains(OperatorPermission.COMMIT);
    }

    /** Newest first: after a rotation the new key takes over at once. */
    private Stream<PrivateKey> candidates() {
        try {
            return store.list().stream()
                    .sorted(Comparator.comparing(KeyStore.Entry::created)
                            .thenComparing(entry -> entry.label().toString())
                            .reversed())
                    .map(entry -> open(store, entry.label()));
        } catch (IOException e) {
            throw new UncheckedIOException("the operator's keys cannot be read", e);
        }
    }

    private static PrivateKey open(KeyStore store, KeyLabel label) {
        try {
            return store.get(label).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("operator key `" + label + "` cannot be read", e);
        }
    }
}
