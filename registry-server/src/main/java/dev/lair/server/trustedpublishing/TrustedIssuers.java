package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import dev.lair.server.settings.LairSettings.TrustedPublishingSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The issuers whose tokens are exchanged; no token adds one. */
final class TrustedIssuers {

    /** For whoever configures none. Both are run by their companies for everybody's repositories. */
    private static final List<IssuerSettings> USUAL = List.of(
            usual("https://token.actions.githubusercontent.com", IssuerKind.GITHUB),
            usual("https://gitlab.com", IssuerKind.GITLAB));

    private final Map<String, TrustedIssuer> byUrl = new LinkedHashMap<>();

    private TrustedIssuers(List<IssuerSettings> issuers) {
        issuers.forEach(issuer -> byUrl.put(issuer.url(), new TrustedIssuer(issuer)));
    }

    /** The configured ones, or the usual ones when none are. */
    static TrustedIssuers of(TrustedPublishingSettings settings) {
        return new TrustedIssuers(settings.issuers().isEmpty() ? USUAL : settings.issuers());
    }

    private static IssuerSettings usual(String url, IssuerKind kind) {
        return new IssuerSettings(url, kind, LairSettings.ANY_ORGANISATION, null, false, false, false);
    }

    /** The issuer with this {@code iss}, compared letter by letter. */
    Optional<TrustedIssuer> named(String url) {
        return Optional.ofNullable(byUrl.get(url));
    }

    List<TrustedIssuer> all() {
        return List.copyOf(byUrl.values());
    }
}
