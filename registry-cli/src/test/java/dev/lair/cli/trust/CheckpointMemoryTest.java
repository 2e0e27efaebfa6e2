package dev.lair.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TimestampedCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointMemoryTest {

    private static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    private static final String REGISTRY = "https://registry.example";

    @TempDir
    Path folder;

    private CheckpointMemory memory;

    @BeforeEach
    void start() {
        memory = new CheckpointMemory(folder.resolve("registries"), REGISTRY);
    }

    private static Remembered of(long size, long epochSeconds) {
        Checkpoint checkpoint = new Checkpoint(MerkleHash.EMPTY_ROOT, size, MerkleHash.EMPTY_ROOT);
        return new Remembered(
                REGISTRY,
                RecordId.ofBytes(new byte[32]),
                CheckpointBody.of(SignedCheckpoint.sign(new TimestampedCheckpoint(checkpoint, epochSeconds), KEY)));
    }

    private Path file() throws Exception {
        try (var files = Files.walk(folder)) {
            return files.filter(path -> path.endsWith("checkpoint.json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatIsRememberedComesBackAndIsTheOwnersOnly() throws Exception {
        assertThat(memory.read()).isEmpty();
        assertThat(memory.advance(Optional.empty(), of(5, 100))).isEmpty();
        assertThat(memory.read()).contains(of(5, 100));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        Path directory = java.util.Objects.requireNonNull(file().getParent());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(directory.getFileName().toString()).matches("[0-9a-f]{64}");
    }

    @Test
    void itNeverGoesBackwards() throws Fault {
        memory.advance(Optional.empty(), of(5, 100));
        assertThat(memory.advance(memory.read(), of(4, 200))).isEmpty();
        assertThat(memory.advance(memory.read(), of(5, 99))).isEmpty();
        assertThat(memory.read()).contains(of(5, 100));
        memory.advance(memory.read(), of(5, 101));
        assertThat(memory.read()).contains(of(5, 101));
    }

    @Test
    void whatAnotherCommandRememberedMeanwhileComesBackToBeCheckedAgainst() throws Fault {
        memory.advance(Optional.empty(), of(9, 100));
        assertThat(memory.advance(Optional.empty(), of(7, 100))).contains(of(9, 100));
        assertThat(memory.advance(Optional.of(of(9, 100)), of(7, 100))).isEmpty();
        assertThat(memory.read()).contains(of(9, 100));
    }

    @Test
    void manyCommandsAtOnceLeaveTheLargest() throws Exception {
        int commands = 24;
        List<Callable<Boolean>> runs = new ArrayList<>();
        for (int i = 1; i <= commands; i++) {
            long size = i;
            runs.add(() -> {
                Optional<Remembered> other = memory.advance(Optional.empty(), of(size, 100));
                while (other.isPresent()) {
                    other = memory.advance(other, of(size, 100));
                }
                return true;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> run : threads.invokeAll(runs)) {
                assertThat(run.get()).isTrue();
            }
        }
        assertThat(memory.read()).contains(of(commands, 100));
    }

    @Test
    void aTemporaryFileLeftByACrashIsInTheWayOfNothing() throws Exception {
        memory.advance(Optional.empty(), of(5, 100));
        Files.writeString(file().resolveSibling("checkpoint.json.tmp"), "half");
        assertThat(memory.read()).contains(of(5, 100));
        memory.advance(memory.read(), of(6, 100));
        assertThat(memory.read()).contains(of(6, 100));
    }

    @Test
    void aDamagedMemoryIsALocalFaultThatNamesTheWayOut() throws Exception {
        memory.advance(Optional.empty(), of(5, 100));
        Files.writeString(file(), "{}");
        assertThatThrownBy(memory::read).isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo(ExitCode.LOCAL);
            assertThat(fault)
                    .hasMessageContaining("is damaged")
                    .hasMessageContaining("lair registry forget " + REGISTRY);
        });
        assertThat(memory.forget()).isTrue();
        assertThat(memory.read()).isEmpty();
    }

    @Test
    void forgettingWhatIsNotRememberedSaysSo() throws Fault {
        assertThat(memory.forget()).isFalse();
        memory.advance(Optional.empty(), of(5, 100));
        assertThat(memory.forget()).isTrue();
        assertThat(memory.forget()).isFalse();
    }
}
