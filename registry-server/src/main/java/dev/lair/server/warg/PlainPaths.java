package dev.lair.server.warg;

import dev.lair.server.problem.WargErrorException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * A path has one spelling. Spring passes over parameters in a path ({@code /v1;x/ledger}), a proxy or cache in front of us
 * does not: what the two understand differently is refused. The web server itself refuses encoded slashes and dots.
 */
@Configuration(proxyBeanMethods = false)
class PlainPaths implements WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse reply, Object handler) {
                if (request.getRequestURI().indexOf(';') >= 0) {
                    throw WargErrorException.of(400, "a path with `;` is refused: no path here has parameters");
                }
                return true;
            }
        });
    }
}
