package dev.lair.server.witness;

import dev.lair.server.settings.RegistryKeyStore;
import dev.lair.signing.KeyStore;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteSigner;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.embedded.SqliteWitnesses;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** Opens a witness's data folder, and runs the witness over it. */
public final class WitnessServer {

    private WitnessServer() {}

    /** The keys that verify this witness's cosignatures; made now when it has none. */
    public static List<NoteKey> keys(WitnessSettings settings) throws IOException {
        requireOwnFolder(settings);
        return signers(settings).stream().map(NoteSigner::key).toList();
    }

    /**
     * Starts the witness, which goes on until the process ends.
     *
     * @throws IOException when keys or folder cannot be opened
     */
    public static void start(WitnessSettings settings) throws IOException {
        if (settings.logs().isEmpty()) {
            throw new IOException("a witness needs a log: name its key with --log, or a policy file with --policy");
        }
        for (NoteKey key : settings.logs()) {
            if (key.type().isEmpty()) {
                throw new IOException(
                        "signatures of the key `" + key + "` cannot be verified here: a log's key is of type 1"
                                + " (Ed25519) or 6 (ML-DSA-44), not " + key.typeCode());
            }
        }
        requireOwnFolder(settings);
        // The folder's lock first: of two witnesses over one folder the second makes no keys.
        WitnessStore store = SqliteWitnesses.open(settings.data());
        boolean started = false;
        try {
            WitnessApplication.start(settings, signers(settings), store, Clock.systemUTC());
            started = true;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    private static void requireOwnFolder(WitnessSettings settings) throws IOException {
        if (EmbeddedStorage.holdsRegistry(settings.data())) {
            throw new IOException("`" + settings.data() + "` holds a registry; a witness needs a folder of its own");
        }
    }

    private static List<NoteSigner> signers(WitnessSettings settings) throws IOException {
        SecureRandom random = new SecureRandom();
        KeyStore keys = RegistryKeyStore.inFolder(settings.data(), settings.masterKeyFile(), random, Clock.systemUTC());
        return WitnessKeys.openOrCreate(keys, settings.name(), settings.mlDsa(), random);
    }
}
