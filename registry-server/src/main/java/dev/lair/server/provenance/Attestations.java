package dev.lair.server.provenance;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.PublishDocuments;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.signing.PublicKey;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.storage.StorageException;
import dev.lair.storage.registry.AttestationRows.Attestation;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.StrictBase64;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Publish attestations: made and stored when a release is in the ledger, stated by the evidence log soon after, served beside
 * the release (trusted publishing, section 5).
 *
 * <p><b>Crashes.</b> An attestation is stored by the transaction that settles its publish. One that is stored and not known
 * to be stated is handed to the ledger again, at a start and every few minutes; the ledger finds the entry if it is there.
 */
@Service
public final class Attestations {

    private static final Logger LOG = LoggerFactory.getLogger(Attestations.class);

    private final AttestationKey key;
    private final RegistryStore store;
    private final Ledger ledger;
    private final Clock clock;

    Attestations(AttestationKey key, RegistryStore store, Ledger ledger, Clock clock) {
        this.key = key;
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The key that signs them. */
    public PublicKey publicKey() {
        return key.signer().publicKey();
    }

    /** Signs an attestation, for {@link #add}: signatures are made outside of transactions. */
    public DsseEnvelope sign(PublishAttestation attestation) {
        return attestation.sign(key.signer());
    }

    /** Stores what was signed, in the caller's transaction. {@link #state} it behind that. */
    public void add(RegistryRows rows, PublishAttestation attestation, DsseEnvelope envelope) {
        rows.attestations()
                .add(new Attestation(
                        DsseJson.digest(envelope).toString(),
                        attestation.packageName().toString(),
                        attestation.version().toString(),
                        attestation.recordId().toString(),
                        DsseJson.format(envelope),
                        -1,
                        clock.instant()));
    }

    /** Has the evidence log state a stored attestation. Nobody waits for it: what is not stated now is tried again. */
    public void state(RecordId record, Digest attestation) {
        try {
            // On a thread of its own: the publisher, which completes this, must not wait for a database.
            ledger.attest(record, attestation)
                    .whenCompleteAsync(
                            (index, failure) -> ended(record, attestation, index, failure), Thread::startVirtualThread);
        } catch (LedgerException | StorageException later) {
            LOG.warn("attestation not stated yet record.id={}: {}", record, later.getMessage());
        }
    }

    private void ended(RecordId record, Digest attestation, Long index, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warn("attestation not stated yet record.id={} attestation={}", record, attestation, failure);
            return;
        }
        try {
            store.write(rows -> {
                rows.attestations().stated(attestation.toString(), index);
                return index;
            });
        } catch (StorageException e) {
            LOG.warn("attestation is stated, and not noted record.id={}: {}", record, e.getMessage());
        }
    }

    /** Those of a release, the oldest first. */
    public List<Attestation> of(PackageName name, SemVer version) {
        return store.read(rows -> rows.attestations().ofRelease(name.toString(), version.toString()));
    }

    /** {@link PublishDocuments.Attestations} of a release as JSON, in the API and in the tree. */
    public byte[] document(PackageName name, SemVer version) {
        return ApiJson.write(new PublishDocuments.Attestations(
                of(name, version).stream().map(Attestations::attested).toList(),
                List.of(publicKey().toString())));
    }

    private static PublishDocuments.Attested attested(Attestation stored) {
        DsseEnvelope envelope = DsseJson.parse(stored.envelope());
        return new PublishDocuments.Attested(
                StrictBase64.encode(envelope.payload()),
                envelope.payloadType(),
                List.of(new PublishDocuments.EnvelopeSignature(
                        envelope.keyId(), StrictBase64.encode(envelope.signature()))),
                stored.digest(),
                stored.evidenceIndex() < 0 ? null : stored.evidenceIndex());
    }

    /** The README of a release, as it was published. */
    Optional<byte[]> readme(String packageName, String version) {
        return store.read(rows -> rows.attestations().readme(packageName, version));
    }

    /** What a crash or a failure left unstated. */
    @Scheduled(fixedDelayString = "PT3M", initialDelayString = "PT5S")
    void stateLeftOver() {
        for (Attestation each : store.read(rows -> rows.attestations().unstated(100))) {
            state(RecordId.parse(each.recordId()), Digest.parse(each.digest()));
        }
    }
}
