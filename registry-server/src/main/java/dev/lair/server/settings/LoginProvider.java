package dev.lair.server.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One provider by which people log in; its secret is in a file or a variable and never in here.
 *
 * @param name in the paths of this server, and at the provider in the redirect URI
 * @param kind how it is spoken with
 * @param issuer its URL; of OpenID providers as their tokens have it in {@code iss}. Without it GitHub's own
 * @param clientId as the provider calls this registry
 * @param clientSecretFile one line in a file of mode 0600
 * @param clientSecretVariable the environment variable that has the secret, instead of a file
 * @param label on the button; without it the name
 * @param scopes asked for, with blanks between; without it {@code openid profile}, and none of GitHub
 * @param hosts besides the issuer's own, where its endpoints and keys are
 * @param requiredClaims what every identity must say: each claim is this text, or a list that has it
 * @param allowPrivateAddresses whether it may be reached under an address that is not public
 * @param allowHttpForTests whether its URLs may be http: then whoever is on the way can be this provider
 */
public record LoginProvider(
        String name,
        Kind kind,
        @Nullable String issuer,
        String clientId,
        @Nullable Path clientSecretFile,
        @Nullable String clientSecretVariable,
        @Nullable String label,
        @Nullable String scopes,
        @DefaultValue List<String> hosts,
        @DefaultValue Map<String, String> requiredClaims,
        @DefaultValue("false") boolean allowPrivateAddresses,
        @DefaultValue("false") boolean allowHttpForTests) {

    /** How a provider is spoken with. */
    public enum Kind {
        /** OpenID Connect with discovery. */
        OIDC,
        /** OAuth as GitHub and its enterprise server have it. */
        GITHUB
    }

    /** Where everybody's GitHub is. */
    public static final String GITHUB_URL = "https://github.com";

    private static final String SETTING = "lair.accounts.providers[…]";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int MAX_LABEL = 60;

    public LoginProvider {
        // Spring hands over null for what an element of a list lacks.
        require(
                name != null && NAME.matcher(name).matches(),
                "name is 1 to 31 small letters, digits and hyphens, like keycloak, not `" + name + "`");
        require(kind != null, "kind of `" + name + "` is oidc or github");
        require(clientId != null && !clientId.isEmpty(), "client-id of `" + name + "` is what the provider gave");
        require(
                (clientSecretFile == null) != (clientSecretVariable == null),
                "`" + name + "` needs client-secret-file or client-secret-variable, one of both");
        require(
                clientSecretVariable == null
                        || VARIABLE.matcher(clientSecretVariable).matches(),
                "client-secret-variable of `" + name
                        + "` is the name of an environment variable; the secret itself stands in no setting");
        require(
                label == null || (label.length() <= MAX_LABEL && label.chars().noneMatch(Character::isISOControl)),
                "label of `" + name + "` has at most " + MAX_LABEL + " characters");
        hosts = List.copyOf(hosts);
        requiredClaims = Map.copyOf(requiredClaims);
        hosts.forEach(host -> require(
                HOST.matcher(host).matches(),
                "hosts of `" + name + "` are names like keys.example, not `" + host + "`"));
        require(
                kind == Kind.GITHUB || issuer != null,
                "issuer of `" + name + "` is the URL that its tokens have in iss");
        require(
                kind == Kind.OIDC || requiredClaims.isEmpty(),
                "required-claims of `" + name + "` are of OpenID providers; GitHub tells nothing of the kind");
        requireUrl(name, issuer, allowHttpForTests);
    }

    private static void requireUrl(String name, @Nullable String issuer, boolean allowHttp) {
        if (issuer == null) {
            return;
        }
        URI url = URI.create(issuer);
        boolean web = "https".equals(url.getScheme()) || (allowHttp && "http".equals(url.getScheme()));
        require(
                web
                        && url.getHost() != null
                        && url.getRawUserInfo() == null
                        && url.getQuery() == null
                        && url.getFragment() == null,
                "issuer of `" + name + "` must be an https URL without user and query, not `" + issuer + "`");
    }

    /** {@code issuer}, or GitHub's own. */
    public String url() {
        return issuer == null ? GITHUB_URL : issuer;
    }

    /** What the button says. */
    public String shown() {
        return label == null ? name : label;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(SETTING + "." + rule);
        }
    }
}
