package dev.lair.server.access;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.account.FormToken;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Keeps other sites from acting through somebody's browser, which adds its cookies to whatever any page makes it send. What
 * changes something and comes by cookie has to say two things that no other site can: in {@code Origin} (or, where a browser
 * leaves that out, in {@code Sec-Fetch-Site} or {@code Referer}) that it comes from a page of this registry, and the token of its
 * session, in the field {@code csrf} or the header {@code X-Lair-Csrf}.
 */
@Component
final class FormGuard {

    static final String FIELD = "csrf";
    static final String HEADER = "X-Lair-Csrf";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private static final String NONE = "null";

    private final FormToken tokens;
    private final PublicUrl publicUrl;

    FormGuard(FormToken tokens, PublicUrl publicUrl) {
        this.tokens = tokens;
        this.publicUrl = publicUrl;
    }

    /** Whether a request changes nothing, whoever sends it. */
    static boolean isSafe(HttpServletRequest request) {
        return SAFE.contains(request.getMethod());
    }

    /** Of a request that comes by the cookie of a session. */
    void requireOwn(HttpServletRequest request, TokenText session) {
        requireOrigin(request);
        requireToken(request, FormToken.of(session));
    }

    /** Of a form that needs no session, as the one by which people log in: else others could log them in as somebody else. */
    void requireOwn(HttpServletRequest request) {
        requireOrigin(request);
        requireToken(
                request,
                tokens.seed(request)
                        .map(FormToken::of)
                        .orElseThrow(() -> refused("the browser sent no cookie back; allow cookies of this registry,"
                                + " load the page again, and send the form from there")));
    }

    private void requireOrigin(HttpServletRequest request) {
        String own = origin(publicUrl.toString());
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        String referer = request.getHeader("Referer");
        boolean isOwn = !own.equals(NONE)
                && (origin != null
                        ? origin.equals(own)
                        : site != null ? site.equals("same-origin") : referer != null && own.equals(origin(referer)));
        if (!isOwn) {
            throw refused("it does not come from a page of " + own + ", which is the address of this registry; open the"
                    + " page there, and send the form again");
        }
    }

    /** Scheme, host and port of a URL, as browsers write an origin; of what is none, what no origin is. */
    private static String origin(String url) {
        try {
            URI uri = URI.create(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean usual = uri.getPort() < 0 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
            return uri.getHost() == null
                    ? NONE
                    : scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort());
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }

    private static void requireToken(HttpServletRequest request, String expected) {
        String header = request.getHeader(HEADER);
        String sent =
                header != null ? header : Form.isIn(request) ? Form.of(request).one(FIELD) : "";
        if (!FormToken.matches(expected, sent)) {
            throw refused("the form is not of this login, or older than it; load the page again, and send the form from"
                    + " there");
        }
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Problem.Kind.FORBIDDEN, "the request is refused: " + why);
    }
}
