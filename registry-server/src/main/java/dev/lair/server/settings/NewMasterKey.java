package dev.lair.server.settings;

import dev.lair.signing.MasterKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The master key that a rotation leads to, from sources like those of the present one. */
public final class NewMasterKey {

    /** Holds the new key as text. */
    public static final String VARIABLE = "LAIR_NEW_MASTER_KEY";

    private NewMasterKey() {}

    /**
     * The one that is named; null when none is and none is needed, because the present one is {@code master.key} in the data
     * folder.
     *
     * @throws IllegalArgumentException when several are named, or none is and one is needed
     */
    public static @Nullable MasterKeySource named(
            MasterKeySource present, @Nullable Path file, List<String> command, Map<String, String> environment) {
        MasterKeySource named = MasterKeySource.one(file, MasterKeySource.variable(VARIABLE, environment), command);
        if (named == null && !(present instanceof MasterKeySource.InFolder)) {
            throw new IllegalArgumentException("the present master key comes from " + present.describe()
                    + ", so say where the new one is: --new-master-key FILE (made when it is not there), " + VARIABLE
                    + ", or --new-master-key-command");
        }
        return named;
    }

    /** A file that was named is made when it is not there; without one, the file that takes the place of the present one. */
    static MasterKeySource made(MasterKeySource present, @Nullable MasterKeySource named, SecureRandom random)
            throws IOException {
        if (named == null && present instanceof MasterKeySource.InFolder folder) {
            return folder.replacement(random);
        }
        if (named instanceof MasterKeySource.InFile made && !Files.exists(made.file())) {
            MasterKey.createFile(made.file(), random);
        }
        if (named == null) {
            throw new IllegalStateException("no new master key is named");
        }
        return named;
    }

    /**
     * Gives the new key of a data folder the name of the old one. The last step of all: a stop before it leaves the new key
     * under its first name, by which every start finds it ({@link RegistryKeyStore}).
     */
    static void takeOver(MasterKeySource.InFolder folder) throws IOException {
        Files.move(
                folder.nextFile(), folder.file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder.data(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
