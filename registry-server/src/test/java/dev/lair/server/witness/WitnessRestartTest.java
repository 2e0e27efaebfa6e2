package dev.lair.server.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestClock;
import dev.lair.server.TestKeys;
import dev.lair.signing.KeyStore;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NoteSigner;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.embedded.SqliteWitnesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a witness is known by, and what it has seen, outlive it. */
class WitnessRestartTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path work;

    private final TestClock clock = new TestClock();

    private static WitnessSettings settings(Path data, @Nullable String name, boolean mlDsa) {
        return new WitnessSettings(data, null, name, mlDsa, List.of(WitnessVectors.LOG_KEY), "127.0.0.1", 0);
    }

    private static GrowingLog log(int size) {
        return new GrowingLog(WitnessVectors.LOG).to(size, "leaf");
    }

    private Witness witness(WitnessStore store) {
        return new Witness(List.of(WitnessVectors.LOG_KEY), List.of(WitnessVectors.ED25519.signer()), store, clock);
    }

    @Test
    void headIsKeptThroughARestart() {
        Path data = work.resolve("witness");
        try (WitnessStore store = SqliteWitnesses.open(data)) {
            assertThat(witness(store).addCheckpoint(log(5).request(0).bytes())).isInstanceOf(Verdict.Cosigned.class);
        }
        try (WitnessStore store = SqliteWitnesses.open(data)) {
            Witness restarted = witness(store);
            assertThat(restarted.addCheckpoint(log(7).request(0).bytes())).isEqualTo(new Verdict.Conflict(5));
            GrowingLog fork = new GrowingLog(WitnessVectors.LOG).to(7, "other");
            assertThat(restarted.addCheckpoint(fork.request(5).bytes())).isInstanceOf(Verdict.Refused.class);
            assertThat(restarted.addCheckpoint(log(7).request(5).bytes())).isInstanceOf(Verdict.Cosigned.class);
            assertThat(restarted.monitored(WitnessVectors.ORIGIN_HASH)).isPresent();
        }
    }

    @Test
    void timeIsKeptThroughARestart() {
        Path data = work.resolve("witness");
        try (WitnessStore store = SqliteWitnesses.open(data)) {
            assertThat(witness(store).addCheckpoint(log(5).request(0).bytes())).isInstanceOf(Verdict.Cosigned.class);
        }
        clock.set(TestClock.START.minusSeconds(3600));
        try (WitnessStore store = SqliteWitnesses.open(data)) {
            assertThat(witness(store).addCheckpoint(log(7).request(5).bytes()))
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Verdict.Reason.CLOCK_BEHIND));
        }
    }

    @Test
    void keysAreMadeOnceAndKept() throws IOException {
        Path data = work.resolve("witness");
        List<NoteKey> made = WitnessServer.keys(settings(data, "witness.example/w", false));
        assertThat(made).singleElement().satisfies(key -> {
            assertThat(key.name()).isEqualTo("witness.example/w");
            assertThat(key.type()).contains(NoteKeyType.COSIGNATURE_ED25519);
        });
        assertThat(WitnessServer.keys(settings(data, null, false))).isEqualTo(made);
        assertThat(WitnessServer.keys(settings(data, "witness.example/w", false)))
                .isEqualTo(made);
        List<NoteKey> both = WitnessServer.keys(settings(data, null, true));
        assertThat(both).hasSize(2).startsWith(made.getFirst());
        assertThat(both.getLast().type()).contains(NoteKeyType.COSIGNATURE_ML_DSA_44);
        assertThat(both.getLast().name()).isEqualTo("witness.example/w");
        assertThat(WitnessServer.keys(settings(data, null, false))).isEqualTo(both);
    }

    @Test
    void witnessWithoutANameIsToldToTakeOne() {
        assertThatThrownBy(() -> WitnessServer.keys(settings(work.resolve("new"), null, false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--name");
    }

    @Test
    void nameCannotBeChanged() throws IOException {
        KeyStore keys = TestKeys.store();
        List<NoteSigner> made = WitnessKeys.openOrCreate(keys, "witness.example/a", true, RANDOM);
        assertThatThrownBy(() -> WitnessKeys.openOrCreate(keys, "witness.example/b", true, RANDOM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("witness.example/a")
                .hasMessageContaining("witness.example/b");
        assertThat(WitnessKeys.openOrCreate(keys, null, false, RANDOM))
                .extracting(NoteSigner::key)
                .containsExactlyElementsOf(made.stream().map(NoteSigner::key).toList());
    }

    @Test
    void secretsAreNotInTheClear() throws IOException {
        Path data = work.resolve("witness");
        List<NoteKey> keys = WitnessServer.keys(settings(data, "witness.example/w", true));
        assertThat(keys).hasSize(2);
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(Objects.requireNonNull(file.getFileName()).toString())
                        .doesNotContain("PRIVATE+KEY");
                assertThat(Files.getPosixFilePermissions(file)).hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void foldersOfRegistriesAreRefused() throws IOException {
        Path data = Files.createDirectories(work.resolve("registry"));
        Files.createFile(data.resolve("ledger.db"));
        for (boolean start : new boolean[] {false, true}) {
            assertThatThrownBy(() -> {
                        if (start) {
                            WitnessServer.start(settings(data, "witness.example/w", false));
                        } else {
                            WitnessServer.keys(settings(data, "witness.example/w", false));
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("holds a registry");
        }
    }

    @Test
    void witnessWithoutALogDoesNotStart() {
        WitnessSettings none = new WitnessSettings(
                work.resolve("witness"), null, "witness.example/w", false, List.of(), "127.0.0.1", 0);
        assertThatThrownBy(() -> WitnessServer.start(none))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--log");
    }

    @Test
    void logKeyThatCannotBeVerifiedDoesNotStart() {
        NoteKey ecdsa = NoteKey.parse("log.example/a+01020304+AgECAw==");
        WitnessSettings unknown = new WitnessSettings(
                work.resolve("witness"), null, "witness.example/w", false, List.of(ecdsa), "127.0.0.1", 0);
        assertThatThrownBy(() -> WitnessServer.start(unknown))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("type 1")
                .hasMessageContaining("not 2");
    }
}
