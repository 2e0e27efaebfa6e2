package dev.lair.server.account;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.signing.SecretFile;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Kind;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.RegistryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The first account of a registry, {@code administrator}, made at its first start. Its password comes from the file that the
 * settings name, at each start; or it is made by chance and stands in a file of the data folder that only its owner reads. It is
 * never in the log. A registry in memory, which has no folder, gets an administrator only from the settings.
 */
@Component
final class Administrator {

    static final String LOGIN = "administrator";

    private static final Logger LOG = LoggerFactory.getLogger(Administrator.class);
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 28;

    private final RegistryStore store;
    private final Passwords passwords;
    private final RandomIds ids;
    private final Clock clock;

    Administrator(LairSettings settings, RegistryStore store, Passwords passwords, RandomIds ids, Clock clock)
            throws IOException {
        this.store = store;
        this.passwords = passwords;
        this.ids = ids;
        this.clock = clock;
        Path given = settings.accounts().administratorPasswordFile();
        if (given != null) {
            use(SecretFile.read(given), given);
        } else if (settings.storage() != StorageKind.MEMORY) {
            makeUnlessThere(settings.data().resolve(DataFolder.ADMINISTRATOR_PASSWORD));
        }
    }

    /** The operator's word, at each start: so a forgotten password is set anew, and the sessions of before end. */
    private void use(String password, Path file) {
        Passwords.check(password);
        Optional<Account> known = store.read(rows -> rows.accounts().byLogin(LOGIN));
        boolean same = known.flatMap(
                        account -> store.read(rows -> rows.accounts().password(account.id())))
                .filter(kept -> passwords.matches(password, kept.hash()))
                .isPresent();
        if (same) {
            return;
        }
        set(passwords.hash(password), true);
        LOG.info("the password of the account administrator was set from {}", file);
    }

    /**
     * The file is written first: a crash behind it leaves a password that opens nothing, and the next start writes another over
     * it. Behind the transaction the account is there, and the file has its password.
     */
    private void makeUnlessThere(Path file) throws IOException {
        if (store.read(rows -> rows.accounts().hasAdministrator())) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        String password = ids.text(LETTERS, PASSWORD_LENGTH);
        SecretFile.write(file, password);
        if (set(passwords.hash(password), false)) {
            LOG.info("made the account administrator; its password is in {}: log in, and remove the file", file);
        } else {
            // Another node made it meanwhile; what this one wrote opens nothing.
            SecretFile.delete(file);
        }
    }

    /** Makes the account, or sets its password when {@code replace}; false when it is there and stays as it is. */
    private boolean set(String hash, boolean replace) {
        Instant now = clock.instant();
        String id = ids.next("acc");
        return store.write(rows -> {
            Account fresh = new Account(id, LOGIN, "Administrator", Kind.PERSON, true, State.ACTIVE, now);
            boolean made = rows.accounts().add(fresh);
            if (!made && !replace) {
                return false;
            }
            Account account = rows.accounts().byLogin(LOGIN).orElse(fresh);
            rows.accounts().setPassword(account.id(), hash, now);
            rows.sessions().removeOf(account.id());
            rows.audit()
                    .add(Requester.ownAct(
                            now, made ? "administrator-created" : "administrator-password-set", "", LOGIN, Map.of()));
            return true;
        });
    }
}
