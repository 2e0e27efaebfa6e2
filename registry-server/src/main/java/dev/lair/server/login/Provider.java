package dev.lair.server.login;

import dev.lair.server.issuer.Issuer;
import dev.lair.server.issuer.IssuerDocuments;
import dev.lair.server.issuer.KeysOfIssuer;
import dev.lair.server.settings.LoginProvider;
import dev.lair.signing.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** A configured provider with its secret, which leaves this object towards the provider alone. */
final class Provider {

    private static final String GITHUB_API_HOST = "api.github.com";

    private final LoginProvider settings;
    private final Issuer issuer;
    private final KeysOfIssuer keys;
    private final String secret;

    private Provider(LoginProvider settings, Issuer issuer, KeysOfIssuer keys, String secret) {
        this.settings = settings;
        this.issuer = issuer;
        this.keys = keys;
        this.secret = secret;
    }

    /** With its secret, from where the settings say; a start without it fails. */
    static Provider of(LoginProvider settings, IssuerDocuments documents, Clock clock) throws IOException {
        Set<String> hosts = new HashSet<>(settings.hosts());
        if (settings.url().equals(LoginProvider.GITHUB_URL)) {
            hosts.add(GITHUB_API_HOST);
        }
        Issuer issuer =
                new Issuer(settings.url(), hosts, settings.allowPrivateAddresses(), settings.allowHttpForTests());
        return new Provider(settings, issuer, new KeysOfIssuer(issuer, documents, clock), read(settings));
    }

    private static String read(LoginProvider settings) throws IOException {
        Path file = settings.clientSecretFile();
        String variable = settings.clientSecretVariable();
        String secret = file != null ? SecretFile.read(file) : variable != null ? System.getenv(variable) : null;
        if (secret == null || secret.isBlank()) {
            throw new IllegalStateException("the client secret of the login provider `" + settings.name()
                    + "` is empty: put it into client-secret-file or client-secret-variable of"
                    + " lair.accounts.providers[…]");
        }
        return secret.strip();
    }

    LoginProvider settings() {
        return settings;
    }

    String name() {
        return settings.name();
    }

    boolean isGithub() {
        return settings.kind() == LoginProvider.Kind.GITHUB;
    }

    Issuer issuer() {
        return issuer;
    }

    KeysOfIssuer keys() {
        return keys;
    }

    /** For the token endpoint. */
    String secret() {
        return secret;
    }

    @Override
    public String toString() {
        return name() + " (" + issuer + ")";
    }
}
