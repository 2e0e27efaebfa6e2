package dev.lair.server.namespace;

import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.server.ledger.CheckpointSigner;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.signing.KeyFile;
import dev.lair.signing.KeyId;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The operator's private keys, sealed in {@code keys/} of the data folder, and which of them signs checkpoints now. The
 * store is read anew at each look, because the operator command adds keys to it while the server runs.
 */
@Component
final class OperatorKeys implements CheckpointSigner {

    private static final String KEYS = "keys";
    private static final String MASTER_KEY = "master.key";
    private static final KeyLabel FIRST = new KeyLabel("operator-1");

    private final @Nullable KeyStore store;
    private final PrivateKey first;
    private volatile @Nullable Signer current;

    OperatorKeys(LairSettings settings, SecureRandom random, Clock clock) throws IOException {
        if (settings.storage() == StorageKind.MEMORY) {
            // Nothing outlives the process, neither the log nor its key.
            this.store = null;
            this.first = firstKey(settings, random);
        } else {
            this.store = OperatorKeyFolder.openOrCreate(settings.data(), settings.masterKeyFile(), random, clock);
            Optional<PrivateKey> known = store.get(FIRST);
            if (known.isEmpty()) {
                store.add(FIRST, firstKey(settings, random));
            }
            this.first = store.get(FIRST).orElseThrow();
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
        return Optional.ofNullable(current);
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
    private java.util.stream.Stream<PrivateKey> candidates() {
        KeyStore sealed = store;
        if (sealed == null) {
            return java.util.stream.Stream.of(first);
        }
        try {
            return sealed.list().stream()
                    .sorted(Comparator.comparing(KeyStore.Entry::created)
                            .thenComparing(entry -> entry.label().toString())
                            .reversed())
                    .map(entry -> open(sealed, entry.label()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the operator's keys cannot be read", e);
        }
    }

    private static PrivateKey open(KeyStore store, KeyLabel label) {
        try {
            return store.get(label).orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("operator key `" + label + "` cannot be read", e);
        }
    }

    /** Where the keys of a data folder are, for the server and for the operator command beside it. */
    static final class OperatorKeyFolder {

        private OperatorKeyFolder() {}

        static KeyStore openOrCreate(Path data, @Nullable Path masterKeyFile, SecureRandom random, Clock clock)
                throws IOException {
            Path folder = data.resolve(KEYS);
            Files.createDirectories(data);
            Path masterFile = masterKeyFile == null ? data.resolve(MASTER_KEY) : masterKeyFile;
            boolean madeHere = masterKeyFile == null && !Files.exists(masterFile);
            MasterKey master = madeHere ? MasterKey.createFile(masterFile, random) : MasterKey.readFile(masterFile);
            return Files.exists(folder)
                    ? KeyStore.open(folder, master, random, clock)
                    : KeyStore.create(folder, master, random, clock);
        }
    }
}
