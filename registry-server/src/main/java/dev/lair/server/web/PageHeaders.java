package dev.lair.server.web;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Headers of every page, whatever made it. They take the place of those that every other reply has, which are stricter: with them
 * a browser would show no style and send no form.
 */
@ControllerAdvice
final class PageHeaders implements ResponseBodyAdvice<Object> {

    /** Everything from ourselves, and nothing inline: a page into which somebody got markup still runs none of their script. */
    static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (MediaType.TEXT_HTML.isCompatibleWith(type)
                && response instanceof ServletServerHttpResponse servlet
                && !type.isWildcardType()) {
            HttpServletResponse reply = servlet.getServletResponse();
            reply.setHeader("Content-Security-Policy", POLICY);
            reply.setHeader("X-Frame-Options", "DENY");
            reply.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            // A stricter one makes browsers hide where our own forms come from, for which FormGuard asks.
            reply.setHeader("Referrer-Policy", "same-origin");
        }
        return body;
    }
}
