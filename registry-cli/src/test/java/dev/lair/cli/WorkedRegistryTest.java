package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.Finding;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.trust.CheckpointMemory;
import dev.lair.cli.trust.TrustSession;
import dev.lair.registry.PackageName;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargPaths;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An honest registry, made of the vectors, passes every check. */
class WorkedRegistryTest {

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    /** The fake computes its own proofs; here the reference's own bytes are served instead, for all three heads at once. */
    @Test
    void theReferencesCheckpointsAndProofsAreBelieved() throws Exception {
        JsonNode records = Vectors.WORKED.get("records");
        JsonNode inclusion = Vectors.WORKED.get("inclusion");
        registry.ledger = Ledger.worked().first(1);
        replay(WargPaths.FETCH_CHECKPOINT, records.get(0).get("checkpointAfter").get("json"));
        JsonNode first = Vectors.WORKED.get("inclusionLength1");
        registry.lie(
                WargPaths.PROVE_INCLUSION,
                answer -> json("{\"log\":" + first.get("log") + ",\"map\":" + first.get("map") + "}"));
        assertThat(lair.run("verify").exitCode()).isZero();

        registry.ledger = Ledger.worked();
        replay(WargPaths.FETCH_CHECKPOINT, records.get(6).get("checkpointAfter").get("json"));
        replay(WargPaths.PROVE_INCLUSION, inclusion.get("response"));
        JsonNode consistency = Vectors.WORKED.get("consistency").get(0);
        registry.lie(WargPaths.PROVE_CONSISTENCY, answer -> json("{\"proof\":" + consistency.get("proofBase64") + "}"));
        List<String> found = new ArrayList<>();
        try (RegistryClient client = new RegistryClient(RegistryUrl.parse(registry.url(), false))) {
            // The order of the vectors, which no command asks in.
            new TrustSession(client, memory(), reporter(found))
                    .verify(List.of(PackageName.parse("test:yankee"), PackageName.parse("test:component")));
        }
        assertThat(found)
                .contains("consistency: the log of 7 records starts with the 1 remembered")
                .anyMatch(text -> text.startsWith("newest record of `test:yankee`"))
                .anyMatch(text -> text.startsWith("newest record of `test:component`"));
    }

    private CheckpointMemory memory() {
        return new CheckpointMemory(lair.home().resolve("registries"), registry.url());
    }

    private static Reporter reporter(List<String> found) {
        return new Reporter() {
            @Override
            public void found(Finding finding) {
                found.add(finding.text());
            }

            @Override
            public void warn(String message) {
                found.add(message);
            }

            @Override
            public Progress start(String task, long total, Unit unit) {
                return new Progress() {
                    @Override
                    public void advance(long units) {
                        // not asked here
                    }

                    @Override
                    public void close() {
                        // not asked here
                    }
                };
            }
        };
    }

    private void replay(String path, JsonNode body) {
        registry.lie(path, answer -> json(body.toString()));
    }

    private static FakeRegistry.Answer json(String body) {
        return new FakeRegistry.Answer(200, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    @Test
    void verifyOfARegistryStatesWhatWasProvenAndWhatIsTrusted() {
        LairRun.Outcome outcome = lair.run("verify");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo(
                                        "proven   checkpoint: 7 records at 2023-11-14T22:14:25Z, signed by operator key "
                                                + Vectors.ALICE.keyId()),
                        line -> assertThat(line).startsWith("proven   operator log: 2 records, each signed"),
                        line -> assertThat(line)
                                .startsWith("proven   newest record of operator log: sha256:")
                                .endsWith("is leaf 6 of the log and the head in the map"),
                        line -> assertThat(line).startsWith("trusted  first use of " + registry.url()),
                        line -> assertThat(line).isEqualTo("verified " + registry.url()));
    }

    @Test
    void verifyOfAPackageTellsProofFromHashChain() {
        LairRun.Outcome outcome = lair.run("verify", "test:component@0.1.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out())
                .contains("chained  record 1 of 2 in `test:component`")
                .contains("the registry proves leaves of newest records only (--all proves each)")
                .contains("proven   record 2 of 2 in `test:component`")
                .contains("proven   release: test:component 0.1.0 is sha256:24eaf343");
    }

    @Test
    void verifyAllRecomputesBothRootsAndReplaysEveryLog() {
        LairRun.Outcome outcome = lair.run("verify", "--all");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out())
                .contains("proven   ledger: its 7 records make both roots of the checkpoint")
                .contains("proven   log of `test:component`: all of its 2 records replayed")
                .contains("proven   log of `test:yankee`: all of its 3 records replayed");
    }

    @Test
    void verifyOfAFileFindsTheReleaseThatItIs() throws Exception {
        Files.write(folder.resolve("a.wasm"), Vectors.CONTENT);
        assertThat(lair.run("verify", "test:component@0.1.0", "--file", "a.wasm")
                        .out())
                .contains("is the content of this release");
        assertThat(lair.run("verify", "test:component", "--file", "a.wasm").out())
                .contains("proven   release: test:component 0.2.0-rc.1+build.7 is sha256:24eaf343");
    }

    @Test
    void anotherFileThanTheReleaseFailsVerification() throws Exception {
        Files.write(folder.resolve("b.wasm"), new byte[] {1});
        LairRun.Outcome named = lair.run("verify", "test:component@0.1.0", "--file", "b.wasm");
        assertThat(named.exitCode()).isEqualTo(3);
        assertThat(named.err()).contains("but `test:component` 0.1.0 is sha256:24eaf343");
        LairRun.Outcome any = lair.run("verify", "test:component", "--file", "b.wasm");
        assertThat(any.exitCode()).isEqualTo(3);
        assertThat(any.err()).contains("which is no release of `test:component`");
    }

    @Test
    void theSameCheckpointAgainIsConsistentAndNoLongerFirstUse() {
        lair.run("verify");
        LairRun.Outcome again = lair.run("verify");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .contains("proven   consistency: the same 7 records as remembered")
                .doesNotContain("trusted");
    }

    /** The registry signs again from time to time; a cache may then serve the older statement of the same tree. */
    @Test
    void anEarlierTimestampOfTheSameTreeIsFine() {
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                CheckpointBody.class,
                body -> CheckpointBody.of(Ledger.worked().signed(Vectors.ALICE, FakeRegistry.EPOCH_SECONDS + 100)));
        assertThat(lair.run("verify").exitCode()).isZero();
        registry.honest();
        assertThat(lair.run("verify").exitCode()).isZero();
    }

    @Test
    void aGrownLogIsProvenToStartWithTheRememberedOne() {
        for (int size = 1; size <= 7; size++) {
            registry.ledger = Ledger.worked().first(size);
            LairRun.Outcome outcome = lair.run("verify");
            assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        }
        assertThat(registry.requests)
                .filteredOn(request -> request.endsWith("proof/consistency"))
                .hasSize(6);
    }

    @Test
    void logsThatComeInManyPagesAreReadToTheEnd() {
        registry.pageLimit = 1;
        LairRun.Outcome outcome = lair.run("log", "test:yankee");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("leaf 2").contains("leaf 3").contains("leaf 4");
    }

    @Test
    void theLogIsToldInPlainWords() {
        LairRun.Outcome outcome = lair.run("log", "test:component");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        String content = "sha256:24eaf3439a60c96764c4f2c92a0a81b52bd4fe5d5b91f090184a0f6486b1bf29";
        assertThat(outcome.out().lines())
                .containsExactly(
                        "leaf 1  2023-11-14T22:13:30.500Z",
                        "  record sha256:9d8c81fa57181946fbe352e180e3b5a289c31061c60ef97ff0ac86d13ed4681f",
                        "  key    " + Vectors.BOB.keyId(),
                        "  starts the log; key " + Vectors.BOB.keyId() + " owns it",
                        "  releases 0.1.0 with content " + content,
                        "leaf 5  2023-11-14T22:14:10Z",
                        "  record " + Ledger.worked().entries().get(5).id(),
                        "  key    " + Vectors.BOB.keyId(),
                        "  lets key " + Vectors.ALICE.keyId() + " release and yank",
                        "  releases 0.2.0-rc.1+build.7 with content " + content,
                        "2 records of test:component, verified at a checkpoint of 7");
    }

    @Test
    void anUnknownPackageIsNotFoundAndTheRegistrysHintIsShown() {
        registry.lie(
                WargPaths.FETCH_LOGS,
                answer -> answer.status() == 404
                        ? answer.with("warg-registry-hint", "test=registry.example.com")
                        : answer);
        LairRun.Outcome outcome = lair.run("log", "test:nothing");
        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err())
                .contains("error: package `test:nothing` is not in the registry")
                .contains(
                        "hint: the registry says that namespace `test` lives on `registry.example.com`: try --registry"
                                + " https://registry.example.com");
    }
}
