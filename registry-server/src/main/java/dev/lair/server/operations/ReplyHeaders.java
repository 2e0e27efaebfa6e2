package dev.lair.server.operations;

import dev.lair.server.problem.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Headers of every reply: nothing that we send is to be guessed at, framed or run by a browser; and who came over TLS once
 * comes over TLS for a year (RFC 6797).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ReplyHeaders extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (request.isSecure()) {
            // By our own certificate; a proxy that has one says it itself. For this host alone.
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        if (request.getMethod().equals("TRACE")) {
            // The servlet base class would answer with an echo of the request, credentials included.
            Refusal.write(
                    request, response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method 'TRACE' is not supported.");
            return;
        }
        chain.doFilter(request, response);
    }
}
