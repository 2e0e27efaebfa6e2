package dev.lair.server.web;

import dev.lair.registry.api.Problem;
import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.problem.ErrorPages;
import dev.lair.server.problem.Masked;
import dev.lair.server.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Tells people at a browser what went wrong. Who has to log in, or to say the password again, is sent there, and comes back to
 * where they were: to a page as they asked for it, to a form with what was filled in, as far as an address can carry it.
 */
@Component
final class PageErrors implements ErrorPages {

    /** What an address is not to have in it, and what the form makes anew. */
    private static final Set<String> NOT_KEPT =
            Set.of("csrf", "password", "old", "fresh", "again", "token", "identity", "confirm", Done.PARAMETER);

    private static final int LONGEST_KEPT = 3000;

    private final Visits visits;

    PageErrors(Visits visits) {
        this.visits = visits;
    }

    @Override
    public Optional<ResponseEntity<byte[]>> page(
            HttpServletRequest request, Problem problem, Map<String, String> headers) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null || !accept.contains("text/html") || !PagePaths.isPage(PagePaths.of(request))) {
            return Optional.empty();
        }
        if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
            if (problem.type().equals(Problem.Kind.UNAUTHORIZED.type())) {
                return Optional.of(sentTo("/login", request));
            }
            if (problem.type().equals(Problem.Kind.STEP_UP_REQUIRED.type())) {
                return Optional.of(sentTo("/login/again", request));
            }
        }
        return Optional.of(shown(request, problem, headers));
    }

    private ResponseEntity<byte[]> sentTo(String page, HttpServletRequest request) {
        String target = page + "?" + LocalPath.PARAMETER + "=" + encode(cameFrom(request));
        return visits.of(request).redirect(LocalPath.parse(target).orElse(LocalPath.HOME));
    }

    /** The page that was asked for; of a form, the page that has it. */
    private static String cameFrom(HttpServletRequest request) {
        Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
        FormOf form = handler instanceof HandlerMethod method ? method.getMethodAnnotation(FormOf.class) : null;
        if (form == null) {
            String query = request.getQueryString();
            return PagePaths.of(request) + (query == null ? "" : "?" + query);
        }
        String path = form.value();
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables) {
            for (Map.Entry<?, ?> variable : variables.entrySet()) {
                path = path.replace("{" + variable.getKey() + "}", encode(String.valueOf(variable.getValue())));
            }
        }
        return path + filledIn(request);
    }

    /** What was filled in, for the form to show again; nothing when it is too much for an address. */
    private static String filledIn(HttpServletRequest request) {
        StringBuilder query = new StringBuilder();
        try {
            for (Map.Entry<String, List<String>> field :
                    Form.of(request).fields().entrySet()) {
                if (NOT_KEPT.contains(field.getKey())) {
                    continue;
                }
                for (String value : field.getValue()) {
                    if (!Masked.text(value).equals(value)) {
                        // A token in the wrong field: addresses are kept in histories and logs of proxies.
                        continue;
                    }
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(encode(field.getKey()))
                            .append("=")
                            .append(encode(value));
                }
            }
        } catch (ProblemException noForm) {
            return "";
        }
        return query.length() > LONGEST_KEPT ? "" : query.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private ResponseEntity<byte[]> shown(HttpServletRequest request, Problem problem, Map<String, String> headers) {
        Visit visit;
        try {
            visit = visits.of(request);
        } catch (ProblemException noSuchToken) {
            visit = visits.ofNobody(request);
        }
        ResponseEntity<byte[]> page = visit.show(
                problem.status(),
                "error.jte",
                Map.of("page", visit.page(problem.title()), "view", Visit.fault(problem)));
        HttpHeaders all = new HttpHeaders();
        all.addAll(page.getHeaders());
        all.set("X-Request-Id", problem.requestId());
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE) && !name.equalsIgnoreCase(HttpHeaders.CACHE_CONTROL)) {
                all.set(name, value);
            }
        });
        return new ResponseEntity<>(page.getBody(), all, page.getStatusCode());
    }
}
