package dev.lair.server.problem;

import dev.lair.registry.warg.WargError;
import dev.lair.registry.warg.WargJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** Ends a request before any door sees it, in the form of the door that its path means. For filters. */
public final class Refusal {

    private Refusal() {}

    public static void write(HttpServletRequest request, HttpServletResponse response, int status, String words)
            throws IOException {
        response.setStatus(status);
        byte[] body;
        if (ApiProblems.isFor(request)) {
            ApiProblems.Reply problem = ApiProblems.reply(
                    ApiProblems.kindOf(status),
                    status,
                    words,
                    request.getRequestURI(),
                    RequestId.of(request),
                    Map.of());
            problem.headers().forEach(response::setHeader);
            body = problem.body();
        } else {
            response.setHeader(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE);
            body = Masked.json(WargJson.write(WargError.message(status, words)));
        }
        response.getOutputStream().write(body);
    }
}
