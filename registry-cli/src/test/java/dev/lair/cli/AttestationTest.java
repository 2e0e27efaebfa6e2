package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.StrictBase64;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair pull --verify} and {@code lair verify}: an attestation is believed only when all of it holds. */
class AttestationTest {

    private static final Instant FOUNDED = Instant.ofEpochSecond(1_700_000_000L);
    private static final PackageName NAME = PackageName.parse("test:hello");
    private static final SemVer VERSION = SemVer.parse("1.0.0");
    private static final Digest CONTENT = Digest.of(Vectors.CONTENT);
    private static final String PATH = "GET api/v1/packages/test/hello/versions/1.0.0/attestations";

    private final PrivateKey key = PrivateKey.generate(new SecureRandom());

    @TempDir
    Path folder;

    private FakeRegistry registry;
    private LairRun lair;
    private RecordId record;
    private DsseEnvelope envelope;

    @BeforeEach
    void start() {
        Ledger ledger = Ledger.founded(Vectors.ALICE, FOUNDED, new OperatorEntry.DefineNamespace("test"))
                .plus(
                        NAME,
                        FOUNDED.plusSeconds(1),
                        Vectors.BOB,
                        new PackageEntry.Init(Vectors.BOB.publicKey()),
                        new PackageEntry.Release(VERSION, CONTENT));
        registry = new FakeRegistry(ledger);
        lair = new LairRun(folder).registry(registry);
        record = ledger.entries().getLast().id();
        envelope = attestation(NAME, VERSION, CONTENT, record, 1).sign(key);
        registry.tree.published(ledger);
        evidence(envelope);
        serve(envelope, key, 1L);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static PublishAttestation attestation(
            PackageName name, SemVer version, Digest content, RecordId record, long leaf) {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("repository", "acme/hello");
        claims.put("workflow_ref", "acme/hello/.github/workflows/release.yml@refs/tags/v1.0.0");
        claims.put("ref", "refs/tags/v1.0.0");
        claims.put("sha", "0123456789abcdef0123456789abcdef01234567");
        claims.put("run_id", "4711");
        return new PublishAttestation(
                "https://registry.example",
                name,
                version,
                content,
                record,
                OptionalLong.of(leaf),
                Optional.empty(),
                new PublisherIdentity(
                        PublisherIdentity.Kind.TRUSTED, Optional.of("https://ci.example"), claims, Optional.empty()),
                FOUNDED.plusSeconds(2));
    }

    private void evidence(DsseEnvelope of) {
        registry.tree.evidence.add(new AttestationEvidence(FakeTree.ORIGIN, record, DsseJson.digest(of)).entry());
    }

    private void serve(DsseEnvelope served, PrivateKey stated, @Nullable Long evidenceIndex) {
        registry.on(
                PATH,
                asked -> FakeRegistry.Answer.api(
                        200,
                        new PublishDocuments.Attestations(
                                List.of(new PublishDocuments.Attested(
                                        StrictBase64.encode(served.payload()),
                                        served.payloadType(),
                                        List.of(new PublishDocuments.EnvelopeSignature(
                                                served.keyId(), StrictBase64.encode(served.signature()))),
                                        DsseJson.digest(served).toString(),
                                        evidenceIndex)),
                                List.of(stated.publicKey().text()))));
    }

    private void refused(String words) {
        LairRun.Outcome pulled = lair.run("pull", "test:hello", "--verify");
        assertThat(pulled.exitCode()).as(pulled.all()).isEqualTo(3);
        assertThat(pulled.err()).contains(words);
        assertThat(folder.resolve("hello-1.0.0.wasm")).doesNotExist();
        assertThat(lair.run("verify", "test:hello@1.0.0").exitCode()).isEqualTo(3);
    }

    @Test
    void aPullShowsWhoPublishedAndThatTheEvidenceLogHasIt() {
        LairRun.Outcome outcome = lair.run("pull", "test:hello", "--verify", "--require-attestation");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out().lines().skip(3))
                .containsExactly(
                        "attested   2023-11-14T22:13:22Z by https://registry.example, key "
                                + key.publicKey().keyId(),
                        "publisher  trusted by https://ci.example",
                        "repository acme/hello",
                        "workflow   acme/hello/.github/workflows/release.yml@refs/tags/v1.0.0",
                        "ref        refs/tags/v1.0.0",
                        "commit     0123456789abcdef0123456789abcdef01234567",
                        "run        4711",
                        "evidence   entry 1 of the evidence log, proven");
        assertThat(outcome.err())
                .contains("trusted  attestation key " + key.publicKey().keyId());
        LairRun.Outcome again = lair.run("verify", "test:hello@1.0.0", "--json");
        assertThat(again.json().get("attestations").get(0).get("commit").asString())
                .startsWith("0123");
        assertThat(again.err()).doesNotContain("trusted  attestation key");
    }

    @Test
    void aPullThatDoesNotAskIsNotSlowedDown() {
        assertThat(lair.run("pull", "test:hello").exitCode()).isZero();
        assertThat(registry.requests).noneMatch(request -> request.contains("attestations"));
    }

    @Test
    void noAttestationIsToldAndIsNoErrorUnlessOneIsRequired() {
        registry.on(
                PATH,
                asked -> FakeRegistry.Answer.api(
                        200,
                        new PublishDocuments.Attestations(
                                List.of(), List.of(key.publicKey().text()))));
        LairRun.Outcome outcome = lair.run("pull", "test:hello", "--verify");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("no attestation");
        LairRun.Outcome required = lair.run("pull", "test:hello", "--require-attestation");
        assertThat(required.exitCode()).isEqualTo(3);
        assertThat(required.err()).contains("--require-attestation asks for it");
        assertThat(lair.run("verify", "test:hello", "--require-attestation").exitCode())
                .isEqualTo(2);
    }

    @Test
    void anAttestationThatIsNotInTheEvidenceLogYetIsToldAndIsNotEnoughWhenRequired() {
        serve(envelope, key, null);
        assertThat(lair.run("pull", "test:hello", "--verify").out()).contains("not in the evidence log yet");
        serve(envelope, key, 2L);
        assertThat(lair.run("pull", "test:hello", "--verify").out()).contains("not in the evidence log yet");
        assertThat(lair.run("pull", "test:hello", "--require-attestation").exitCode())
                .isEqualTo(3);
    }

    @Test
    void anotherAttestationKeyThanAtFirstUseIsRefusedUntilItIsForgotten() {
        assertThat(lair.run("verify", "test:hello@1.0.0").exitCode()).isZero();
        PrivateKey other = PrivateKey.generate(new SecureRandom());
        serve(attestation(NAME, VERSION, CONTENT, record, 1).sign(other), other, null);
        refused("the attestation key of " + registry.url() + " is another one than at first use: "
                + other.publicKey().keyId());
        // The key that it states may be the old one: what it signs with is not.
        serve(attestation(NAME, VERSION, CONTENT, record, 1).sign(other), key, null);
        refused("is not signed by its attestation key");
        serve(attestation(NAME, VERSION, CONTENT, record, 1).sign(other), other, null);
        assertThat(lair.run("registry", "forget", registry.url()).exitCode()).isZero();
        assertThat(lair.run("verify", "test:hello@1.0.0").exitCode()).isZero();
    }

    @Test
    void eachFlippedByteOfPayloadAndSignatureIsFoundOut() throws Exception {
        byte[] payload = envelope.payload();
        for (int at = 0; at < payload.length; at += 37) {
            byte[] flipped = payload.clone();
            flipped[at] ^= 1;
            serve(new DsseEnvelope(envelope.payloadType(), flipped, envelope.keyId(), envelope.signature()), key, 1L);
            assertThat(lair.run("pull", "test:hello", "--verify").exitCode())
                    .as("byte %d", at)
                    .isEqualTo(3);
        }
        byte[] signature = envelope.signature();
        for (int at = 0; at < signature.length; at += 7) {
            byte[] flipped = signature.clone();
            flipped[at] ^= 1;
            serve(new DsseEnvelope(envelope.payloadType(), payload, envelope.keyId(), flipped), key, 1L);
            assertThat(lair.run("pull", "test:hello", "--verify").exitCode())
                    .as("byte %d", at)
                    .isEqualTo(3);
        }
        assertThat(Files.exists(folder.resolve("hello-1.0.0.wasm"))).isFalse();
    }

    @Test
    void anAttestationOfSomethingElseIsFoundOut() {
        serve(
                attestation(PackageName.parse("test:other"), VERSION, CONTENT, record, 1)
                        .sign(key),
                key,
                1L);
        refused("speaks of test:other 1.0.0");
        serve(attestation(NAME, SemVer.parse("1.0.1"), CONTENT, record, 1).sign(key), key, 1L);
        refused("speaks of test:hello 1.0.1");
        serve(attestation(NAME, VERSION, Digest.of(new byte[1]), record, 1).sign(key), key, 1L);
        refused("speaks of content");
        RecordId first = registry.ledger.entries().getFirst().id();
        serve(attestation(NAME, VERSION, CONTENT, first, 1).sign(key), key, 1L);
        refused("speaks of record " + first);
        serve(attestation(NAME, VERSION, CONTENT, record, 0).sign(key), key, 1L);
        refused("says leaf 0");
    }

    @Test
    void anAttestationThatIsNotWhatTheEvidenceLogHasIsFoundOut() {
        serve(envelope, key, 0L);
        refused("is not entry 0 of its evidence log");
        // Another envelope of the same key, which was never stated.
        PublishAttestation stated = attestation(NAME, VERSION, CONTENT, record, 1);
        PublishAttestation unstated = new PublishAttestation(
                "https://elsewhere.example",
                NAME,
                VERSION,
                CONTENT,
                record,
                stated.leafIndex(),
                stated.readme(),
                stated.publisher(),
                stated.publishedAt());
        serve(unstated.sign(key), key, 1L);
        refused("is not entry 1 of its evidence log");
    }

    @Test
    void anEvidenceLogOfAnotherKeyThanAtFirstUseIsFoundOut() {
        assertThat(lair.run("verify", "test:hello@1.0.0").exitCode()).isZero();
        registry.lie(
                "evidence/checkpoint",
                answer -> new FakeRegistry.Answer(
                        200, registry.tree.logNote(registry.ledger).bytes(), answer.headers()));
        refused("checkpoint of /evidence");
    }
}
