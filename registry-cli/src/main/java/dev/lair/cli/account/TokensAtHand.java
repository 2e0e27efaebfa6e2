package dev.lair.cli.account;

import dev.lair.cli.client.Credential;
import dev.lair.cli.client.RegistryUrl;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.api.TokenText;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Which token speaks for the person or the job: {@code LAIR_TOKEN}, else the login that is kept. */
public final class TokensAtHand {

    /** A token of the registry that is named; wins over logins. */
    public static final String TOKEN_VARIABLE = "LAIR_TOKEN";

    /** The identity of a CI job, which is exchanged for a token. */
    public static final String IDENTITY_VARIABLE = "LAIR_ID_TOKEN";

    private final Map<String, String> variables;
    private final Credentials credentials;
    private final Clock clock;

    public TokensAtHand(Map<String, String> variables, Credentials credentials, Clock clock) {
        this.variables = variables;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** A token, and how to tell where it comes from. */
    public record AtHand(Credential credential, String source) {}

    /**
     * The token for a registry; empty when there is none.
     *
     * @throws Fault when there is one that is over, or is none: nothing else is taken in its place
     */
    public Optional<AtHand> find(RegistryUrl registry) throws Fault {
        String variable = variables.getOrDefault(TOKEN_VARIABLE, "").strip();
        if (!variable.isEmpty()) {
            return Optional.of(new AtHand(credential(variable, "$" + TOKEN_VARIABLE), "$" + TOKEN_VARIABLE));
        }
        Optional<Credentials.Login> kept = credentials.find(registry);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Credentials.Login login = kept.get();
        if (isOver(login)) {
            throw ExitCode.LOCAL.fault("the login at " + registry + " ended at " + login.expiresAt()
                    + "; log in again with: lair login --registry " + registry);
        }
        String who = login.login() == null ? "the login" : "the login of `" + login.login() + "`";
        return Optional.of(new AtHand(credential(login.token(), "the login that is kept"), who + " at " + registry));
    }

    /** The token for a registry; a fault that says how to get one when there is none. */
    public AtHand require(RegistryUrl registry) throws Fault {
        return find(registry)
                .orElseThrow(() -> ExitCode.LOCAL.fault("nobody is logged in at " + registry
                        + "; run `lair login --registry " + registry + "`, or set $" + TOKEN_VARIABLE));
    }

    /** The identity token of this CI job; empty outside of one. */
    public Optional<String> identity() {
        return Optional.of(variables.getOrDefault(IDENTITY_VARIABLE, "").strip())
                .filter(text -> !text.isEmpty());
    }

    /**
     * A token as text; the message does not repeat it.
     *
     * @param where it comes from, for the message
     */
    public static Credential credential(String text, String where) throws Fault {
        return TokenText.parse(text)
                .filter(token -> token.kind() != TokenText.Kind.DEV)
                .map(Credential::new)
                .orElseThrow(() -> ExitCode.LOCAL.fault(where + " is no token of a Lair registry: those begin with"
                        + " lair_pat_ or lair_tp_, and end with a checksum; was all of it copied?"));
    }

    private boolean isOver(Credentials.Login login) {
        try {
            return login.expiresAt() != null
                    && !Instant.parse(login.expiresAt()).isAfter(clock.instant());
        } catch (DateTimeException unreadable) {
            // The registry decides.
            return false;
        }
    }
}
