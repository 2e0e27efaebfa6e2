package dev.lair.server.web;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** Which paths people look at. The others are for programs, whatever they say that they accept. */
final class PagePaths {

    /** First segments below which there is no page (a test holds every mapping against it). */
    private static final Set<String> PROGRAMS = Set.of(
            "api",
            "assets",
            "badge",
            "blob",
            "changes",
            "config.json",
            "content",
            "evidence",
            "favicon.svg",
            "feed",
            "health",
            "iface",
            "index",
            "log",
            "package",
            "proof",
            "records",
            "token",
            "v1",
            "v2");

    private PagePaths() {}

    /** The path that was asked for, as it was sent; of a fault that the container handed on, the one that failed. */
    static String of(HttpServletRequest request) {
        String path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String failed
                ? failed
                : request.getRequestURI();
        String context = request.getContextPath();
        return path.startsWith(context) ? path.substring(context.length()) : path;
    }

    /** {@code path} begins with a slash. */
    static boolean isPage(String path) {
        String first = path.substring(Math.min(1, path.length())).split("[/;]", -1)[0];
        return !first.startsWith(".") && !PROGRAMS.contains(first);
    }

    /** The namespace that a path names. */
    static Namespace namespace(String segment) {
        try {
            return new Namespace(segment);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, String.valueOf(e.getMessage()));
        }
    }
}
