package dev.lair.server.problem;

import dev.lair.registry.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;

/** What tells somebody at a browser what went wrong, in place of a body for programs. */
public interface ErrorPages {

    /**
     * The page for a request; empty when its path or what it accepts says that a program asks.
     *
     * @param headers that the reply needs whatever its body
     */
    Optional<ResponseEntity<byte[]>> page(HttpServletRequest request, Problem problem, Map<String, String> headers);
}
