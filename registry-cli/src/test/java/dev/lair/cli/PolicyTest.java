package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargBodies.ConsistencyResponse;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.LogProofBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a policy, what a registry says over the warg API counts only as far as its witnesses saw it. */
class PolicyTest {

    private static final Instant LATER = Instant.ofEpochSecond(1_700_000_900L);
    private static final PackageName NEW = PackageName.parse("test:new");

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry(Ledger.worked());
        lair = new LairRun(folder).registry(registry);
        policy(2);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void policy(int quorum) throws IOException {
        Files.writeString(folder.resolve("policy"), registry.tree.policy(quorum).format());
    }

    /** The worked registry and one record more. */
    private static Ledger grown() {
        return Ledger.worked().plus(NEW, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
    }

    private LairRun.Outcome verify(String... more) {
        return lair.run(Stream.concat(Stream.of("verify", "--policy", "policy"), Stream.of(more))
                .toArray(String[]::new));
    }

    private void assertRefused(LairRun.Outcome outcome, int exitCode, String words) throws IOException {
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(exitCode);
        assertThat(outcome.err()).containsPattern(words);
        assertThat(outcome.out()).doesNotContain("verified ");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files).as("nothing is remembered").noneMatch(path -> path.endsWith("checkpoint.json"));
        }
    }

    @Test
    void aCheckpointThatTheWitnessesSawCoversTheAnswer() {
        LairRun.Outcome outcome = verify("test:component@0.1.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out())
                .contains("proven   checkpoint of the log: 7 records, signed by log `" + FakeTree.ORIGIN)
                .contains("proven   witnesses of checkpoint of the log: cosigned by `w1`, `w2`, `w3`")
                .contains("proven   policy: the 7 records of this answer are the first of that checkpoint's 7");
    }

    @Test
    void aLargerCheckpointIsProvenToStartWithTheAnswer() {
        Ledger grown = grown();
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree.logNote(grown).format()));
        registry.lie(
                WargPaths.PROVE_CONSISTENCY,
                answer -> FakeRegistry.Answer.ok(new ConsistencyResponse(
                        LogProofBundle.consistency(grown::node, 7, 8).encode())));
        LairRun.Outcome outcome = verify();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("the 7 records of this answer are the first of that checkpoint's 8");
    }

    @Test
    void anAnswerOutOfAnotherHistoryIsRefused() throws IOException {
        Ledger other =
                Ledger.worked().first(6).plus(NEW, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree.logNote(other).format()));
        assertRefused(
                verify(),
                3,
                "fork: .* shows this client other records than its log's checkpoint of 7 covers: its root");
        Ledger larger = other.plus(
                PackageName.parse("test:newer"), LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree.logNote(larger).format()));
        registry.lie(
                WargPaths.PROVE_CONSISTENCY,
                answer -> FakeRegistry.Answer.ok(new ConsistencyResponse(
                        LogProofBundle.consistency(larger::node, 7, 8).encode())));
        assertRefused(verify(), 3, "fork: .* checkpoint of 8 covers: ");
    }

    @Test
    void recordsThatNoWitnessSawAreRefusedAfterAWait() throws IOException {
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(
                        registry.tree.logNote(Ledger.worked().first(6)).format()));
        assertRefused(verify(), 3, "covers 6 records, so no witness saw the last of its 7; try again in a moment");
        assertThat(lair.pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofSeconds(15));
        assertRefused(lair.run("pull", "test:component", "--policy", "policy"), 3, "no witness saw the last of its 7");
        assertThat(folder.resolve("component-0.1.0.wasm")).doesNotExist();
        assertThat(registry.requests).noneMatch(request -> request.contains("content"));
    }

    @Test
    void aCacheThatCatchesUpIsWaitedFor() {
        int[] asked = {0};
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> asked[0]++ < 3
                        ? FakeTree.text(
                                registry.tree.logNote(Ledger.worked().first(6)).format())
                        : answer);
        LairRun.Outcome outcome = verify();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(lair.pauses).hasSize(3);
    }

    @Test
    void aRegistryWithoutAWitnessedLogFailsClosed() throws IOException {
        registry.lie(
                TreePaths.LOG_CHECKPOINT, answer -> FakeRegistry.Answer.error(WargError.message(404, "no such path")));
        assertRefused(verify(), 3, "does not prove that a checkpoint which satisfies the policy covers its records");
        registry.lie(TreePaths.LOG_CHECKPOINT, answer -> FakeRegistry.Answer.error(WargError.message(503, "later")));
        assertRefused(verify(), 5, "refused to give /log/checkpoint \\(503\\): later");
        registry.lie(TreePaths.LOG_CHECKPOINT, answer -> FakeRegistry.html());
        assertRefused(verify(), 3, "its /log/checkpoint is not a signed checkpoint");
    }

    @Test
    void tooFewWitnessesFailClosed() throws IOException {
        registry.tree.witnesses.get(0).epochSeconds = null;
        registry.tree.witnesses.get(1).epochSeconds = null;
        assertRefused(verify(), 3, "has no quorum: the policy asks for `most`, and it is cosigned by `w3`");
    }

    @Test
    void anotherLogsCheckpointIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("policy"),
                new WitnessPolicy(
                                registry.tree.policy(2).logs().subList(2, 4),
                                registry.tree.policy(2).voters(),
                                "most")
                        .format());
        assertRefused(verify(), 3, "no key that the policy has for the log `" + FakeTree.ORIGIN + "` signed");
    }

    @Test
    void witnessesOfYesterdayAreStaleUnlessAllowed() throws IOException {
        registry.tree.witnesses.forEach(witness -> witness.epochSeconds = 1_700_001_000L - 86_401);
        assertRefused(verify(), 8, "checkpoint of the log is too old: .* at most 1d are allowed");
        assertRefused(lair.run("pull", "test:component", "--policy", "policy"), 8, "is too old");
        assertThat(verify("--max-age", "2d").exitCode()).isZero();
        assertThat(verify("--max-age", "none").exitCode()).isZero();
    }

    @Test
    void withoutWitnessesThereIsNoAgeToDemand() throws IOException {
        policy(0);
        LairRun.Outcome outcome = verify();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("trusted  witnesses of checkpoint of the log: the policy asks for none");
        assertThat(verify("--max-age", "1h").exitCode()).isEqualTo(8);
        assertThat(lair.run("verify", "--max-age", "1h").exitCode()).isEqualTo(2);
    }

    @Test
    void aRememberedPolicyIsDemandedByEveryCommand() throws IOException {
        assertThat(lair.run("registry", "trust", "--policy", "policy", "--max-age", "1h")
                        .out())
                .contains("quorum   most; witnesses in the policy: 3")
                .contains("max age  1h");
        Files.delete(folder.resolve("policy"));
        assertThat(lair.run("verify").out()).contains("proven   policy: the 7 records");
        registry.tree.witnesses.forEach(witness -> witness.epochSeconds = 1_700_001_000L - 3_601);
        lair.run("registry", "forget", registry.url());
        for (String[] command : List.of(
                new String[] {"verify"}, new String[] {"log", "test:component"}, new String[] {"pull", "test:component"
                })) {
            assertThat(lair.run(command).exitCode()).as(command[0]).isEqualTo(8);
        }
        lair.run("key", "new");
        Files.write(folder.resolve("a.wasm"), Vectors.CONTENT);
        assertThat(lair.run("publish", "a.wasm", "--package", "test:x", "--version", "1.0.0")
                        .exitCode())
                .isEqualTo(8);
        assertThat(lair.run("registry", "trust", "--remove").err())
                .contains("warning: nobody but " + registry.url() + " itself vouches for its log any more");
        assertThat(lair.run("verify").exitCode()).isZero();
        assertThat(lair.run("registry", "trust", "--remove").exitCode()).isEqualTo(6);
    }

    @Test
    void aDamagedPolicyIsNoReasonToDemandNone() throws IOException {
        lair.run("registry", "trust", "--policy", "policy");
        try (Stream<Path> files = Files.walk(lair.home())) {
            Path file = files.filter(path -> path.endsWith("policy.json"))
                    .findFirst()
                    .orElseThrow();
            for (String damaged :
                    List.of("", "{}", "{\"registry\":\"x\",\"policy\":\"quorum none\",\"maxAgeSeconds\":null")) {
                Files.writeString(file, damaged);
                LairRun.Outcome outcome = lair.run("verify");
                assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(7);
                assertThat(outcome.err()).contains("is damaged").contains("lair registry trust --policy FILE");
            }
        }
    }

    @Test
    void aPolicyThatNothingCouldSatisfyIsNotRemembered() throws IOException {
        Files.writeString(folder.resolve("policy"), "quorum none\n");
        assertThat(lair.run("registry", "trust", "--policy", "policy").exitCode())
                .isEqualTo(2);
        assertThat(lair.run("registry", "trust").exitCode()).isEqualTo(2);
        assertThat(lair.run("registry", "trust", "--policy", "policy", "--remove")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void thePrintedBeginningOfAPolicyIsOneAndSaysWhatItRestsOn() throws IOException {
        LairRun.Outcome outcome = lair.run("registry", "policy");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err())
                .contains("warning: the keys come from " + registry.url() + " itself (trust on first use)");
        WitnessPolicy policy = WitnessPolicy.parse(outcome.out());
        assertThat(policy.logs().stream().map(WitnessPolicy.Log::key))
                .isEqualTo(registry.tree.policy(0).logs().stream()
                        .map(WitnessPolicy.Log::key)
                        .toList());
        assertThat(policy.quorum()).isEqualTo("none");
        Files.writeString(folder.resolve("policy"), outcome.out());
        assertThat(verify().exitCode()).isZero();
        assertThat(lair.run("registry", "policy", "--json")
                        .json()
                        .get("trustOnFirstUse")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no key", "not a key", "another name", "a line of its own"})
    void keysThatMakeNoPolicyAreNotPrinted(String wrong) {
        registry.lie(TreePaths.CONFIG, RegistryConfig.class, config -> {
            RegistryConfig.LogConfig log = config.log();
            RegistryConfig.LogConfig lie =
                    switch (wrong) {
                        case "no key" -> new RegistryConfig.LogConfig(log.origin(), log.url(), List.of());
                        case "not a key" -> new RegistryConfig.LogConfig(log.origin(), log.url(), List.of("x"));
                        case "another name" -> new RegistryConfig.LogConfig("other.example", log.url(), log.keys());
                        default ->
                            new RegistryConfig.LogConfig(log.origin(), "http://x\nquorum none\nlog x", log.keys());
                    };
            return new RegistryConfig(
                    config.formatVersion(),
                    config.url(),
                    config.protocols(),
                    config.endpoints(),
                    lie,
                    config.evidence(),
                    config.changes(),
                    config.componentModel());
        });
        LairRun.Outcome outcome = lair.run("registry", "policy");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("the keys that the registry states in /config.json are refused");
    }
}
