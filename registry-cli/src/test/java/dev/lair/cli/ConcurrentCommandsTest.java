package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.warg.WargPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While one command asks for proofs, another remembers a newer checkpoint of the same registry. */
class ConcurrentCommandsTest {

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun slow;
    private LairRun quick;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked().first(2));
        slow = new LairRun(folder.resolve("slow")).registry(registry);
        quick = new LairRun(folder.resolve("quick")).registry(registry);
        assertThat(slow.run("verify").exitCode()).isZero();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static Path memory(LairRun lair) throws IOException {
        try (Stream<Path> files = Files.walk(lair.home())) {
            return files.filter(path -> path.endsWith("checkpoint.json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The slow command sees five records; before it remembers them, the quick one's memory takes the place of its own. */
    private LairRun.Outcome overtaken() throws IOException {
        byte[] remembered = Files.readAllBytes(memory(quick));
        Path place = memory(slow);
        registry.ledger = Ledger.worked().first(5);
        registry.lie(WargPaths.PROVE_INCLUSION, answer -> {
            try {
                Files.write(place, remembered);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            registry.ledger = Ledger.worked();
            return answer;
        });
        return slow.run("verify");
    }

    @Test
    void aNewerCheckpointIsProvenToExtendThisOneAndStays() throws IOException {
        registry.ledger = Ledger.worked();
        assertThat(quick.run("verify").exitCode()).isZero();
        byte[] newest = Files.readAllBytes(memory(quick));
        LairRun.Outcome outcome = overtaken();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out())
                .contains("consistency: the log of 5 records starts with the 2 remembered")
                .contains("consistency: the log of 7 records starts with the 5 remembered");
        assertThat(Files.readAllBytes(memory(slow))).isEqualTo(newest);
    }

    private static Ledger forkOf5() {
        return Ledger.worked()
                .first(4)
                .plus(
                        PackageName.parse("test:fork"),
                        Instant.ofEpochSecond(1_700_000_900L),
                        Vectors.BOB,
                        new PackageEntry.Init(Vectors.BOB.publicKey()));
    }

    @Test
    void aForkBetweenTheTwoIsFoundOut() throws IOException {
        registry.ledger = forkOf5();
        assertThat(quick.run("verify").exitCode()).isZero();
        LairRun.Outcome outcome = overtaken();
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err()).contains("fork: ");
    }

    @Test
    void aNewerForkThatAnotherCommandRememberedIsFoundOut() throws IOException {
        registry.ledger = forkOf5()
                .plus(
                        PackageName.parse("test:tine"),
                        Instant.ofEpochSecond(1_700_000_900L),
                        Vectors.BOB,
                        new PackageEntry.Init(Vectors.BOB.publicKey()));
        assertThat(quick.run("verify").exitCode()).isZero();
        LairRun.Outcome outcome = overtaken();
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err()).contains("fork: ").contains("log of 6 records");
    }
}
