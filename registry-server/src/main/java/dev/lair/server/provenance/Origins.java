package dev.lair.server.provenance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.MalformedAttestationException;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.signing.PublicKey;
import dev.lair.signing.Verifier;
import dev.lair.storage.registry.AttestationRows.Attestation;
import dev.lair.storage.registry.RegistryStore;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Where releases came from, read and verified for people: what the registry stated about who published, and the README. */
@Service
public final class Origins {

    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);
    private static final int REMEMBERED = 5_000;

    private final Attestations attestations;
    private final RegistryStore store;
    private final Verifier verifier;

    /** By digest of the envelope, which never changes. */
    private final Cache<String, Optional<PublishAttestation>> read =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /**
     * What was stated about a release.
     *
     * @param statement whose signature was verified
     * @param digest of its envelope
     * @param evidenceIndex of its entry in the evidence log; negative until that is known
     */
    public record Origin(PublishAttestation statement, String digest, long evidenceIndex) {}

    Origins(Attestations attestations, RegistryStore store, Verifier verifier) {
        this.attestations = attestations;
        this.store = store;
        this.verifier = verifier;
    }

    /** The newest statement about a release; empty when there is none that can be verified. */
    public Optional<Origin> of(PackageName name, SemVer version) {
        return newest(attestations.of(name, version));
    }

    /** The same of many releases, by version; those without are left out. */
    public Map<String, Origin> of(PackageName name, List<String> versions) {
        Map<String, List<Attestation>> stored = store.read(rows -> {
            Map<String, List<Attestation>> found = new LinkedHashMap<>();
            versions.forEach(version -> found.put(version, rows.attestations().ofRelease(name.toString(), version)));
            return found;
        });
        Map<String, Origin> origins = new LinkedHashMap<>();
        stored.forEach((version, all) -> newest(all).ifPresent(origin -> origins.put(version, origin)));
        return origins;
    }

    private Optional<Origin> newest(List<Attestation> oldestFirst) {
        return oldestFirst.reversed().stream()
                .flatMap(stored -> opened(stored).stream()
                        .map(statement -> new Origin(statement, stored.digest(), stored.evidenceIndex())))
                .findFirst();
    }

    private Optional<PublishAttestation> opened(Attestation stored) {
        return read.get(stored.digest(), digest -> {
            try {
                return Optional.of(
                        PublishAttestation.open(DsseJson.parse(stored.envelope()), attestations.publicKey(), verifier));
            } catch (MalformedAttestationException e) {
                LOG.warn("a stored attestation is passed over attestation={}: {}", digest, e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** The key that attestations are verified with. */
    public PublicKey publicKey() {
        return attestations.publicKey();
    }

    /** The README that was published with a release. */
    public Optional<String> readme(PackageName name, SemVer version) {
        return attestations
                .readme(name.toString(), version.toString())
                .map(body -> new String(body, StandardCharsets.UTF_8));
    }
}
