package dev.lair.cli.author;

import dev.lair.cli.client.ApiClient;
import dev.lair.cli.client.ApiRefused;
import dev.lair.cli.client.Credential;
import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.TokenText;
import dev.lair.transparency.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token that a CI job got for its identity (trusted publishing, section 4): for minutes, for these packages, and for these
 * contents alone. It is revoked when this is closed.
 */
public final class TrustedToken implements AutoCloseable {

    private static final String PATH = ApiPaths.API + "/trusted-publishing/token";

    private final ApiClient api;
    private final Reporter reporter;

    private TrustedToken(ApiClient api, Reporter reporter) {
        this.api = api;
        this.reporter = reporter;
    }

    /** The answer, as far as it is used; has a secret in it. */
    record Granted(@Nullable String token, @Nullable List<String> contents) {

        @Override
        public String toString() {
            return "Granted[" + contents + "]";
        }
    }

    /**
     * Exchanges the identity of a job.
     *
     * @param identity the token of the forge, which is taken once
     * @throws Fault also when the registry's token is not bound to the contents: stolen, it would publish others
     */
    public static TrustedToken exchange(
            RegistryClient client, String identity, Set<PackageName> packages, Set<Digest> contents, Reporter reporter)
            throws Fault {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("token", identity);
        wanted.put("packages", packages.stream().map(PackageName::toString).toList());
        wanted.put("action", "publish");
        List<String> digests = contents.stream().map(Digest::toString).toList();
        wanted.put("content", digests);
        ApiClient nobody = new ApiClient(client, Optional.empty());
        nobody.requireSecrecy();
        Granted granted;
        try {
            granted = nobody.send("POST", PATH, "take the identity of this job", wanted, Granted.class);
        } catch (ApiRefused refused) {
            throw refused.fault();
        }
        Credential credential = Optional.ofNullable(granted.token())
                .flatMap(TokenText::parse)
                .map(Credential::new)
                .orElseThrow(
                        () -> ExitCode.UNVERIFIED.fault("the registry took the identity of this job, but its answer"
                                + " has no token; is this the base URL of a Lair registry?"));
        TrustedToken token = new TrustedToken(new ApiClient(client, Optional.of(credential)), reporter);
        if (granted.contents() == null || !Set.copyOf(digests).equals(Set.copyOf(granted.contents()))) {
            token.close();
            throw ExitCode.UNVERIFIED.fault("the registry's token is good for other contents than were asked for, so it"
                    + " is not used; ask the registry's operator");
        }
        return token;
    }

    /** The API with this token. */
    public ApiClient api() {
        return api;
    }

    /** Ends the token. What fails here is told and fails nothing: it ends by itself within minutes. */
    @Override
    public void close() {
        try {
            api.act("DELETE", PATH, "revoke the token of this job");
        } catch (ApiRefused refused) {
            // 401: it has ended already.
            if (refused.status() != 401) {
                reporter.warn("the token was not revoked and ends by itself: " + refused.words());
            }
        } catch (Fault fault) {
            reporter.warn("the token was not revoked and ends by itself: " + fault.text());
        }
    }
}
