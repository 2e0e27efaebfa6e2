package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargPaths;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lair monitor} follows an honest registry, tells owners, and goes on where it was. */
class MonitorTest {

    private static final Instant LATER = Instant.ofEpochSecond(1_700_000_900L);
    private static final PackageName COMPONENT = PackageName.parse("test:component");
    private static final Digest DIGEST = Digest.of(Vectors.CONTENT);

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

    private LairRun.Outcome monitor(String... more) {
        return lair.run(Stream.concat(Stream.of("monitor"), Stream.of(more)).toArray(String[]::new));
    }

    private LairRun.Outcome fine(String... more) {
        LairRun.Outcome outcome = monitor(more);
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        return outcome;
    }

    private static List<JsonNode> lines(LairRun.Outcome outcome) {
        return outcome.out()
                .lines()
                .map(line -> new JsonMapper().readTree(line))
                .toList();
    }

    private JsonNode cursor() {
        try (Stream<Path> files = Files.walk(lair.home())) {
            Path file = files.filter(path -> path.endsWith("cursor.json"))
                    .findFirst()
                    .orElseThrow();
            return new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void release(PackageName name, String version) {
        registry.ledger =
                registry.ledger.plus(name, LATER, Vectors.BOB, new PackageEntry.Release(SemVer.parse(version), DIGEST));
    }

    private void start(PackageName name) {
        registry.ledger =
                registry.ledger.plus(name, LATER, Vectors.BOB, new PackageEntry.Init(Vectors.BOB.publicKey()));
    }

    @Test
    void anHonestRegistryIsChecked() {
        LairRun.Outcome outcome = fine();
        assertThat(outcome.out())
                .isEqualTo(
                        "checked  7 records of " + registry.url() + ", 7 new; 1 claim of its evidence log compared\n");
        assertThat(outcome.err()).contains("trusted  first use of " + registry.url() + ": its own word for the keys");
        JsonNode cursor = cursor();
        assertThat(cursor.get("size").asLong()).isEqualTo(7);
        assertThat(cursor.get("mapRoot").asString())
                .isEqualTo(Ledger.worked().map().root().toString());
        assertThat(cursor.get("evidenceSize").asLong()).isEqualTo(1);
    }

    @Test
    void aRegistryThatGrowsIsFollowedFromTheCursor() {
        for (int size = 1; size <= 7; size++) {
            registry.ledger = Ledger.worked().first(size);
            assertThat(fine().out()).contains("checked  " + size + " record").contains(", 1 new; 1 claim ");
        }
        registry.requests.clear();
        assertThat(fine().out()).contains("checked  7 records").contains("none new; 0 claims");
        assertThat(registry.requests)
                .as("nothing is read again")
                .noneMatch(request -> request.contains("records/") || request.contains("tile/"));
    }

    @Test
    void manyRecordsInManyBundlesAreFollowed() {
        registry.ledger = Ledgers.large(600);
        assertThat(fine().out()).contains("checked  600 records").contains("600 new");
        assertThat(registry.requests).contains("GET records/000", "GET records/001", "GET records/002.p/88");
        release(PackageName.parse("test:p5"), "7.7.7");
        registry.requests.clear();
        assertThat(fine().out()).contains("checked  601 records").contains(", 1 new");
        assertThat(registry.requests)
                .contains("GET records/002.p/89")
                .doesNotContain("GET records/000", "GET records/001");
    }

    /** C2SP: a partial tile may go once the full one exists. */
    @Test
    void aPartThatIsGoneIsTakenFromTheWhole() {
        registry.ledger = Ledgers.large(300);
        Ledger early = registry.ledger.first(200);
        registry.lie(
                TreePaths.LOG_CHECKPOINT,
                answer -> FakeTree.text(registry.tree.logNote(early).format()));
        registry.lie(
                WargPaths.FETCH_CHECKPOINT,
                answer -> FakeRegistry.Answer.ok(dev.lair.registry.warg.WargBodies.CheckpointBody.of(
                        early.signed(Vectors.ALICE, FakeRegistry.EPOCH_SECONDS))));
        registry.lie("records/000.p/", answer -> FakeRegistry.Answer.error(WargError.message(404, "gone")));
        registry.lie("log/tile/entries/000.p/", answer -> FakeRegistry.Answer.error(WargError.message(404, "gone")));
        registry.tree.published(early);
        assertThat(fine().out()).contains("checked  200 records");
    }

    @Test
    void ownersAreToldWhatConcernsThem() {
        registry.ledger = registry.ledger.first(6);
        LairRun.Outcome outcome = fine("--owner", "test:component", "--json");
        List<JsonNode> lines = lines(outcome);
        assertThat(lines.stream().map(line -> line.get("event").asString()))
                .containsExactly("operator-started", "namespace", "started", "release", "grant", "release", "checked");
        JsonNode release = lines.get(3);
        assertThat(release.get("log").asString()).isEqualTo("test:component");
        assertThat(release.get("owners").get(0).asString()).isEqualTo("test:component");
        assertThat(release.get("leafIndex").asLong()).isEqualTo(1);
        assertThat(release.get("version").asString()).isEqualTo("0.1.0");
        assertThat(release.get("digest").asString()).isEqualTo(DIGEST.toString());
        assertThat(release.get("signer").asString())
                .isEqualTo(Vectors.BOB.keyId().toString());
        assertThat(registry.requests).as("no name is asked for").noneMatch(request -> request.contains("names"));
        registry.ledger = Ledger.worked();
        assertThat(fine("--owner", "test:component").out()).doesNotContain("release");
    }

    @Test
    void eachKindOfEntryIsToldOnceAndInWords() {
        fine();
        start(PackageName.parse("other:thing"));
        release(COMPONENT, "3.0.0");
        registry.ledger = registry.ledger
                .plus(
                        COMPONENT,
                        LATER,
                        Vectors.BOB,
                        new PackageEntry.Grant(Vectors.ALICE.publicKey(), List.of(PackagePermission.YANK)),
                        new PackageEntry.Yank(SemVer.parse("3.0.0")),
                        new PackageEntry.Revoke(Vectors.ALICE.keyId(), List.of(PackagePermission.YANK)))
                .plus(
                        LATER,
                        Vectors.ALICE,
                        new OperatorEntry.Grant(Vectors.BOB.publicKey(), List.of(OperatorPermission.COMMIT)),
                        new OperatorEntry.Revoke(Vectors.BOB.keyId(), List.of(OperatorPermission.COMMIT)),
                        new OperatorEntry.DefineNamespace("other-one"),
                        new OperatorEntry.ImportNamespace("elsewhere", "registry.example"));
        assertThat(fine("--owner", "test", "--owner", "elsewhere").out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("release  test:component: released 3.0.0 with content sha256:24eaf343")
                                .endsWith("(leaf 8, 2023-11-14T22:28:20Z, signed by key " + Vectors.BOB.keyId()
                                        + ", for test)"),
                        line -> assertThat(line)
                                .startsWith("grant  test:component: key " + Vectors.ALICE.keyId() + " may now yank"),
                        line -> assertThat(line).startsWith("yank  test:component: yanked 3.0.0 "),
                        line -> assertThat(line)
                                .startsWith(
                                        "revoke  test:component: key " + Vectors.ALICE.keyId() + " may no longer yank"),
                        line -> assertThat(line)
                                .startsWith(
                                        "operator-grant  operator log: key " + Vectors.BOB.keyId() + " may now commit")
                                .contains("for test, elsewhere)"),
                        line -> assertThat(line).startsWith("operator-revoke  ").contains("for test, elsewhere)"),
                        line -> assertThat(line)
                                .startsWith("namespace-import  operator log: namespace elsewhere now lives on"
                                        + " registry.example"),
                        line -> assertThat(line).startsWith("checked  11 records"));
        assertThat(fine("--owner", "test", "--owner", "elsewhere").out()).doesNotContain("release");
    }

    @Test
    void whoHoldsAKeyIsToldWhatOthersDoWhereItIsKnown() {
        fine();
        PackageName shared = PackageName.parse("test:shared");
        registry.ledger = registry.ledger
                .plus(
                        shared,
                        LATER,
                        Vectors.ALICE,
                        new PackageEntry.Init(Vectors.ALICE.publicKey()),
                        new PackageEntry.Grant(Vectors.BOB.publicKey(), List.of(PackagePermission.RELEASE)))
                .plus(shared, LATER, Vectors.ALICE, new PackageEntry.Release(SemVer.parse("1.0.0"), DIGEST))
                .plus(
                        PackageName.parse("test:alone"),
                        LATER,
                        Vectors.ALICE,
                        new PackageEntry.Init(Vectors.ALICE.publicKey()));
        assertThat(fine("--owner", Vectors.BOB.keyId().toString()).out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("started  test:shared: "),
                        line -> assertThat(line)
                                .startsWith("grant  test:shared: key " + Vectors.BOB.keyId() + " may now release"),
                        line -> assertThat(line).startsWith("release  test:shared: released 1.0.0"),
                        line -> assertThat(line).startsWith("checked "));
    }

    @Test
    void namesThatAreNotToldAreSaidToBeMissing() {
        registry.lie(
                WargPaths.FETCH_NAMES,
                answer -> FakeTree.text(
                        new String(answer.body(), StandardCharsets.UTF_8).replaceAll(":\"test:[a-z]*\"", ":null")));
        LairRun.Outcome outcome = fine("--owner", "test");
        assertThat(outcome.out()).doesNotContain("release");
        assertThat(outcome.err()).contains("warning: the registry does not tell the name of 2 package logs that grew");
    }

    @Test
    void aWrongNameIsFoundOut() {
        registry.lie(
                WargPaths.FETCH_NAMES,
                answer -> FakeTree.text(
                        new String(answer.body(), StandardCharsets.UTF_8).replace("test:yankee", "test:other")));
        LairRun.Outcome outcome = monitor("--owner", "test");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("`test:other`, which is another log");
        assertThat(outcome.out()).as("nobody is told before it is proven").isEmpty();
    }

    @Test
    void whatIsNoOwnerIsWrongUsage() {
        for (String wrong : List.of("sha256:12", "Test", "a:b:c", "")) {
            LairRun.Outcome outcome = monitor("--owner", wrong);
            assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(2);
            assertThat(outcome.err()).contains("is no owner: write a key id");
        }
    }

    @Test
    void aPolicyIsDemandedOfBothLogs() throws IOException {
        Files.writeString(folder.resolve("policy"), registry.tree.policy(2).format());
        assertThat(fine("--policy", "policy").out()).contains("checked  7 records");
        registry.lie(TreePaths.EVIDENCE_CHECKPOINT, answer -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return FakeTree.text(text.substring(0, text.indexOf("\u2014 witness.example/w2")));
        });
        LairRun.Outcome outcome = monitor("--policy", "policy");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("checkpoint of /evidence has no quorum")
                .contains("cosigned by `w1`");
        assertThat(monitor().exitCode())
                .as("without the policy the log's own keys are enough")
                .isZero();
    }

    @Test
    void aPolicyWithoutTheEvidenceLogTakesItsKeysOnFirstUse() throws IOException {
        var policy = registry.tree.policy(2);
        Files.writeString(
                folder.resolve("policy"),
                new dev.lair.signing.note.WitnessPolicy(policy.logs().subList(0, 2), policy.voters(), "most").format());
        assertThat(fine("--policy", "policy").out()).contains("checked  7 records");
        Files.writeString(
                folder.resolve("policy"),
                new dev.lair.signing.note.WitnessPolicy(policy.logs().subList(2, 4), policy.voters(), "most").format());
        LairRun.Outcome outcome = monitor("--policy", "policy");
        assertThat(outcome.exitCode()).as("the log itself must be the policy's").isEqualTo(3);
    }

    @Test
    void oldCosignaturesAreStaleAndTheCursorStays() throws IOException {
        Files.writeString(folder.resolve("policy"), registry.tree.policy(2).format());
        registry.ledger = Ledger.worked().first(5);
        fine("--policy", "policy");
        registry.ledger = Ledger.worked();
        registry.tree.witnesses.forEach(witness -> witness.epochSeconds = 1_700_001_000L - 86_401);
        LairRun.Outcome outcome = monitor("--policy", "policy");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(8);
        assertThat(outcome.err()).contains("checkpoint of /log is too old");
        assertThat(cursor().get("size").asLong()).isEqualTo(5);
        assertThat(monitor("--policy", "policy", "--max-age", "2d").exitCode()).isZero();
    }

    @Test
    void anUnreachableRegistryIsFiveAndTheCursorStays() {
        fine();
        registry.lie("", answer -> FakeRegistry.Answer.error(WargError.message(503, "later")));
        assertThat(monitor().exitCode()).isEqualTo(5);
        assertThat(cursor().get("size").asLong()).isEqualTo(7);
    }

    @Test
    void aFailureOnTheWayLeavesTheCursorWhereEverythingWasChecked() {
        registry.ledger = Ledger.worked().first(5);
        fine();
        registry.ledger = Ledger.worked();
        registry.lie("records/", answer -> FakeRegistry.Answer.error(WargError.message(500, "broken")));
        LairRun.Outcome outcome = monitor("--owner", "test:component");
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.out()).isEmpty();
        assertThat(cursor().get("size").asLong()).isEqualTo(5);
        registry.honest();
        assertThat(fine("--owner", "test:component").out())
                .contains("checked  7 records")
                .contains(", 2 new");
    }

    @Test
    void twoMonitorsDoNotShareACursor() throws IOException {
        fine();
        Path lock;
        try (Stream<Path> files = Files.walk(lair.home())) {
            lock = files.filter(path -> path.endsWith("monitor/lock"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            LairRun.Outcome outcome = monitor();
            assertThat(outcome.exitCode()).isEqualTo(7);
            assertThat(outcome.err()).contains("another `lair monitor` follows " + registry.url());
        }
    }

    @Test
    void aDamagedCursorIsALocalFaultAndRestartIsTheWayOut() throws IOException {
        fine();
        try (Stream<Path> files = Files.walk(lair.home())) {
            Files.writeString(
                    files.filter(path -> path.endsWith("cursor.json"))
                            .findFirst()
                            .orElseThrow(),
                    "{}");
        }
        LairRun.Outcome outcome = monitor();
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(7);
        assertThat(outcome.err()).contains("is damaged").contains("lair monitor --restart");
        assertThat(fine("--restart").out()).contains("7 new");
    }

    @Test
    void goingOnForEverTellsTroubleAndComesBack() {
        lair.pauseLimit = 4;
        int[] round = {0};
        registry.lie("log/checkpoint", answer -> switch (round[0]++) {
            case 1, 2 -> FakeRegistry.Answer.error(WargError.message(503, "restarting"));
            default -> answer;
        });
        registry.ledger = Ledger.worked().first(5);
        LairRun.Outcome outcome = monitor("--every", "30s", "--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(lines(outcome).stream()
                        .map(line -> line.has("event")
                                ? line.get("event").asString()
                                : line.get("kind").asString()))
                .containsExactly("checked", "unreachable", "unreachable", "checked");
        assertThat(lair.pauses).containsOnly(Duration.ofSeconds(30)).hasSize(4);
    }

    @Test
    void jsonOfARoundNamesBothRoots() {
        JsonNode checked = lines(fine("--json")).getLast();
        assertThat(checked.get("event").asString()).isEqualTo("checked");
        assertThat(checked.get("logRoot").asString())
                .isEqualTo(Ledger.worked().checkpoint().logRoot().toString());
        assertThat(checked.get("mapRoot").asString())
                .isEqualTo(Ledger.worked().checkpoint().mapRoot().toString());
        assertThat(new ArrayList<>(checked.propertyNames())).contains("size", "newRecords", "evidenceSize", "time");
        assertThat(Map.of("registry", checked.get("registry").asString())).containsValue(registry.url());
    }
}
