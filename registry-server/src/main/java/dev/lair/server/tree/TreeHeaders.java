package dev.lair.server.tree;

import dev.lair.server.problem.Refusal;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What holds for all paths of the tree: any page may read it, and those with names have one spelling.
 *
 * <p>Any page may read the tree: a verifier in a browser is as good as any other. Said with every reply, whether it was asked
 * for or not: a cache keeps one reply for all who ask.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class TreeHeaders extends OncePerRequestFilter {

    /** First segments of the tree's paths. */
    static final Set<String> SEGMENTS = Set.of(
            "log", "evidence", "records", "package", "proof", "config.json", "index", "iface", "blob", "changes");

    /** Segments whose paths have names in them, and are spelled in one way only. */
    private static final Set<String> NAMED = Set.of("index", "iface", "package", "blob", "changes");

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9._+-]+)+");

    /** Behind so many segments, that of the page kind too, a path keeps its case: a version, or a track with one in it. */
    private static final Map<String, Integer> LOWER =
            Map.of("index", 9, "iface", 4, "package", 3, "blob", 9, "changes", 9);

    private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(/|$)");

    private final PublicUrl publicUrl;

    TreeHeaders(PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        int end = path.indexOf('/', 1);
        return path.isEmpty() || !SEGMENTS.contains(path.substring(1, end < 0 ? path.length() : end));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "ETag, Retry-After");
        if (request.getMethod().equals("OPTIONS")) {
            response.setHeader(HttpHeaders.ALLOW, "GET, HEAD, OPTIONS");
            response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD");
            response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "*");
            response.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (NAMED.contains(path.substring(1).split("/", 2)[0]) && !isSpelled(path, request, response)) {
            return;
        }
        chain.doFilter(request, response);
    }

    /** Whether a path is in its one spelling; else it is answered here, before a cache keeps it twice. */
    private boolean isSpelled(String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!PLAIN.matcher(path).matches() || DOTS.matcher(path).find()) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            Refusal.write(
                    request,
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "paths of the tree have neither empty nor dotted segments, nor a slash at their end, nor escapes");
            return false;
        }
        String lower = lowered(path);
        if (lower.equals(path)) {
            return true;
        }
        response.setStatus(HttpServletResponse.SC_PERMANENT_REDIRECT);
        response.setHeader(HttpHeaders.LOCATION, publicUrl.of(lower.substring(1)));
        response.setHeader(HttpHeaders.CACHE_CONTROL, TreeReplies.PROOF.getHeaderValue());
        return false;
    }

    private static String lowered(String path) {
        String[] segments = path.substring(1).split("/");
        int names = Objects.requireNonNull(LOWER.get(segments[0]));
        for (int i = 0; i < Math.min(names, segments.length); i++) {
            segments[i] = segments[i].toLowerCase(Locale.ROOT);
        }
        return "/" + String.join("/", segments);
    }
}
