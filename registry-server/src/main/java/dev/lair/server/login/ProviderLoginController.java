package dev.lair.server.login;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Caller;
import dev.lair.server.account.CallerResolver;
import dev.lair.server.account.Requester;
import dev.lair.server.account.SessionCookie;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.registry.ProviderLoginRows.Intent;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /login/with/{provider}}: to a provider and back; see {@link ProviderLogins}. What goes wrong on the way back ends at
 * {@code /login?problem=CODE}, with a word of {@link LoginFailed.Code} and no more.
 */
@RestController
class ProviderLoginController {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderLoginController.class);

    /** Where one is taken who said nothing else. */
    private static final String HOME = "/settings/profile";

    private static final int MAX_NEXT = 500;

    private final ProviderLogins logins;
    private final LoginProviders providers;
    private final CallerResolver callers;
    private final SessionCookie sessionCookie;
    private final PublicUrl publicUrl;
    private final Clock clock;

    ProviderLoginController(
            ProviderLogins logins,
            LoginProviders providers,
            CallerResolver callers,
            SessionCookie sessionCookie,
            PublicUrl publicUrl,
            Clock clock) {
        this.logins = logins;
        this.providers = providers;
        this.callers = callers;
        this.sessionCookie = sessionCookie;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    @Access(Act.OPEN)
    @GetMapping("/" + ApiPaths.LOGIN_PROVIDERS)
    ResponseEntity<byte[]> list() {
        return JsonBody.ok(new PeopleDocuments.Providers(providers.listed().stream()
                .map(each -> new PeopleDocuments.Provider(each.name(), each.label()))
                .toList()));
    }

    @Access(Act.LOG_IN)
    @GetMapping("/login/with/{provider}")
    ResponseEntity<Void> begin(
            @PathVariable String provider,
            @RequestParam(defaultValue = HOME) String next,
            @RequestParam(name = "step-up", required = false) @Nullable String stepUp,
            @RequestParam(required = false) @Nullable String link,
            HttpServletRequest request) {
        requireOwnPath(next);
        Intent intent = stepUp != null ? Intent.STEP_UP : link != null ? Intent.LINK : Intent.LOG_IN;
        ProviderLogins.Begun begun = logins.begin(provider, intent, caller(intent, request), next);
        return to(HttpStatus.FOUND, begun.location(), List.of(browserCookie(begun.browser(), ProviderLogins.LIFE)));
    }

    /**
     * Of a link and a step-up, who asks for it. A link is begun on a page of ours: another site that sent the browser here
     * could have logged it in at the provider as somebody else before.
     */
    private Optional<Caller.Person> caller(Intent intent, HttpServletRequest request) {
        if (intent == Intent.LOG_IN) {
            return Optional.empty();
        }
        Caller caller = callers.resolve(request);
        if (caller instanceof Caller.Anonymous) {
            throw CallerResolver.refused("log in first");
        }
        Caller.Person person = ProviderLogins.requireSession(caller);
        if (intent == Intent.LINK) {
            String site = request.getHeader("Sec-Fetch-Site");
            if (site != null && !site.equals("same-origin") && !site.equals("none")) {
                throw new ProblemException(
                        Problem.Kind.FORBIDDEN,
                        "an identity is linked from a page of this registry, not from another site");
            }
            if (person.means() instanceof Caller.Session session
                    && !clock.instant().isBefore(session.steppedUpUntil())) {
                throw new ProblemException(
                        Problem.Kind.STEP_UP_REQUIRED, "to link an identity needs a login within the last 15 minutes");
            }
        }
        return Optional.of(person);
    }

    @Access(Act.OPEN)
    @GetMapping("/login/with/{provider}/callback")
    ResponseEntity<Void> finish(
            @PathVariable String provider,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(required = false) @Nullable String iss,
            @RequestParam(required = false) @Nullable String error,
            HttpServletRequest request,
            Requester requester) {
        ResponseCookie done = browserCookie("", Duration.ZERO);
        try {
            ProviderLogins.Finished finished = logins.finish(
                    provider, new ProviderLogins.Answer(state, browser(request), code, iss, error), requester);
            URI next = URI.create(publicUrl.of(finished.next().substring(1)));
            return to(
                    HttpStatus.SEE_OTHER,
                    next,
                    finished.session()
                            .map(session -> List.of(done, sessionCookie.begin(session.token(), session.expiresAt())))
                            .orElse(List.of(done)));
        } catch (LoginFailed e) {
            LOG.info(
                    "a login failed provider.name={} problem={} reason=\"{}\" request_id={}",
                    provider,
                    e.code().text(),
                    e.getMessage(),
                    requester.requestId());
            return to(
                    HttpStatus.SEE_OTHER,
                    URI.create(publicUrl.of("login?problem=" + e.code().text())),
                    List.of(done));
        }
    }

    /** The address that is left has a code in it: it is kept nowhere, and told to nobody. */
    private static ResponseEntity<Void> to(HttpStatus status, URI location, List<ResponseCookie> cookies) {
        HttpHeaders headers = new HttpHeaders();
        headers.setLocation(location);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("Referrer-Policy", "no-referrer");
        cookies.forEach(cookie -> headers.add(HttpHeaders.SET_COOKIE, cookie.toString()));
        return ResponseEntity.status(status).headers(headers).build();
    }

    /** Paths of this registry alone: a link to a login must not lead to somebody else's page behind it. */
    private static void requireOwnPath(String next) {
        boolean own = next.startsWith("/")
                && !next.startsWith("//")
                && next.length() <= MAX_NEXT
                && next.chars()
                        .allMatch(sign -> sign > ' ' && sign <= '~' && sign != '\\' && "\"<>^`{|}".indexOf(sign) < 0);
        if (!own || !isUri(next)) {
            throw new ProblemException(
                    Problem.Kind.INVALID,
                    "`next` is a path of this registry, like " + HOME + ", of " + MAX_NEXT + " characters at most");
        }
    }

    private static boolean isUri(String next) {
        try {
            URI parsed = URI.create(next);
            return parsed.getRawAuthority() == null && parsed.getScheme() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String browserCookieName() {
        return isSecure() ? "__Host-lair-login" : "lair-login";
    }

    private boolean isSecure() {
        return publicUrl.of("").startsWith("https:");
    }

    /** Lax: the browser comes back from another site, and has to bring it. */
    private ResponseCookie browserCookie(String value, Duration age) {
        return ResponseCookie.from(browserCookieName(), value)
                .httpOnly(true)
                .secure(isSecure())
                .sameSite("Lax")
                .path("/")
                .maxAge(age)
                .build();
    }

    private @Nullable String browser(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(browserCookieName())) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }
}
