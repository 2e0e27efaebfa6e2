package dev.lair.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry's own rules for operator records, and that the log alone would take what they refuse. */
class OperatorAdmissionTest {

    private final TestClock clock = new TestClock();
    private final Storage storage = MemoryStorage.open(clock);
    private final LairSettings settings = TestSettings.of(
            "operator-key-file", OperatorKeyFile.PATH.toString(), "namespaces", "test", "reserved-namespaces", "ours");
    private OpenNamespaces opened = open();

    private OpenNamespaces open() {
        try {
            return OpenNamespaces.open(settings, storage, clock);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void requireBegun() {
        assertThat(opened.namespaces().find(new Namespace("test"))).isPresent();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private SignedOperatorRecord record(OperatorEntry... entries) {
        return record(clock.instant(), OperatorKeyFile.KEY, entries);
    }

    private SignedOperatorRecord record(Instant time, PrivateKey key, OperatorEntry... entries) {
        OperatorLog.State state = opened.namespaces().operatorLog();
        return SignedOperatorRecord.sign(
                new OperatorRecord(state.head().orElseThrow().recordId(), 0, time, List.of(entries)), key);
    }

    private void requireRefused(SignedOperatorRecord record, String words) {
        OperatorLog.State before = opened.namespaces().operatorLog();
        SignedCheckpoint checkpoint = opened.opened().ledger().checkpoint().orElseThrow();
        assertThatThrownBy(() -> opened.namespaces().append(record))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessageContaining(words);
        assertThat(opened.namespaces().operatorLog()).isSameAs(before);
        assertThat(opened.opened().ledger().checkpoint()).contains(checkpoint);
        assertThat(opened.opened().ledger().entry(record.id())).isEmpty();
        assertThatCode(() -> before.append(record, EcdsaP256.INSTANCE))
                .as("clients and replay take what only the door refuses")
                .doesNotThrowAnyException();
    }

    @Test
    void emptyRecordIsRefused() {
        requireRefused(record(), "without entries");
    }

    @Test
    void grantWithoutPermissionsIsRefused() {
        PrivateKey other = PrivateKey.generate(new SecureRandom());
        requireRefused(record(new OperatorEntry.Grant(other.publicKey(), List.of())), "without permissions");
    }

    @Test
    void revocationWithoutPermissionsIsRefused() {
        requireRefused(record(new OperatorEntry.Revoke(OperatorKeyFile.KEY.keyId(), List.of())), "without permissions");
    }

    @Test
    void timeFiveMinutesAheadOfOursIsTakenAndANanosecondMoreIsNot() throws Exception {
        Instant edge = clock.instant().plus(Duration.ofMinutes(5));
        requireRefused(
                record(edge.plusNanos(1), OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("later")),
                "set the clock");
        opened.namespaces().append(record(edge, OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("later")));
    }

    @Test
    void timeFiveMinutesBehindOursIsTakenAndANanosecondMoreIsNot() throws Exception {
        clock.move(Duration.ofHours(1));
        Instant edge = clock.instant().minus(Duration.ofMinutes(5));
        requireRefused(
                record(edge.minusNanos(1), OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("early")),
                "set the clock");
        opened.namespaces().append(record(edge, OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("early")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "content", "api", "root", "health", "ours"})
    void reservedNameIsNeitherDefinedNorImported(String name) {
        requireRefused(record(new OperatorEntry.DefineNamespace(name)), "reserved");
        requireRefused(record(new OperatorEntry.ImportNamespace(name, "registry.example")), "reserved");
    }

    @Test
    void nameThatIsNoNamespaceIsLeftToTheLog() {
        assertThatThrownBy(() -> opened.namespaces().append(record(new OperatorEntry.DefineNamespace("V1"))))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessage("the namespace `V1` is invalid; namespace must be a lowercased kebab case string");
    }

    @Test
    void namespaceIsDefinedOnceAndEverybodySeesIt() throws Exception {
        SignedOperatorRecord record = record(
                new OperatorEntry.DefineNamespace("fresh"),
                new OperatorEntry.ImportNamespace("far", "registry.example"));
        assertThat(opened.namespaces().append(record)).isEqualTo(1);
        assertThat(opened.namespaces().find(new Namespace("fresh"))).contains(new OperatorLog.NamespaceState.Defined());
        assertThat(opened.namespaces().find(new Namespace("far")))
                .contains(new OperatorLog.NamespaceState.Imported("registry.example"));
        assertThat(opened.opened().ledger().publishedSize()).isEqualTo(2);
        assertThatThrownBy(() -> opened.namespaces().append(record(new OperatorEntry.DefineNamespace("fresh"))))
                .hasMessage("the namespace `fresh` is already defined and cannot be redefined");

        opened.close();
        opened = open();
        assertThat(opened.namespaces().find(new Namespace("fresh"))).isPresent();
        assertThat(opened.opened().ledger().publishedSize()).isEqualTo(2);
    }

    @Test
    void recordThatRevokesOurOnlyKeyIsRefused() {
        requireRefused(
                record(new OperatorEntry.Revoke(OperatorKeyFile.KEY.keyId(), List.of(OperatorPermission.COMMIT))),
                "no key in this server's key store holds `commit` both before and after");
    }

    @Test
    void recordThatHandsEverythingToAKeyThatIsNotOursIsRefused() throws Exception {
        PrivateKey other = PrivateKey.generate(new SecureRandom());
        opened.namespaces()
                .append(record(new OperatorEntry.Grant(other.publicKey(), List.of(OperatorPermission.values()))));
        requireRefused(
                record(
                        clock.instant(),
                        other,
                        new OperatorEntry.Revoke(OperatorKeyFile.KEY.keyId(), List.of(OperatorPermission.COMMIT))),
                "grant the new key first");
        // Permissions that sign no checkpoint may go.
        opened.namespaces()
                .append(record(
                        clock.instant(),
                        other,
                        new OperatorEntry.Revoke(
                                OperatorKeyFile.KEY.keyId(), List.of(OperatorPermission.DEFINE_NAMESPACE))));
    }

    @Test
    void recordOfAKeyWithoutThePermissionIsRefused() {
        PrivateKey other = PrivateKey.generate(new SecureRandom());
        assertThatThrownBy(() -> opened.namespaces()
                        .append(record(clock.instant(), other, new OperatorEntry.DefineNamespace("theirs"))))
                .isInstanceOf(OperatorRecordRefused.class)
                .hasMessageContaining("did not have required permission defineNamespace");
    }

    @Test
    void namespaceOfTheConfigurationIsDefinedAtTheNextStartEvenWhenTheClockRanBackwards() throws Exception {
        opened.close();
        clock.move(Duration.ofMinutes(-3));
        try (OpenNamespaces more = OpenNamespaces.open(
                TestSettings.of("operator-key-file", OperatorKeyFile.PATH.toString(), "namespaces", "test,second"),
                storage,
                clock)) {
            assertThat(more.namespaces().find(new Namespace("second"))).isPresent();
        }
        opened = open();
        assertThat(opened.namespaces().find(new Namespace("second"))).isPresent();
    }
}
