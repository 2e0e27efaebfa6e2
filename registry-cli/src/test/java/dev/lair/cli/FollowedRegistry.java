package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TlogProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A monitor that saw the first five records of a registry that has seven by now. Whatever the registry does against its log
 * is found, kept as evidence, and leaves the cursor where everything was right. Each lie is told with the registry's own
 * keys: signatures alone show nothing.
 */
abstract class FollowedRegistry {

    static final Instant LATER = Instant.ofEpochSecond(1_700_000_900L);
    static final PackageName COMPONENT = PackageName.parse("test:component");
    static final PackageName FORK = PackageName.parse("test:fork");
    static final RootHash OTHER_ROOT =
            RootHash.ofBytes(Digest.of(new byte[] {7}).bytes());

    @TempDir
    Path folder;

    FakeRegistry registry;
    LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked().first(5));
        lair = new LairRun(folder).registry(registry);
        assertThat(lair.run("monitor").exitCode()).isZero();
        registry.ledger = Ledger.worked();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    /** What was kept of a contradiction. */
    record Finding(Path folder, JsonNode report) {

        List<String> files() {
            return report.get("files").valueStream().map(JsonNode::asString).toList();
        }

        String text(String name) {
            try {
                return Files.readString(folder.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Finding found(String kind, String words) {
        byte[] cursor = cursor();
        LairRun.Outcome outcome = lair.run("monitor", "--owner", "test:component", "--findings", "findings");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err()).containsPattern("error: " + kind + ": .*" + words);
        assertThat(outcome.out()).as("nobody is told what is not proven").isEmpty();
        assertThat(cursor()).as("the cursor stays").isEqualTo(cursor);
        try (Stream<Path> folders = Files.list(folder.resolve("findings"))) {
            Path only = folders.filter(path -> path.toString().endsWith("-" + kind))
                    .findFirst()
                    .orElseThrow();
            JsonNode report = new JsonMapper().readTree(Files.readAllBytes(only.resolve("report.json")));
            assertThat(report.get("kind").asString()).isEqualTo(kind);
            Finding finding = new Finding(only, report);
            assertThat(finding.files())
                    .as("each piece is there")
                    .allSatisfy(file -> assertThat(only.resolve(file)).exists());
            return finding;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] cursor() {
        try (Stream<Path> files = Files.walk(lair.home())) {
            return Files.readAllBytes(files.filter(path -> path.endsWith("cursor.json"))
                    .findFirst()
                    .orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void notBelieved(int exitCode, String words) {
        byte[] cursor = cursor();
        LairRun.Outcome outcome = lair.run("monitor");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(exitCode);
        assertThat(outcome.err()).containsPattern(words);
        assertThat(cursor()).as("the cursor stays").isEqualTo(cursor);
    }

    /** The offline proof in a finding: the log that the registry signed has this leaf. */
    static void assertProves(Finding finding, long index, LogLeaf leaf, SignedRecord record) throws Exception {
        TlogProof proof = TlogProof.parse(finding.text("log-" + index + ".tlog-proof"));
        SignedNote note = SignedNote.parse(proof.checkpoint());
        CheckpointText checkpoint = CheckpointText.parse(note.text());
        assertThat(proof.index()).isEqualTo(index);
        proof.inclusion(checkpoint.treeSize()).verify(leaf.hash(), checkpoint.root());
        assertThat(EnvelopeCodec.parse(proof.extra().orElseThrow())).isEqualTo(record);
    }
}
