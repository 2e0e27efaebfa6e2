package dev.lair.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyId;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.EmbeddedStorage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's desk beside an open registry in a data folder, and the keys that sign its checkpoints. */
class OperatorRotationTest {

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private Storage storage;
    private WatchedLedgerStore store;
    private OpenNamespaces opened;
    private OperatorDesk desk;

    @BeforeEach
    void open() throws Exception {
        // The desk reads the real clock; ours only has to be near it.
        clock.set(Clock.systemUTC().instant());
        Path data = folder.resolve("data");
        LairSettings settings = TestSettings.of("storage", "embedded", "data", data.toString(), "namespaces", "test");
        Storage inner = EmbeddedStorage.open(data, clock);
        store = new WatchedLedgerStore(inner.ledger());
        storage = store.in(inner);
        opened = OpenNamespaces.open(settings, storage, clock);
        desk = OperatorDesk.open(new Local(opened.namespaces()), data, null, new SecureRandom(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        desk.close();
        opened.close();
        storage.close();
    }

    private record Local(Namespaces namespaces) implements OperatorDesk.LogAccess {
        @Override
        public OperatorLog.State state() {
            return namespaces.operatorLog();
        }

        @Override
        public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
            return namespaces.append(record);
        }

        @Override
        public void close() {}
    }

    private Ledger ledger() {
        return opened.opened().ledger();
    }

    private KeyId signerOfTheNewest() {
        return ledger().checkpoint().orElseThrow().keyId();
    }

    @Test
    void afterARotationTheNewKeyAloneMayDoEverythingAndSigns() throws Exception {
        KeyId old = signerOfTheNewest();
        KeyId fresh = desk.rotate();

        assertThat(fresh).isNotEqualTo(old);
        OperatorLog.State state = opened.namespaces().operatorLog();
        assertThat(state.permissions(fresh)).isEqualTo(EnumSet.allOf(OperatorPermission.class));
        assertThat(state.permissions(old)).isEmpty();
        assertThat(state.key(old)).isPresent();
        assertThat(signerOfTheNewest()).isEqualTo(fresh);
        assertThat(ledger().publishedSize()).isEqualTo(3);
        desk.append(List.of(new OperatorEntry.DefineNamespace("after")));
        assertThat(signerOfTheNewest()).isEqualTo(fresh);
    }

    @Test
    void everyCheckpointIsSignedByAKeyThatHeldCommitAtThatLength() throws Exception {
        for (int i = 0; i < 3; i++) {
            desk.rotate();
            desk.append(List.of(new OperatorEntry.DefineNamespace("round" + "abc".charAt(i))));
        }
        assertThat(store.saved()).hasSizeGreaterThanOrEqualTo(10);
        for (SignedCheckpoint checkpoint : store.saved()) {
            OperatorLog.State then = replay(checkpoint.contents().checkpoint().logLength());
            assertThat(then.permissions(checkpoint.keyId())).contains(OperatorPermission.COMMIT);
            assertThat(checkpoint.verify(then.key(checkpoint.keyId()).orElseThrow(), EcdsaP256.INSTANCE))
                    .isTrue();
        }
    }

    private OperatorLog.State replay(long size) throws Exception {
        OperatorLog.State state = OperatorLog.State.EMPTY;
        for (LedgerEntry entry : ledger().logEntries(OperatorLog.LOG_ID, 0, size, 1000)) {
            state = state.append(SignedOperatorRecord.decode(entry.record()), EcdsaP256.INSTANCE);
        }
        return state;
    }

    @Test
    void rotationSurvivesARestart() throws Exception {
        KeyId fresh = desk.rotate();
        SignedCheckpoint newest = ledger().checkpoint().orElseThrow();
        desk.close();
        opened.close();
        storage.close();
        open();
        assertThat(ledger().checkpoint()).contains(newest);
        desk.append(List.of(new OperatorEntry.DefineNamespace("after")));
        assertThat(signerOfTheNewest()).isEqualTo(fresh);
    }

    @Test
    void recordRevokingOurOnlyKeyIsRefusedAtTheDeskToo() {
        KeyId only = signerOfTheNewest();
        assertThatThrownBy(
                        () -> desk.append(List.of(new OperatorEntry.Revoke(only, List.of(OperatorPermission.COMMIT)))))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessageContaining("no key in this server's key store");
        assertThat(ledger().publishedSize()).isEqualTo(1);
    }

    @Test
    void deskWithoutAKeyThatMayDoEverythingSaysSo() throws Exception {
        KeyId only = signerOfTheNewest();
        desk.append(List.of(new OperatorEntry.Revoke(only, List.of(OperatorPermission.IMPORT_NAMESPACE))));
        assertThatThrownBy(() -> desk.append(List.of(new OperatorEntry.DefineNamespace("more"))))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessageContaining("no key in this registry's key store holds every operator permission");
    }

    @Test
    void crashBetweenTheTwoRecordsLeavesTwoKeysThatTheNextRotationMakesOne() throws Exception {
        OperatorDesk.LogAccess half = new OperatorDesk.LogAccess() {
            private int appended;

            @Override
            public OperatorLog.State state() {
                return opened.namespaces().operatorLog();
            }

            @Override
            public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
                if (++appended == 2) {
                    throw new OperatorRecordRefused("the machine stopped");
                }
                return opened.namespaces().append(record);
            }

            @Override
            public void close() {}
        };
        OperatorDesk interrupted =
                OperatorDesk.open(half, folder.resolve("data"), null, new SecureRandom(), Clock.systemUTC());
        assertThatThrownBy(interrupted::rotate).hasMessage("the machine stopped");
        assertThat(holders()).hasSize(2);
        KeyId last = desk.rotate();
        assertThat(holders()).containsExactly(last);
        assertThat(signerOfTheNewest()).isEqualTo(last);
    }

    @Test
    void oneRecordThatSwapsTheKeysAtOnceIsRefused() throws Exception {
        KeyId old = signerOfTheNewest();
        List<OperatorEntry> grant = new ArrayList<>();
        OperatorDesk.LogAccess stopping = new OperatorDesk.LogAccess() {
            @Override
            public OperatorLog.State state() {
                return opened.namespaces().operatorLog();
            }

            @Override
            public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
                grant.addAll(record.contents().entries());
                throw new OperatorRecordRefused("the machine stopped");
            }

            @Override
            public void close() {}
        };
        // The new key is in the store and holds nothing.
        assertThatThrownBy(OperatorDesk.open(
                        stopping, folder.resolve("data"), null, new SecureRandom(), Clock.systemUTC())::rotate)
                .hasMessage("the machine stopped");
        grant.add(new OperatorEntry.Revoke(old, List.of(OperatorPermission.COMMIT)));
        assertThatThrownBy(() -> desk.append(grant))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessageContaining("both before and after");
        assertThat(holders()).containsExactly(old);
        assertThat(desk.rotate()).isEqualTo(signerOfTheNewest());
    }

    private List<KeyId> holders() {
        OperatorLog.State state = opened.namespaces().operatorLog();
        return state.keys().keySet().stream()
                .filter(key -> state.permissions(key).contains(OperatorPermission.COMMIT))
                .toList();
    }
}
