package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.api.TokenText;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.KeyFile;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair publish} without an own key, and the grant that it may need. */
class TokenPublishTest {

    private static final Instant FOUNDED = Instant.ofEpochSecond(1_700_000_000L);
    private static final PackageName NAME = PackageName.parse("test:hello");
    private static final byte[] CONTENT = "\0asm\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] OTHER = "\0asm\1\0\0\0\0\1\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final String IDENTITY = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl";
    private static final String VERSION = "api/v1/packages/test/hello/versions/1.0.0";
    private static final String STATUS = VERSION + "/publish-status/rel_1";
    private static final String EXCHANGE = "api/v1/trusted-publishing/token";

    /** The key that the registry holds for the package. */
    private final PrivateKey packageKey = PrivateKey.generate(new SecureRandom());

    private final String secret =
            TokenText.generate(TokenText.Kind.PAT, new SecureRandom()).secret();
    private final String trusted =
            TokenText.generate(TokenText.Kind.TP, new SecureRandom()).secret();

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;
    private byte[] released = CONTENT;
    private byte[] received = new byte[0];
    private int polls;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry(Ledger.founded(Vectors.ALICE, FOUNDED, new OperatorEntry.DefineNamespace("test")));
        lair = new LairRun(folder).registry(registry);
        lair.variables.put("LAIR_TOKEN", secret);
        Files.write(folder.resolve("hello.wasm"), CONTENT);
        registry.on("POST " + VERSION, asked -> {
            received = asked.body();
            return state("processing", null, null);
        });
        registry.on("GET " + STATUS, asked -> polls++ == 0 ? state("processing", null, null) : published());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private FakeRegistry.Answer state(String state, @Nullable String recordId, @Nullable Long leaf) {
        return FakeRegistry.Answer.api(
                202,
                new PublishDocuments.Release(
                        "test:hello",
                        "1.0.0",
                        state,
                        registry.url() + "/" + STATUS,
                        recordId,
                        Digest.of(CONTENT).toString(),
                        leaf,
                        null));
    }

    private FakeRegistry.Answer published() {
        registry.content(received);
        registry.ledger = registry.ledger.plus(
                NAME,
                FOUNDED.plusSeconds(1),
                packageKey,
                new PackageEntry.Init(packageKey.publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), Digest.of(released)));
        return state(
                "published", registry.ledger.entries().getLast().id().toString(), (long) registry.ledger.size() - 1);
    }

    private LairRun.Outcome publish(String... more) {
        List<String> all =
                new ArrayList<>(List.of("publish", "hello.wasm", "--package", "test:hello", "--version", "1.0.0"));
        all.addAll(List.of(more));
        LairRun.Outcome outcome = lair.run(all.toArray(String[]::new));
        assertThat(outcome.all()).doesNotContain(secret).doesNotContain(trusted).doesNotContain(IDENTITY);
        return outcome;
    }

    private FakeRegistry.Asked asked(String path) {
        return registry.asked.stream()
                .filter(one -> one.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTokenPublishesThroughTheDoorAndTheLogIsBelievedInsteadOfTheAnswer() {
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("publishing by $LAIR_TOKEN; --own-key signs with your own key");
        assertThat(outcome.out())
                .isEqualTo("published  test:hello 1.0.0 (first record of a new package log)\nrecord     "
                        + registry.ledger.entries().getLast().id()
                        + "\nleaf       1\ncheckpoint 2 records, verified\n");
        FakeRegistry.Asked sent = asked(VERSION);
        assertThat(sent.header("Authorization")).isEqualTo("Bearer " + secret);
        assertThat(sent.header("Content-digest")).isEqualTo(DigestField.format(Digest.of(CONTENT)));
        assertThat(sent.header("Content-type")).isEqualTo("application/wasm");
        assertThat(sent.header("Idempotency-key")).matches("[0-9a-f]{32}");
        assertThat(received).isEqualTo(CONTENT);
        assertThat(registry.requests)
                .containsSubsequence(
                        "GET " + STATUS, "GET v1/fetch/checkpoint", "GET v1/content/" + Digest.of(CONTENT));
    }

    @Test
    void theOwnKeyDecidesWhenItIsAskedFor() throws Exception {
        Files.createDirectories(lair.home().resolve("keys"));
        KeyFile.create(lair.home().resolve("keys/default.key"), Vectors.BOB);
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        LairRun.Outcome outcome = publish("--own-key");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("publishing with your own key `default`");
        assertThat(registry.requests).noneMatch(request -> request.contains("api/v1"));
        assertThat(publish("--key", "default").err()).contains("publishing with your own key `default`");
        LairRun.Outcome readme = publish("--own-key", "--readme", "hello.wasm");
        assertThat(readme.exitCode()).isEqualTo(2);
    }

    @Test
    void theIdentityOfAJobIsExchangedOnceBoundToTheContentAndRevoked() {
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        registry.on("POST " + EXCHANGE, asked -> {
            assertThat(asked.header("Authorization")).isEmpty();
            assertThat(asked.text())
                    .isEqualTo("{\"token\":\"" + IDENTITY + "\",\"packages\":[\"test:hello\"],\"action\":\"publish\","
                            + "\"content\":[\"" + Digest.of(CONTENT) + "\"]}");
            return granted(Digest.of(CONTENT));
        });
        registry.on("DELETE " + EXCHANGE, asked -> FakeRegistry.Answer.done());
        LairRun.Outcome outcome = publish("--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.err()).contains("publishing by the identity of this job ($LAIR_ID_TOKEN)");
        assertThat(asked(VERSION).header("Authorization")).isEqualTo("Bearer " + trusted);
        assertThat(registry.asked.getLast().path()).isEqualTo(EXCHANGE);
        assertThat(registry.asked.getLast().header("Authorization")).isEqualTo("Bearer " + trusted);
        assertThat(registry.requests).containsOnlyOnce("POST " + EXCHANGE);
    }

    private FakeRegistry.Answer granted(Digest content) {
        return FakeRegistry.Answer.api(
                200, Map.of("token", trusted, "contents", List.of(content.toString()), "publisher", "pub_1"));
    }

    @Test
    void aTokenThatIsGoodForOtherContentIsRevokedAndNotUsed() {
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        registry.on("POST " + EXCHANGE, asked -> granted(Digest.of(OTHER)));
        registry.on("DELETE " + EXCHANGE, asked -> FakeRegistry.Answer.done());
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(registry.requests).doesNotContain("POST " + VERSION).contains("DELETE " + EXCHANGE);
    }

    @Test
    void anIdentityThatIsRefusedEndsWithTheFieldThatDiffersAndFallsBackToNothing() {
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        registry.on(
                "POST " + EXCHANGE,
                asked -> FakeRegistry.Answer.problem(
                        Problem.Kind.FORBIDDEN, "environment is none, the publisher has release; " + IDENTITY));
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .contains(
                        "refused to take the identity of this job (403): environment is none, the publisher has release");
        assertThat(registry.requests).doesNotContain("POST " + VERSION);
    }

    @Test
    void aRejectionEndsWithReasonAndHintAndTheTokenOfTheJobIsRevoked() {
        lair.variables.put("LAIR_ID_TOKEN", IDENTITY);
        registry.on("POST " + EXCHANGE, asked -> granted(Digest.of(CONTENT)));
        registry.on("DELETE " + EXCHANGE, asked -> FakeRegistry.Answer.done());
        registry.on(
                "GET " + STATUS,
                asked -> FakeRegistry.Answer.api(
                        200,
                        new PublishDocuments.Release(
                                "test:hello",
                                "1.0.0",
                                "rejected",
                                registry.url() + "/" + STATUS,
                                null,
                                Digest.of(CONTENT).toString(),
                                null,
                                new PublishDocuments.Rejection("no valid WebAssembly", "mend it"))));
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err())
                .contains("rejected `test:hello` 1.0.0: no valid WebAssembly")
                .contains("hint: mend it");
        assertThat(registry.requests).contains("DELETE " + EXCHANGE);
    }

    @Test
    void aRegistryThatIsBusyIsAskedAgainAfterItsRetryAfterWithTheSameKey() {
        int[] posts = {0};
        registry.on("POST " + VERSION, asked -> {
            received = asked.body();
            return posts[0]++ == 0
                    ? FakeRegistry.Answer.problem(Problem.Kind.BUSY, "later").with("Retry-After", "7")
                    : state("processing", null, null);
        });
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(lair.pauses.getFirst()).isEqualTo(Duration.ofSeconds(7));
        assertThat(registry.asked.stream()
                        .filter(one -> one.path().equals(VERSION))
                        .map(one -> one.header("Idempotency-key"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void waitingEndsWithTheTimeout() {
        registry.on("GET " + STATUS, asked -> state("processing", null, null));
        LairRun.Outcome outcome = publish("--timeout", "10");
        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("is still being processed after 10 s");
        assertThat(lair.pauses.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(10_000);
    }

    @Test
    void aLogThatHasOtherContentThanWasSentIsFoundOut() {
        released = OTHER;
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("is released as " + Digest.of(OTHER) + ", but " + Digest.of(CONTENT));
    }

    @Test
    void contentThatIsServedOtherwiseIsFoundOut() {
        registry.lie("content/", answer -> new FakeRegistry.Answer(answer.status(), OTHER, answer.headers()));
        LairRun.Outcome outcome = publish();
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("serves other bytes")
                .contains(Digest.of(OTHER).toString());
    }

    @Test
    void anAddressElsewhereGetsNoToken() {
        try (FakeRegistry other = new FakeRegistry(registry.ledger)) {
            registry.on(
                    "POST " + VERSION,
                    asked -> FakeRegistry.Answer.api(
                            202,
                            new PublishDocuments.Release(
                                    "test:hello",
                                    "1.0.0",
                                    "processing",
                                    other.url() + "/status",
                                    null,
                                    "",
                                    null,
                                    null)));
            LairRun.Outcome outcome = publish();
            assertThat(outcome.exitCode()).isEqualTo(4);
            assertThat(outcome.err()).contains("a token goes nowhere else");
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void aReadmeGoesByAnUploadSession() throws Exception {
        Files.writeString(folder.resolve("README.md"), "# Hello\n");
        String session = VERSION + "/uploads/up_1";
        registry.on(
                "POST " + VERSION + "/uploads",
                asked -> FakeRegistry.Answer.api(
                        201, new PublishDocuments.Upload(registry.url() + "/" + session, "2026-01-01T00:00:00Z")));
        registry.on("PUT " + session + "/content", asked -> {
            received = asked.body();
            return FakeRegistry.Answer.done();
        });
        registry.on("PUT " + session + "/readme", asked -> FakeRegistry.Answer.done());
        registry.on("POST " + session + "/publish", asked -> state("processing", null, null));
        LairRun.Outcome outcome = publish("--readme", "README.md");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        FakeRegistry.Asked readme = asked(session + "/readme");
        assertThat(readme.text()).isEqualTo("# Hello\n");
        assertThat(readme.header("Content-digest"))
                .isEqualTo(DigestField.format(Digest.of("# Hello\n".getBytes(StandardCharsets.UTF_8))));
        assertThat(registry.requests).doesNotContain("POST " + VERSION);
    }

    @Test
    void anOwnKeyGrantsTheRegistrysKeyReleaseAndNoMore() throws Exception {
        lair.variables.remove("LAIR_TOKEN");
        Files.createDirectories(lair.home().resolve("keys"));
        KeyFile.create(lair.home().resolve("keys/default.key"), Vectors.BOB);
        assertThat(publish().exitCode()).isZero();
        String custody = "GET api/v1/packages/test/hello/custody";
        registry.on(custody, asked -> custody("none", packageKey));
        LairRun.Outcome outcome = lair.run("key", "grant-registry", "test:hello");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(SignedPackageRecord.decode(
                                registry.ledger.entries().getLast().signed())
                        .contents()
                        .entries())
                .containsExactly(new PackageEntry.Grant(packageKey.publicKey(), List.of(PackagePermission.RELEASE)));
        int size = registry.ledger.size();
        registry.on(custody, asked -> custody("granted", packageKey));
        assertThat(lair.run("key", "grant-registry", "test:hello").out()).startsWith("unchanged  test:hello");
        registry.on(
                custody,
                asked -> FakeRegistry.Answer.api(
                        200,
                        new PublishDocuments.Custody(
                                packageKey.publicKey().text(),
                                Vectors.BOB.publicKey().keyId().toString(),
                                "none")));
        assertThat(lair.run("key", "grant-registry", "test:hello").exitCode()).isEqualTo(3);
        assertThat(registry.ledger.size()).isEqualTo(size);
    }

    private static FakeRegistry.Answer custody(String state, PrivateKey key) {
        return FakeRegistry.Answer.api(
                200,
                new PublishDocuments.Custody(
                        key.publicKey().text(), key.publicKey().keyId().toString(), state));
    }
}
