package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.server.account.Caller;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.provenance.Attestations;
import dev.lair.server.quota.Quotas;
import dev.lair.server.settings.PublicUrl;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.PublishRows.Asked;
import dev.lair.storage.registry.PublishRows.State;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What follows behind a release in the ledger: its attestation, its README, its row in the audit log, in one transaction. It
 * follows exactly once, however often it is asked for; after a crash it is asked for by {@link #settleLeftOver}, of any node.
 */
@Component
final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** A request that is this old has no thread that works on it: the ledger answers or fails within seconds. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    /** How long an Idempotency-Key stands for its request. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    private static final int PAGE = 100;

    private final PublishService publishing;
    private final Attestations attestations;
    private final Quotas quotas;
    private final RegistryStore store;
    private final Ledger ledger;
    private final PublicUrl publicUrl;
    private final Clock clock;

    Settlement(
            PublishService publishing,
            Attestations attestations,
            Quotas quotas,
            RegistryStore store,
            Ledger ledger,
            PublicUrl publicUrl,
            Clock clock) {
        this.publishing = publishing;
        this.attestations = attestations;
        this.quotas = quotas;
        this.store = store;
        this.ledger = ledger;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /** What the attestation will say about who published, as it is kept until then. */
    private record Identity(
            String kind,
            @Nullable String issuer,
            Map<String, String> claims,
            @Nullable String tokenId) {}

    /** {@link Identity} of a caller, as JSON. */
    static String identity(Caller caller) {
        Identity identity =
                switch (caller) {
                    case Caller.Anonymous nobody -> throw new IllegalArgumentException("nobody publishes anonymously");
                    case Caller.Person person ->
                        switch (person.means()) {
                            case Caller.Session session ->
                                new Identity(
                                        PublisherIdentity.Kind.SESSION.text(),
                                        null,
                                        Map.of("login", person.login()),
                                        null);
                            case Caller.ApiToken token ->
                                new Identity(
                                        PublisherIdentity.Kind.TOKEN.text(),
                                        null,
                                        Map.of("login", person.login()),
                                        token.id());
                        };
                    case Caller.Trusted trusted ->
                        new Identity(
                                PublisherIdentity.Kind.TRUSTED.text(),
                                trusted.issuer(),
                                new TreeMap<>(trusted.claims()),
                                trusted.tokenId());
                };
        return new String(ApiJson.write(identity), StandardCharsets.UTF_8);
    }

    private static PublisherIdentity publisher(String json) {
        Identity identity = ApiJson.read(json.getBytes(StandardCharsets.UTF_8), Identity.class);
        return new PublisherIdentity(
                PublisherIdentity.kind(identity.kind()),
                Optional.ofNullable(identity.issuer()),
                new TreeMap<>(identity.claims()),
                Optional.ofNullable(identity.tokenId()));
    }

    /** It came to nothing. */
    void reject(Asked asked, String problem) {
        store.write(rows -> rows.publishes().settle(asked.id(), State.REJECTED, problem));
    }

    /** The ledger has the record. */
    void settle(Asked asked, RecordId record, String requestId) {
        long leafIndex = ledger.entry(record).orElseThrow().leafIndex();
        Instant now = clock.instant();
        PublishAttestation attestation = new PublishAttestation(
                publicUrl.base(),
                PackageName.parse(asked.packageName()),
                SemVer.parse(asked.version()),
                Digest.parse(asked.content()),
                record,
                OptionalLong.of(leafIndex),
                asked.readme().isEmpty() ? Optional.empty() : Optional.of(Digest.parse(asked.readme())),
                publisher(asked.identity()),
                now);
        DsseEnvelope envelope = attestations.sign(attestation);
        boolean isSettled = store.write(rows -> {
            if (!rows.publishes().settle(asked.id(), State.PUBLISHED, "")) {
                return false;
            }
            attestations.add(rows, attestation, envelope);
            if (!asked.readme().isEmpty()) {
                rows.attestations().setReadme(asked.packageName(), asked.version(), asked.readme());
            }
            closeToTokens(rows, asked, attestation, now);
            rows.audit().add(released(asked, attestation, now, requestId));
            return true;
        });
        if (isSettled) {
            attestations.state(record, DsseJson.digest(envelope));
            LOG.info(
                    "released package.name={} package.version={} record.id={} leaf_index={} actor={}",
                    asked.packageName(),
                    asked.version(),
                    record,
                    leafIndex,
                    asked.caller());
        }
    }

    /** From its first trusted release on, a package takes no tokens: a forgotten one must not be a second way in. */
    private static void closeToTokens(RegistryRows rows, Asked asked, PublishAttestation attestation, Instant now) {
        if (attestation.publisher().kind() == PublisherIdentity.Kind.TRUSTED) {
            rows.rules().closeUnlessSaid(asked.packageName(), "first-trusted-publish", now);
        }
    }

    private static AuditRows.Act released(Asked asked, PublishAttestation attestation, Instant now, String requestId) {
        String detail = new String(
                ApiJson.write(Map.of(
                        "record", attestation.recordId().toString(),
                        "content", asked.content(),
                        "by", attestation.publisher().kind().text())),
                StandardCharsets.UTF_8);
        return new AuditRows.Act(
                now,
                asked.caller(),
                "released",
                attestation.packageName().namespace().value(),
                asked.packageName() + "@" + asked.version(),
                detail,
                requestId);
    }

    /** Finishes what a crash or a failure left, and forgets what is old. */
    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT2S")
    void settleLeftOver() {
        Instant now = clock.instant();
        for (Asked asked : store.read(rows -> rows.publishes().unsettled(now.minus(ABANDONED), PAGE))) {
            if (asked.state() == State.OPEN) {
                reject(asked, "it was interrupted before it was signed; publish again");
            } else {
                settleSigned(asked);
            }
        }
        store.write(rows -> {
            rows.uploads().removeExpired(now);
            return rows.publishes().forgetSettled(now.minus(REMEMBERED));
        });
        quotas.settle(publishing::isBegun, content -> ledger.releasedAt(content).isPresent());
    }

    private void settleSigned(Asked asked) {
        RecordId record = RecordId.parse(asked.recordId());
        if (ledger.entry(record).isPresent()) {
            settle(asked, record, "");
            return;
        }
        Optional<Publication> status =
                publishing.status(PackageName.parse(asked.packageName()).logId(), record);
        if (status.isEmpty() || status.get() instanceof Publication.Rejected) {
            reject(asked, "it was interrupted before the ledger had it; publish again");
        }
        // Else the record is on its way yet.
    }
}
