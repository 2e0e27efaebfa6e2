package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.server.TestKeys;
import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.transparency.LogId;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A registry that moves takes the keys of every kind along, and none is put beside another registry's. */
class MigratedKeysTest {

    private static final KeyLabel LABEL = new KeyLabel("one");
    private static final LogId LOG = PackageName.parse("test:one").logId();
    private static final LogId OTHER = PackageName.parse("test:other").logId();

    private final SecureRandom random = new SecureRandom();
    private final KeyStore from = TestKeys.store();
    private final KeyStore to = TestKeys.store();

    private PrivateKey key() {
        return PrivateKey.generate(random);
    }

    @Test
    void keysOfEveryKindAreCopiedAlsoWhenSomeAreThereAlready() throws IOException {
        from.add(LABEL, key());
        from.addNoteKey(LABEL, NotePrivateKey.generate(NoteKeyType.ED25519, "log.example", random));
        from.addPackageKey(LOG, key());
        from.addPackageKey(OTHER, key());
        to.addPackageKey(LOG, from.packageKey(LOG).orElseThrow());
        MigrateCommand.requireNoOtherKeys(from, to);
        MigrateCommand.copyKeys(from, to);
        MigrateCommand.copyKeys(from, to);

        assertThat(to.get(LABEL).orElseThrow().text())
                .isEqualTo(from.get(LABEL).orElseThrow().text());
        assertThat(to.noteKey(LABEL).orElseThrow().text())
                .isEqualTo(from.noteKey(LABEL).orElseThrow().text());
        assertThat(to.packageLogs()).isEqualTo(from.packageLogs()).hasSize(2);
        for (LogId log : to.packageLogs()) {
            assertThat(to.packageKey(log).orElseThrow().text())
                    .isEqualTo(from.packageKey(log).orElseThrow().text());
        }
    }

    @Test
    void targetThatHoldsThePackageKeyOfAnotherRegistryIsRefused() throws IOException {
        from.addPackageKey(LOG, key());
        for (LogId log : List.of(OTHER, LOG)) {
            to.addPackageKey(log, key());
            assertThatThrownBy(() -> MigrateCommand.requireNoOtherKeys(from, to))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another registry");
            to.removePackageKey(log);
        }
        MigrateCommand.requireNoOtherKeys(from, to);
    }
}
