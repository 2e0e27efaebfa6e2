package dev.lair.server.publish;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import dev.lair.transparency.Digest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What every handler of a release wants to know of its request, read in one place. */
@Configuration(proxyBeanMethods = false)
class ReleaseArguments implements WebMvcConfigurer {

    private static final String CONTENT_DIGEST = "Content-Digest";
    private static final String REPR_DIGEST = "Repr-Digest";
    private static final int SHOWN_CHARACTERS = 100;

    /** The release that the path names, and nothing but the path: a query may not say otherwise. */
    record Addressed(PackageName name, SemVer version) {}

    /** What the headers say about the body. */
    record Announced(String mediaType, @Nullable String digestField) {

        /** Required, so that what was meant is what is released, whatever happened on the way. */
        Digest digest() {
            if (digestField == null) {
                throw new ProblemException(
                        Problem.Kind.DIGEST_NEEDED, "the request has no Content-Digest and no Repr-Digest");
            }
            return DigestField.parse(digestField)
                    .orElseThrow(() -> new ProblemException(
                            Problem.Kind.DIGEST_NEEDED,
                            "the digest `" + shown(digestField) + "` has no SHA-256 as RFC 9530 has it"));
        }
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Resolver());
    }

    private static final class Resolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Addressed.class || parameter.getParameterType() == Announced.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest web,
                @Nullable WebDataBinderFactory binders) {
            return parameter.getParameterType() == Addressed.class
                    ? new Addressed(
                            packageName(variable(web, "namespace"), variable(web, "name")),
                            version(variable(web, "version")))
                    : announced(web);
        }
    }

    private static String variable(NativeWebRequest web, String name) {
        if (web.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST)
                        instanceof Map<?, ?> variables
                && variables.get(name) instanceof String value) {
            return value;
        }
        throw new IllegalStateException("a handler of a release has no {" + name + "} in its path");
    }

    private static Announced announced(NativeWebRequest web) {
        String type = web.getHeader(HttpHeaders.CONTENT_TYPE);
        String digest = header(web, CONTENT_DIGEST);
        return new Announced(
                type == null ? "application/wasm" : type, digest == null ? header(web, REPR_DIGEST) : digest);
    }

    /** Digests are a list, which may come in several lines. */
    private static @Nullable String header(NativeWebRequest web, String name) {
        String[] lines = web.getHeaderValues(name);
        return lines == null || lines.length == 0 ? null : String.join(", ", lines);
    }

    static PackageName packageName(String namespace, String name) {
        try {
            return new PackageName(new Namespace(namespace), name);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static SemVer version(String text) {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static String shown(String field) {
        return field.length() > SHOWN_CHARACTERS ? field.substring(0, SHOWN_CHARACTERS) + "…" : field;
    }
}
