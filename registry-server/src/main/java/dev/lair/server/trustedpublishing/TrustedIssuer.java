package dev.lair.server.trustedpublishing;

import dev.lair.server.issuer.Issuer;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import java.util.Optional;
import java.util.Set;

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

    /** As it is fetched from. */
    Issuer issuer() {
        return new Issuer(
                url(),
                settings.jwksHost() == null ? Set.of() : Set.of(settings.jwksHost()),
                settings.allowPrivateAddresses(),
                settings.allowHttpForTests());
    }

    @Override
    public String toString() {
        return url();
    }
}
