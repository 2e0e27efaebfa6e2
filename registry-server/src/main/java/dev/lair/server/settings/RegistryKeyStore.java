package dev.lair.server.settings;

import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.signing.SealedFiles;
import dev.lair.signing.WrongMasterKeyException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the registry's private keys are: the operator's, and those of its logs. They are sealed by a master key that is
 * never beside them in a database; with a data folder it may be a file in it.
 */
public final class RegistryKeyStore {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryKeyStore.class);

    private RegistryKeyStore() {}

    /**
     * The store in a data folder, made when it is not there; {@code masterKeyFile} null means the one in the folder, made
     * at first use.
     */
    public static KeyStore inFolder(Path data, @Nullable Path masterKeyFile, SecureRandom random, Clock clock)
            throws IOException {
        return openFolder(
                data,
                masterKeyFile == null ? new MasterKeySource.InFolder(data) : new MasterKeySource.InFile(masterKeyFile),
                random,
                clock);
    }

    /** The store in a data folder, made when it is not there. What a stopped {@code lair rekey} left is ended. */
    public static KeyStore openFolder(Path data, MasterKeySource source, SecureRandom random, Clock clock)
            throws IOException {
        Files.createDirectories(data);
        Path folder = data.resolve(DataFolder.KEYS);
        MasterKey master =
                source instanceof MasterKeySource.InFolder own ? folderMasterKey(own, random) : source.read();
        try {
            return finished(KeyStore.open(folder, master, random, clock));
        } catch (WrongMasterKeyException e) {
            if (source instanceof MasterKeySource.InFolder own && Files.exists(own.nextFile())) {
                return inFolderBehindStop(own, random, clock);
            }
            throw e;
        } catch (NoSuchFileException none) {
            // A crash of the very first start may leave the folder without the store's header. Where keys lie without
            // one this is refused.
            return KeyStore.create(folder, master, random, clock);
        }
    }

    /**
     * A rotation was stopped when the keys had the new master key and its file had not its name. Behind any stop here the
     * same is found again, or all is done.
     */
    private static KeyStore inFolderBehindStop(MasterKeySource.InFolder own, SecureRandom random, Clock clock)
            throws IOException {
        MasterKey next = MasterKey.readFile(own.nextFile());
        KeyStore store = finished(KeyStore.open(own.data().resolve(DataFolder.KEYS), next, random, clock));
        NewMasterKey.takeOver(own);
        return store;
    }

    /**
     * Seals every key of a store anew by another master key ({@link KeyStore#reseal}), and gives a new {@code master.key} its
     * name. A stop leaves a store that the old one opens, or one that the new one opens and the next start with it finishes.
     *
     * @param named null for a new {@code master.key} in the data folder
     * @return how many keys were sealed anew
     */
    public static int rotate(
            KeyStore store, MasterKeySource present, @Nullable MasterKeySource named, SecureRandom random)
            throws IOException {
        int keys = store.reseal(NewMasterKey.made(present, named, random).read());
        if (named == null && present instanceof MasterKeySource.InFolder own) {
            NewMasterKey.takeOver(own);
        }
        return keys;
    }

    /** What a rotation that was stopped left to do is done by whoever opens the store next. */
    private static KeyStore finished(KeyStore store) throws IOException {
        if (store.isResealing()) {
            int keys = store.finishResealing();
            LOG.info("finished what a stopped rekey left: keys sealed under the new master key keys.count={}", keys);
        }
        return store;
    }

    private static MasterKey folderMasterKey(MasterKeySource.InFolder own, SecureRandom random) throws IOException {
        Path file = own.file();
        boolean madeHere = !Files.exists(file);
        if (madeHere && Files.exists(own.data().resolve(DataFolder.KEYS))) {
            // Sealed keys without what opens them: a backup that was put back. A new key would open nothing and look
            // like the right one.
            throw new IOException("`" + file.toAbsolutePath() + "` is not there, but the keys that it opens are; put it"
                    + " back (a backup leaves it out), or say where it is: lair.master-key-file (--master-key), "
                    + MasterKeySource.VARIABLE + " or lair.master-key-command");
        }
        return madeHere ? MasterKey.createFile(file, random) : MasterKey.readFile(file);
    }

    /** @throws NoSuchFileException when there is none */
    static KeyStore openExisting(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        return finished(KeyStore.open(files, master, random, clock));
    }

    /** Opens the store, or makes it; of two nodes that make it at once one does, and both open the same. */
    static KeyStore openOrCreate(SealedFiles files, MasterKey master, SecureRandom random, Clock clock)
            throws IOException {
        try {
            return openExisting(files, master, random, clock);
        } catch (NoSuchFileException none) {
            try {
                return KeyStore.create(files, master, random, clock);
            } catch (FileAlreadyExistsException madeMeanwhile) {
                return KeyStore.open(files, master, random, clock);
            }
        }
    }
}
