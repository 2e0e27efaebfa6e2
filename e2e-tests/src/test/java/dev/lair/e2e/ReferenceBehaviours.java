package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.model.FetchNamesRequest;
import dev.lair.openapi.warg.model.LedgerSource;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.PublishedRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.Release;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The behaviours that the reference server's own tests fix (warg protocol, section 6), over the built jar: operator key
 * alice, publisher bob, namespace {@code test}. The first four run in order on a registry nobody used before, because they
 * count its records. {@link #guarded} is a second registry with authorized keys and a content URL of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ReferenceBehaviours {

    /** From the reference's {@code test_invalid_signature}: well-formed, and of nothing here. */
    private static final String BAD_SIGNATURE =
            "ecdsa-p256:MEUCIQCzWZBW6ux9LecP66Y+hjmLZTP/hZVz7puzlPTXcRT2wwIgQZO7nxP0nugtw18MwHZ26ROFWcJmgCtKOguK031Y1D0=";

    private static final PackageName COMPONENT = PackageName.parse("test:component");

    private final Processes processes = new Processes();
    private final PackageAuthor component = new PackageAuthor(Keys.BOB, COMPONENT.toString());
    private final PrivateKey stranger = Keys.fresh();
    private Path work;
    private ServerProcess server;
    private ServerProcess guardedServer;

    /** The backend, as {@code --storage} names it. */
    abstract String storage();

    /** Starts the main registry; again on the same folder after it ended. */
    final ServerProcess startOpen() throws Exception {
        return ServerProcess.in(work)
                .storage(storage())
                .namespace("test")
                .operatorKey(Keys.ALICE)
                .set("lair.ledger.checkpoint-interval", "100ms")
                // Three of the components of other tools need them.
                .set("lair.publish.features", "async-stackful,more-async-builtins")
                .start(processes);
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        work = folder;
        server = startOpen();
        Path authorized = work.resolve("authorized-keys");
        Files.writeString(
                authorized,
                "# bob owns the namespace, somebody else one package in it\n"
                        + "test " + Keys.BOB.keyId() + "\n"
                        + "test:unauthorized-key " + stranger.keyId() + "\n"
                        + "test:unknown-key " + stranger.keyId() + "\n");
        guardedServer = ServerProcess.in(work)
                .data(work.resolve("guarded"))
                .storage(storage())
                .namespace("test")
                .operatorKey(Keys.ALICE)
                .set("lair.authorized-keys-file", authorized.toString())
                .set("lair.content-url", "https://example.com")
                .start(processes);
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    final Processes processes() {
        return processes;
    }

    final ServerProcess server() {
        return server;
    }

    final void replaceServer(ServerProcess next) {
        server = next;
    }

    final Registry registry() {
        return server.registry();
    }

    @Test
    @Order(1)
    void initialCheckpointHasOneRecordAndAValidSignatureByTheOperator() throws Exception {
        SignedCheckpoint checkpoint = registry().checkpoint();

        assertThat(checkpoint.contents().checkpoint().logLength()).isEqualTo(1);
        assertThat(checkpoint.keyId()).isEqualTo(Keys.ALICE.keyId());
        assertThat(checkpoint.verify(Keys.ALICE.publicKey(), EcdsaP256.INSTANCE))
                .isTrue();
        assertThat(Audit.of(registry()).operator().namespaces()).containsOnlyKeys("test");
    }

    @Test
    @Order(2)
    void publishedComponentIsDownloadedWithTheSameBytes() throws Exception {
        byte[] bytes = Files.readAllBytes(Checkout.greeter());

        long leaf = registry().publish(COMPONENT, component.release("0.1.0", bytes), bytes);

        assertThat(leaf).isEqualTo(1);
        Audit audit = Audit.of(registry());
        assertThat(audit.checkpoint().logLength()).isEqualTo(2);
        Release latest = audit.packageLog(COMPONENT).latest().orElseThrow();
        assertThat(latest.version()).isEqualTo(SemVer.parse("0.1.0"));
        assertThat(registry().download(latest.content())).isEqualTo(bytes);
    }

    @Test
    @Order(3)
    void namesOfPublishedLogsAreFetched() throws Exception {
        Map<String, String> names = registry()
                .api()
                .fetchNames(new FetchNamesRequest()
                        .addPackagesItem(COMPONENT.logId().toString()))
                .getPackages();

        assertThat(names).isEqualTo(Map.of(COMPONENT.logId().toString(), "test:component"));
    }

    @Test
    @Order(4)
    void afterAYankThereIsNothingToDownload() throws Exception {
        long leaf = registry().publish(COMPONENT, component.yank("0.1.0"));

        assertThat(leaf).isEqualTo(2);
        Audit audit = Audit.of(registry());
        assertThat(audit.checkpoint().logLength()).isEqualTo(3);
        PackageLog.State log = audit.packageLog(COMPONENT);
        assertThat(log.latest()).isEmpty();
        assertThat(log.release(SemVer.parse("0.1.0")).orElseThrow().yanked()).isTrue();
    }

    @Test
    void witPackageIsPublished() throws Exception {
        PackageAuthor wit = new PackageAuthor(Keys.BOB, "test:wit-sample");
        // A WIT package goes under the name that it gives itself; this one has the same length.
        byte[] bytes = new String(Files.readAllBytes(Checkout.greeterWit()), StandardCharsets.ISO_8859_1)
                .replace("example:greeter", "test:wit-sample")
                .getBytes(StandardCharsets.ISO_8859_1);

        registry().publish(wit.name(), wit.release("0.1.0", bytes), bytes);

        Release latest = Audit.of(registry()).packageLog(wit.name()).latest().orElseThrow();
        assertThat(registry().download(latest.content())).isEqualTo(bytes);
    }

    @Test
    void componentsOfOtherToolsArePublishedAndDownloaded() throws Exception {
        List<Path> files = Checkout.realComponents();
        assertThat(files).isNotEmpty();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:corpus");
        // They have nothing to do with each other, so each gets a version track of its own.
        int major = 1;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            registry().publish(author.name(), author.release(major++ + ".0.0", bytes), bytes);
        }

        List<Release> releases = Audit.of(registry()).packageLog(author.name()).releases();
        assertThat(releases).hasSameSizeAs(files);
        for (int i = 0; i < files.size(); i++) {
            assertThat(registry().download(releases.get(i).content())).isEqualTo(Files.readAllBytes(files.get(i)));
        }
    }

    @Test
    void emptyContentIsRejectedAtTheUploadAndTheRecordWithIt() throws Exception {
        Registry.State before = registry().state();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:empty-content");
        byte[] nothing = {};
        SignedPackageRecord record = author.release("0.1.0", nothing);
        PackageRecord sourcing = registry().submit(author.name(), record);

        HttpReply upload = registry().upload(sourcing, nothing);

        assertThat(upload.errorMessage(upload.status()))
                .isEqualTo("content is not valid WebAssembly: unexpected end-of-file (at offset 0x0)");
        assertThat(upload.status()).isBetween(400, 499);
        PackageRecord rejected = registry().status(author.name(), record);
        assertThat(rejected.getState()).isEqualTo(RecordState.REJECTED);
        assertThat(rejected.getReason())
                .isEqualTo(
                        "content with digest `" + Digest.of(nothing) + "` was rejected by policy: content is not valid"
                                + " WebAssembly: unexpected end-of-file (at offset 0x0)");
        assertThat(registry().state()).isEqualTo(before);
    }

    @Test
    void unauthorizedKeyIsRefusedByName() throws Exception {
        Registry guarded = guardedServer.registry();
        Registry.State before = guarded.state();
        PackageAuthor author = new PackageAuthor(Keys.ALICE, "test:unauthorized-key");

        ApiException refused = refusal(
                guarded,
                author.name(),
                author.release("0.1.0", Wasm.module("u")).envelope());

        assertThat(refused.getCode()).isEqualTo(401);
        assertThat(refused.getResponseBody()).contains("not authorized to publish to package `test:unauthorized-key`");
        assertThat(guarded.state()).isEqualTo(before);
    }

    @Test
    void unknownKeyIsRefused() throws Exception {
        Registry guarded = guardedServer.registry();
        PackageAuthor bob = new PackageAuthor(Keys.BOB, "test:unknown-key");
        byte[] bytes = Wasm.module("unknown key");
        guarded.publish(bob.name(), bob.release("0.1.0", bytes), bytes);
        Registry.State before = guarded.state();
        SignedPackageRecord byStranger = PackageAuthor.draft(
                bob.state().head().orElseThrow().recordId(),
                List.of(new PackageEntry.Yank(SemVer.parse("0.1.0"))),
                stranger);

        ApiException refused = refusal(guarded, bob.name(), byStranger.envelope());

        assertThat(refused.getCode()).isEqualTo(401);
        assertThat(refused.getResponseBody()).contains("unknown key id");
        assertThat(guarded.state()).isEqualTo(before);
    }

    @Test
    void badSignatureIsRefused() throws Exception {
        Registry.State before = registry().state();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:bad-signature");
        SignedRecord good = author.release("0.1.0", Wasm.module("b")).envelope();

        ApiException refused = refusal(
                registry(),
                author.name(),
                new SignedRecord(good.contentBytes(), good.keyId(), Signature.parse(BAD_SIGNATURE)));

        assertThat(refused.getCode()).isEqualTo(401);
        assertThat(refused.getResponseBody()).contains("verification failed");
        assertThat(registry().state()).isEqualTo(before);
    }

    @Test
    void contentUrlHasTheConfiguredBase() throws Exception {
        Registry guarded = guardedServer.registry();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:custom-content-url");
        byte[] bytes = Files.readAllBytes(Checkout.greeter());
        guarded.publish(author.name(), author.release("0.1.0", bytes), bytes);

        assertThat(guarded.contentUrl(Digest.of(bytes)))
                .isEqualTo(
                        "https://example.com/content/sha256-" + Digest.of(bytes).hex());
    }

    @Test
    void ledgerIsOneSourceOfSixtyFourBytesPerRecord() throws Exception {
        long length = registry().length();

        List<LedgerSource> sources = registry().api().getLedgerSources().getSources();

        assertThat(sources).hasSize(1);
        LedgerSource source = sources.getFirst();
        assertThat(source.getFirstRegistryIndex()).isZero();
        assertThat(source.getLastRegistryIndex()).isEqualTo(length - 1);
        HttpReply page = registry().get(source.getUrl());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.contentType()).isEqualTo("application/vnd.warg.ledger.packed");
        assertThat(page.body()).hasSize(Math.toIntExact(64 * length));
    }

    @Test
    void tenReleasesAreTakenBeforeOneIsPublishedAndKeepTheirOrder() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:pipelined");
        List<SignedPackageRecord> records = new ArrayList<>();
        List<PackageRecord> answers = new ArrayList<>();
        records.add(author.record());
        registry().submit(author.name(), records.getFirst());
        for (int i = 0; i < 10; i++) {
            SignedPackageRecord record = author.release("0." + i + ".0", Wasm.module("pipelined " + i));
            records.add(record);
            answers.add(registry().submit(author.name(), record));
        }
        // The last content first: none but the last to arrive can go on by itself.
        for (int i = 9; i >= 0; i--) {
            HttpReply upload = registry().upload(answers.get(i), Wasm.module("pipelined " + i));
            assertThat(upload.status()).as(upload.toString()).isEqualTo(201);
        }

        List<Long> leaves = new ArrayList<>();
        for (SignedPackageRecord record : records) {
            leaves.add(registry().published(author.name(), record));
        }

        assertThat(leaves).isSorted().doesNotHaveDuplicates();
        assertThat(Audit.of(registry()).packageLog(author.name()).releases()).hasSize(10);
    }

    @Test
    void aClientThatLostItsCacheFetchesTheSameLogsFromScratch() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:refetched");
        LogId log = author.name().logId();
        List<PublishedRecord> inSteps = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] bytes = Wasm.module("refetched " + i);
            registry().publish(author.name(), author.release("1.0." + i, bytes), bytes);
            Map<LogId, String> after =
                    inSteps.isEmpty() ? Map.of() : Map.of(log, inSteps.getLast().getFetchToken());
            inSteps.addAll(
                    registry().logs(registry().length(), List.of(log), after).of(log));
        }

        List<PublishedRecord> fromScratch =
                registry().logs(registry().length(), List.of(log)).of(log);

        assertThat(inSteps).hasSize(3).isEqualTo(fromScratch);
    }

    @Test
    void updateOfAnEmptyCacheFetchesTheOperatorLogAlone() throws Exception {
        Registry.Logs logs = registry().logs(registry().length(), List.of());

        assertThat(logs.operator()).hasSize(1);
        assertThat(logs.packages()).isEmpty();
    }

    private static ApiException refusal(Registry registry, PackageName name, SignedRecord record) {
        ApiException refused = catchThrowableOfType(ApiException.class, () -> registry.submit(name, record));
        if (refused == null) {
            throw new AssertionError("the registry took record of " + name);
        }
        return refused;
    }
}
