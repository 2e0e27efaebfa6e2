package dev.lair.server.login;

import dev.lair.registry.api.Problem;
import dev.lair.server.issuer.AnsweredException;
import dev.lair.server.issuer.Issuer;
import dev.lair.server.issuer.PinnedDocuments;
import dev.lair.server.issuer.PinnedDocuments.Question;
import dev.lair.server.issuer.StrictJson;
import dev.lair.server.login.LoginFailed.Code;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.LoginProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the registry itself asks of providers, by the rules under which issuers are fetched from: bounded in time and size, no
 * redirect, no address that is not public. Neither a code nor a secret nor a token is ever in a message.
 */
@Component
final class ProviderCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderCalls.class);
    private static final Duration ENDPOINTS_LAST = Duration.ofHours(1);
    private static final Duration COME_AGAIN = Duration.ofSeconds(30);

    /** Each waits for seconds at most; a provider that does not answer must not hold every thread of the server. */
    private static final int TOGETHER = 32;

    private record Found(Endpoints endpoints, Instant at) {}

    private final PinnedDocuments documents;
    private final Clock clock;
    private final Semaphore turns = new Semaphore(TOGETHER);
    private final Map<String, Found> found = new ConcurrentHashMap<>();

    ProviderCalls(PinnedDocuments documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** Where it is spoken to; asked of an OpenID provider once an hour. */
    Endpoints endpoints(Provider provider) {
        if (provider.isGithub()) {
            return Endpoints.ofGithub(provider.issuer());
        }
        Instant now = clock.instant();
        Found known = found.get(provider.name());
        if (known != null && Duration.between(known.at(), now).abs().compareTo(ENDPOINTS_LAST) < 0) {
            return known.endpoints();
        }
        try {
            Issuer issuer = provider.issuer();
            Endpoints fresh = Endpoints.parse(issuer, ask(provider, Question.get(issuer.discovery())));
            found.put(provider.name(), new Found(fresh, now));
            return fresh;
        } catch (IOException e) {
            throw unavailable(provider, e);
        }
    }

    /** Redeems a code (RFC 6749, section 4.1.3, with RFC 7636): the answer, of which nothing is verified. */
    ObjectNode redeem(Provider provider, Endpoints endpoints, String code, String verifier, String redirect)
            throws LoginFailed {
        LoginProvider settings = provider.settings();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        form.put("client_id", settings.clientId());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        if (endpoints.secretInBody()) {
            form.put("client_secret", provider.secret());
        } else {
            String pair = encoded(settings.clientId()) + ":" + encoded(provider.secret());
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        byte[] body = form(form).getBytes(StandardCharsets.US_ASCII);
        ObjectNode answer = object(provider, new Question(endpoints.token(), headers, body));
        if (answer.has("error")) {
            // GitHub says with 200 what others say with 400.
            throw new LoginFailed(Code.NOT_VERIFIED, "the provider does not take the code");
        }
        return answer;
    }

    /** Who holds a token of GitHub ({@code GET /user}). */
    ObjectNode githubUser(Provider provider, String accessToken) throws LoginFailed {
        String url = provider.issuer().url();
        URI user =
                URI.create(url.equals(LoginProvider.GITHUB_URL) ? "https://api.github.com/user" : url + "/api/v3/user");
        return object(
                provider,
                new Question(
                        user,
                        Map.of("Accept", "application/vnd.github+json", "Authorization", "Bearer " + accessToken),
                        null));
    }

    /** A text that a provider's answer must have. */
    static String text(ObjectNode answer, String member) throws LoginFailed {
        JsonNode value = answer.get(member);
        if (value == null || !value.isString() || value.stringValue().isEmpty()) {
            throw new LoginFailed(Code.NOT_VERIFIED, "the provider's answer has no text " + member);
        }
        return value.stringValue();
    }

    private ObjectNode object(Provider provider, Question question) throws LoginFailed {
        byte[] body;
        try {
            body = ask(provider, question);
        } catch (AnsweredException e) {
            if (e.status() >= 500 || e.status() == 429) {
                throw unavailable(provider, e);
            }
            throw new LoginFailed(Code.NOT_VERIFIED, "the provider answered " + e.status());
        } catch (IOException e) {
            throw unavailable(provider, e);
        }
        return StrictJson.object(body)
                .orElseThrow(() -> new LoginFailed(Code.NOT_VERIFIED, "the provider's answer is not one JSON object"));
    }

    private byte[] ask(Provider provider, Question question) throws IOException {
        if (!turns.tryAcquire()) {
            throw new IOException("too many logins wait for providers");
        }
        try {
            return documents.ask(provider.issuer(), question);
        } finally {
            turns.release();
        }
    }

    static ProblemException unavailable(Provider provider, Exception why) {
        LOG.warn(
                "a login provider cannot be used now provider.name={} reason=\"{}\"",
                provider.name(),
                why.getMessage());
        return new ProblemException(
                Problem.Kind.PROVIDER_UNAVAILABLE,
                "`" + provider.settings().shown()
                        + "` does not answer as it should; nothing is wrong with your account",
                Map.of("Retry-After", Long.toString(COME_AGAIN.toSeconds())));
    }

    static String form(Map<String, String> members) {
        return members.entrySet().stream()
                .map(member -> encoded(member.getKey()) + "=" + encoded(member.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
