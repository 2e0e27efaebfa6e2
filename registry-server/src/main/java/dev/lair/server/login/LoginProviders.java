package dev.lair.server.login;

import dev.lair.registry.api.Problem;
import dev.lair.server.issuer.PinnedDocuments;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LoginProvider;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The providers by which people log in here, in the order of the settings. */
@Component
public final class LoginProviders {

    private final Map<String, Provider> byName = new LinkedHashMap<>();

    LoginProviders(LairSettings settings, PinnedDocuments documents, Clock clock) throws IOException {
        for (LoginProvider each : settings.accounts().providers()) {
            byName.put(each.name(), Provider.of(each, documents, clock));
        }
    }

    /** As a login page shows one: it is begun at {@code /login/with/NAME}. */
    public record Listed(String name, String label) {}

    /** All, for a login page. */
    public List<Listed> listed() {
        return byName.values().stream()
                .map(provider -> new Listed(provider.name(), provider.settings().shown()))
                .toList();
    }

    /** What {@code /login?problem=CODE} says; empty for a word that is none of ours. */
    public static Optional<String> wordsOf(String problem) {
        return Arrays.stream(LoginFailed.Code.values())
                .filter(code -> code.text().equals(problem))
                .map(LoginFailed.Code::words)
                .findFirst();
    }

    /** One by its name; a problem when there is none. */
    Provider named(String name) {
        Provider provider = byName.get(name);
        if (provider == null) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND, "this registry has no such login provider; GET /api/v1/login/providers");
        }
        return provider;
    }

    /** The one of an issuer, if one is configured. */
    Optional<Provider> ofIssuer(String issuer) {
        return byName.values().stream()
                .filter(provider -> provider.issuer().url().equals(issuer))
                .findFirst();
    }
}
