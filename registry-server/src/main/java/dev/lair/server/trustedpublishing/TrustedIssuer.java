package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import java.net.URI;
import java.util.Optional;

/**
 * An issuer whose tokens are exchanged, as the operator configured it.
 *
 * @param settings what was configured
 */
record TrustedIssuer(IssuerSettings settings) {

    /** As {@code iss} has it, letter by letter. */
    String url() {
        return settings.url();
    }

    IssuerKind kind() {
        return settings.kind();
    }

    /** The organisation whose namespaces it may publish to; empty when it may to all. */
    Optional<String> organisation() {
        return settings.organisation().equals(LairSettings.ANY_ORGANISATION)
                ? Optional.empty()
                : Optional.of(settings.organisation());
    }

    /** Where it says where its keys are (OpenID Connect Discovery, section 4). */
    URI discovery() {
        String folder = url().endsWith("/") ? url() : url() + "/";
        return URI.create(folder + ".well-known/openid-configuration");
    }

    /**
     * Whether documents may be fetched from there: https, and the issuer's own host and port, or the host that the
     * operator named for the keys. A path of its own is not demanded: keys of GitHub's enterprises are at the root.
     */
    boolean mayNameKeysAt(URI keys) {
        URI own = URI.create(url());
        if (keys.getHost() == null || keys.getRawUserInfo() != null || keys.getRawFragment() != null) {
            return false;
        }
        boolean secure = "https".equals(keys.getScheme());
        boolean plain = "http".equals(keys.getScheme()) && "http".equals(own.getScheme());
        boolean sameHost = AsciiCase.same(keys.getHost(), own.getHost()) && port(keys) == port(own);
        boolean keysHost = settings.jwksHost() != null
                && AsciiCase.same(keys.getHost(), settings.jwksHost())
                && port(keys) == port(URI.create(own.getScheme() + "://host"));
        return (secure || (plain && settings.allowHttpForTests())) && (sameHost || keysHost);
    }

    /** The port to connect to. */
    static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    @Override
    public String toString() {
        return url();
    }
}
