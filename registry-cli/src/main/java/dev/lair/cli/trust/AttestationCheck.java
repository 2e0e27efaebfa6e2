package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;
import static dev.lair.cli.report.Finding.trusted;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.api.PublishDocuments.Attested;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.MalformedAttestationException;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.log.Release;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.PublicKey;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.signing.dsse.MalformedDsseException;
import dev.lair.signing.note.MalformedNoteKeyException;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.AttestationEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.MalformedBase64Exception;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.StrictBase64;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Asks what the registry attested about a release, and believes it when
 *
 * <ol>
 *   <li>the registry's attestation keys are those of first use,
 *   <li>one of them signed the envelope,
 *   <li>it speaks of this package, version, content and record, and of its leaf, and
 *   <li>the evidence log has it where the registry says: by an inclusion proof, made here of the log's tiles, against a
 *       checkpoint that the policy or the keys of first use accept.
 * </ol>
 *
 * <p>Not covered: whether the evidence log extends what it was before, which {@code lair monitor} follows; and whether what
 * the publisher's forge said is true.
 */
public final class AttestationCheck {

    private final RegistryClient client;
    private final AttestationMemory memory;
    private final Optional<NoteDemand> demand;
    private final Instant now;
    private final Reporter reporter;

    /** @param demand of the registry's checkpoints; taken for the evidence log when the policy has its keys */
    public AttestationCheck(
            RegistryClient client,
            AttestationMemory memory,
            Optional<NoteDemand> demand,
            Instant now,
            Reporter reporter) {
        this.client = client;
        this.memory = memory;
        this.demand = demand;
        this.now = now;
        this.reporter = reporter;
    }

    /**
     * An attestation that is believed.
     *
     * @param digest of its envelope
     * @param evidenceIndex its proven place in the evidence log; empty when it is not there yet
     */
    public record Checked(PublishAttestation attestation, Digest digest, PublicKey key, OptionalLong evidenceIndex) {}

    /**
     * Checks all attestations of a release.
     *
     * @param leafIndex of the release's record
     * @return what is believed, empty when the registry attests nothing
     * @throws Fault unverified when any of it does not hold
     */
    public List<Checked> check(PackageName name, Release release, long leafIndex) throws Fault {
        PublishDocuments.Attestations served = fetch(name, release);
        List<Attested> attestations = served.attestations() == null ? List.of() : served.attestations();
        Optional<AttestationMemory.Kept> remembered = memory.read();
        // 1. The keys.
        if (remembered.isPresent() && served.keys() != null) {
            requireUnchanged(remembered.get(), served.keys());
        }
        if (attestations.isEmpty()) {
            return List.of();
        }
        AttestationMemory.Kept known = remembered.isPresent() ? remembered.get() : firstUse(served);
        List<PublicKey> keys = keys(known.attestationKeys());
        List<Checked> checked = new ArrayList<>();
        for (Attested attested : attestations) {
            checked.add(check(attested, keys, known, name, release, leafIndex));
        }
        if (remembered.isEmpty()) {
            memory.write(known);
        }
        return checked;
    }

    private PublishDocuments.Attestations fetch(PackageName name, Release release) throws Fault {
        try {
            return new ApiClient(client, Optional.empty())
                    .get(
                            ApiPaths.version(name, release.version()) + "/attestations",
                            "give its attestations of `" + name + "` " + release.version(),
                            PublishDocuments.Attestations.class);
        } catch (ApiRefused refused) {
            if (refused.status() == 404) {
                // A registry that attests nothing; that the release exists was proven before.
                return new PublishDocuments.Attestations(List.of(), List.of());
            }
            throw refused.fault();
        }
    }

    private void requireUnchanged(AttestationMemory.Kept remembered, List<String> served) throws Fault {
        if (!served.isEmpty() && !Set.copyOf(served).equals(Set.copyOf(remembered.attestationKeys()))) {
            throw Unproven.contradicts(
                    client.registry().toString(),
                    "the attestation key of " + client.registry() + " is another one than at first use: " + ids(served)
                            + ", not " + ids(remembered.attestationKeys()));
        }
    }

    private static String ids(List<String> keys) throws Fault {
        return String.join(
                ", ", keys(keys).stream().map(key -> key.keyId().toString()).toList());
    }

    private AttestationMemory.Kept firstUse(PublishDocuments.Attestations served) throws Fault {
        List<String> stated = served.keys() == null ? List.of() : served.keys();
        if (stated.isEmpty()) {
            throw Unproven.because("it serves attestations and names no key of them");
        }
        RegistryConfig config;
        try {
            config = new RegistryTree(client).config();
        } catch (RegistryRefused refused) {
            throw Unproven.refusedProof("which logs it has", refused);
        }
        List<String> evidenceKeys = FirstUseKeys.of(config.evidence()).stream()
                .map(log -> log.key().text())
                .toList();
        reporter.found(trusted("attestation key " + ids(stated) + ", and the keys of the log `"
                + config.evidence().origin() + "`: first use, remembered from now on"));
        return new AttestationMemory.Kept(
                client.registry().toString(),
                List.copyOf(new LinkedHashSet<>(stated)),
                config.log().origin(),
                config.evidence().origin(),
                evidenceKeys);
    }

    private static List<PublicKey> keys(List<String> texts) throws Fault {
        try {
            return texts.stream().map(PublicKey::parse).toList();
        } catch (MalformedKeyException e) {
            throw Unproven.because("what it names as its attestation key is none", e);
        }
    }

    private Checked check(
            Attested attested,
            List<PublicKey> keys,
            AttestationMemory.Kept known,
            PackageName name,
            Release release,
            long leafIndex)
            throws Fault {
        String what = "the attestation of `" + name + "` " + release.version();
        DsseEnvelope envelope = envelope(what, attested);
        // 2. The signature.
        PublicKey key = keys.stream()
                .filter(one -> envelope.isSignedBy(one, EcdsaP256.INSTANCE))
                .findFirst()
                .orElseThrow(() -> Unproven.because(what + " is not signed by its attestation key"));
        PublishAttestation attestation;
        try {
            attestation = PublishAttestation.open(envelope, key, EcdsaP256.INSTANCE);
        } catch (MalformedAttestationException e) {
            throw Unproven.because(what + " cannot be read", e);
        }
        // 3. What it speaks of.
        requireAbout(what, attestation, name, release, leafIndex);
        reporter.found(proven("attestation: of " + name + " " + release.version() + ", its content and record "
                + release.releasedIn() + ", signed by key " + key.keyId()));
        // 4. The evidence.
        Digest digest = DsseJson.digest(envelope);
        if (attested.digest() != null && !digest.toString().equals(attested.digest())) {
            throw Unproven.because(what + " has another digest than the registry says: " + digest);
        }
        return new Checked(attestation, digest, key, evidence(what, attested, digest, known, release));
    }

    private static DsseEnvelope envelope(String what, Attested attested) throws Fault {
        if (attested.signatures() == null || attested.signatures().size() != 1) {
            throw Unproven.because(what + " has not exactly one signature");
        }
        PublishDocuments.EnvelopeSignature signature = attested.signatures().getFirst();
        try {
            return new DsseEnvelope(
                    String.valueOf(attested.payloadType()),
                    StrictBase64.decode(String.valueOf(attested.payload())),
                    signature.keyid() == null ? "" : signature.keyid(),
                    StrictBase64.decode(String.valueOf(signature.sig())));
        } catch (MalformedDsseException | MalformedBase64Exception e) {
            throw Unproven.because(what + " is no envelope", e);
        }
    }

    private static void requireAbout(
            String what, PublishAttestation attestation, PackageName name, Release release, long leafIndex)
            throws Fault {
        if (!attestation.packageName().equals(name) || !attestation.version().equals(release.version())) {
            throw Unproven.because(what + " speaks of " + attestation.packageName() + " " + attestation.version());
        }
        if (!attestation.content().equals(release.content())) {
            throw Unproven.because(
                    what + " speaks of content " + attestation.content() + ", and the release is " + release.content());
        }
        if (!attestation.recordId().equals(release.releasedIn())) {
            throw Unproven.because(what + " speaks of record " + attestation.recordId()
                    + ", and the release is in record " + release.releasedIn());
        }
        if (attestation.leafIndex().isPresent() && attestation.leafIndex().getAsLong() != leafIndex) {
            throw Unproven.because(what + " says leaf "
                    + attestation.leafIndex().getAsLong() + ", and its record is leaf " + leafIndex);
        }
    }

    /** Its place in the evidence log, proven; empty when the log does not reach there yet. */
    private OptionalLong evidence(
            String what, Attested attested, Digest digest, AttestationMemory.Kept known, Release release) throws Fault {
        Long index = attested.evidenceIndex();
        if (index == null) {
            return OptionalLong.empty();
        }
        RegistryTree tree = new RegistryTree(client);
        CheckpointText checkpoint;
        try {
            checkpoint = demandOf(known)
                    .require("checkpoint of /evidence", tree.checkpoint(TreePaths.EVIDENCE), now, reporter);
        } catch (RegistryRefused refused) {
            throw Unproven.refusedProof("what its evidence log is", refused);
        }
        if (!checkpoint.origin().equals(known.evidenceOrigin())) {
            throw Unproven.because("its evidence log is `" + checkpoint.origin() + "`, and was `"
                    + known.evidenceOrigin() + "` at first use");
        }
        if (index < 0) {
            throw Unproven.because(what + " is said to be entry " + index + " of the evidence log");
        }
        long size = checkpoint.treeSize();
        if (index >= size) {
            return OptionalLong.empty();
        }
        AttestationEvidence entry = new AttestationEvidence(known.mainOrigin(), release.releasedIn(), digest);
        try {
            InclusionProof proof = new LogTiles(tree, TreePaths.EVIDENCE)
                    .built(size, nodes -> InclusionProof.build(nodes, index, size));
            proof.verify(MerkleHash.leaf(entry.entry()), checkpoint.root());
        } catch (ProofRejected e) {
            throw Unproven.because(what + " is not entry " + index + " of its evidence log", e);
        }
        reporter.found(proven("attestation: entry " + index + " of " + size + " in the log `" + checkpoint.origin()
                + "`, by an inclusion proof"));
        return OptionalLong.of(index);
    }

    /** The policy's demand where it knows the evidence log; else that a key of first use signed. */
    private NoteDemand demandOf(AttestationMemory.Kept known) throws Fault {
        boolean inPolicy = demand.isPresent()
                && demand.get().policy().logs().stream()
                        .anyMatch(log -> log.key().name().equals(known.evidenceOrigin()));
        if (inPolicy) {
            return demand.get();
        }
        try {
            List<WitnessPolicy.Log> logs = known.evidenceKeys().stream()
                    .map(text -> new WitnessPolicy.Log(NoteKey.parse(text), Optional.empty()))
                    .toList();
            return new NoteDemand(new WitnessPolicy(logs, List.of(), WitnessPolicy.NO_QUORUM), Optional.empty());
        } catch (MalformedNoteKeyException e) {
            throw Unproven.because("the keys of its evidence log that are remembered are none", e);
        }
    }
}
