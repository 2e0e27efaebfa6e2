package dev.lair.server.settings;

import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.SealedFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Where the registry's private keys are: the operator's, and those of its logs. They are sealed by a master key that is
 * never beside them in a database; with a data folder it may be a file in it.
 */
public final class RegistryKeyStore {

    private RegistryKeyStore() {}

    /**
     * The store in a data folder, made when it is not there; {@code masterKeyFile} null means the one in the folder, made
     * at first use.
     */
    public static KeyStore inFolder(Path data, @Nullable Path masterKeyFile, SecureRandom random, Clock clock)
            throws IOException {
        Files.createDirectories(data);
        Path folder = data.resolve(DataFolder.KEYS);
        MasterKey master = folderMasterKey(data, masterKeyFile, random);
        try {
            return KeyStore.open(folder, master, random, clock);
        } catch (NoSuchFileException none) {
            // A crash of the very first start may leave the folder without the store's header. Where keys lie without
            // one this is refused.
            return KeyStore.create(folder, master, random, clock);
        }
    }

    private static MasterKey folderMasterKey(Path data, @Nullable Path masterKeyFile, SecureRandom random)
            throws IOException {
        Path file = masterKeyFile == null ? data.resolve(DataFolder.MASTER_KEY) : masterKeyFile;
        boolean madeHere = masterKeyFile == null && !Files.exists(file);
        if (madeHere && Files.exists(data.resolve(DataFolder.KEYS))) {
            // Sealed keys without what opens them: a backup that was put back. A new key would open nothing and look
            // like the right one.
            throw new IOException("`" + file.toAbsolutePath() + "` is not there, but the keys that it opens are; put it"
                    + " back (a backup leaves it out), or name the file: lair.master-key-file, --master-key");
        }
        return madeHere ? MasterKey.createFile(file, random) : MasterKey.readFile(file);
    }

    /** Opens the store, or makes it; of two nodes that make it at once one does, and both open the same. */
    static KeyStore openOrCreate(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        try {
            return KeyStore.open(files, master, random, clock);
        } catch (NoSuchFileException none) {
            try {
                return KeyStore.create(files, master, random, clock);
            } catch (FileAlreadyExistsException madeMeanwhile) {
                return KeyStore.open(files, master, random, clock);
            }
        }
    }
}
