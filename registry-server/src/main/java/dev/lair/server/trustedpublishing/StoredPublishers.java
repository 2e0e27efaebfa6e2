package dev.lair.server.trustedpublishing;

import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.ApiJson;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.TrustedPublisher.Action;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.NamespaceRows;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishers as the tables have them, where nothing is null and words are lower case, and as they are matched. */
final class StoredPublishers {

    private StoredPublishers() {}

    static PublisherRows.Publisher row(
            TrustedPublisher publisher,
            String namespace,
            String createdBy,
            Instant createdAt,
            Optional<Instant> expiresAt) {
        return new PublisherRows.Publisher(
                publisher.id(),
                namespace,
                publisher.packages().stream().map(PackagePattern::toString).toList(),
                publisher.issuer(),
                word(publisher.kind()),
                text(publisher.owner()),
                text(publisher.ownerId()),
                text(publisher.repository()),
                text(publisher.repositoryId()),
                text(publisher.workflow()),
                text(publisher.reusableWorkflow()),
                text(publisher.environment()),
                publisher.refPattern() == null ? "" : publisher.refPattern().toString(),
                publisher.schedule() ? List.of(ForgeClaims.SCHEDULE) : List.of(),
                json(publisher.claims()),
                publisher.actions().stream()
                        .map(StoredPublishers::word)
                        .sorted()
                        .toList(),
                PublisherRows.Status.valueOf(publisher.status().name()),
                createdBy,
                createdAt,
                expiresAt,
                Optional.empty());
    }

    static TrustedPublisher read(PublisherRows.Publisher row) {
        return new TrustedPublisher(
                row.id(),
                row.issuer(),
                IssuerKind.valueOf(row.kind().toUpperCase(Locale.ROOT)),
                row.packages().stream().map(PackagePattern::parse).toList(),
                orNull(row.owner()),
                orNull(row.ownerId()),
                orNull(row.repository()),
                orNull(row.repositoryId()),
                orNull(row.workflow()),
                orNull(row.reusableWorkflow()),
                orNull(row.environment()),
                RefPattern.parse(row.refPattern()).orElse(null),
                texts(row.claims()),
                row.events().contains(ForgeClaims.SCHEDULE),
                row.actions().stream()
                        .map(action -> Action.valueOf(action.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                Status.valueOf(row.status().name()));
    }

    /**
     * Whether publishers of a namespace may be of this issuer now: whoever runs an issuer can claim to be any repository, so
     * one that is bound to an organisation only publishes where that organisation owns (Trail of Bits, 2026-12).
     */
    static boolean mayServe(RegistryRows rows, TrustedIssuer issuer, String namespace) {
        return issuer.organisation().isEmpty()
                || rows.accounts()
                        .byLogin(issuer.organisation().get())
                        .filter(account -> account.state() == AccountRows.State.ACTIVE)
                        .flatMap(account -> rows.namespaces().ownRole(namespace, account.id()))
                        .filter(role -> role == Role.OWNER)
                        .isPresent();
    }

    static boolean isLive(RegistryRows rows, String namespace) {
        return rows.namespaces()
                .find(namespace)
                .filter(found ->
                        found.state() == NamespaceRows.State.ACTIVE || found.state() == NamespaceRows.State.DEFINING)
                .isPresent();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }

    static String json(Map<String, ?> members) {
        return new String(ApiJson.write(new TreeMap<>(members)), StandardCharsets.UTF_8);
    }

    /** What {@link #json} wrote of texts. */
    static Map<String, String> texts(String json) {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<?, ?> member :
                ((Map<?, ?>) ApiJson.read(json.getBytes(StandardCharsets.UTF_8), Map.class)).entrySet()) {
            texts.put(String.valueOf(member.getKey()), String.valueOf(member.getValue()));
        }
        return texts;
    }

    /** Named in messages. */
    static String organisation(TrustedIssuer issuer) {
        return issuer.organisation().orElse(LairSettings.ANY_ORGANISATION);
    }
}
