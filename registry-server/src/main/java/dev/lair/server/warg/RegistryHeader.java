package dev.lair.server.warg;

import dev.lair.server.problem.WargErrorException;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * {@code warg-registry: <domain>} asks a registry to answer for another one. We answer for ourselves only; the reference
 * does the same.
 */
@Configuration(proxyBeanMethods = false)
class RegistryHeader implements WebMvcConfigurer {

    private static final String HEADER = "warg-registry";

    private final PublicUrl publicUrl;

    RegistryHeader(PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(HttpServletRequest request, HttpServletResponse reply, Object handler) {
                        String asked = request.getHeader(HEADER);
                        if (asked != null && !asked.equals(ownDomain())) {
                            throw WargErrorException.of(
                                    501,
                                    "the requested operation is not supported: this registry does not answer for `"
                                            + asked + "`");
                        }
                        return true;
                    }
                })
                .addPathPatterns("/v1/**");
    }

    private String ownDomain() {
        URI own = URI.create(publicUrl.toString());
        return own.getPort() < 0 ? own.getHost() : own.getHost() + ":" + own.getPort();
    }
}
