package dev.lair.server.web;

import dev.lair.server.access.Form;
import dev.lair.server.access.FormOf;
import dev.lair.server.account.Caller;
import dev.lair.server.account.CallerResolver;
import dev.lair.server.account.FormToken;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.RequestId;
import dev.lair.server.search.Search;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Finds out what a {@link Visit} is about, and hands one to handlers that want it. */
@Component
final class Visits {

    private final CallerResolver callers;
    private final FormToken tokens;
    private final Templates templates;
    private final Assets assets;
    private final PublicUrl publicUrl;
    private final Search search;
    private final String version;

    Visits(
            CallerResolver callers,
            FormToken tokens,
            Templates templates,
            Assets assets,
            PublicUrl publicUrl,
            Search search,
            ObjectProvider<BuildProperties> build) {
        this.search = search;
        this.callers = callers;
        this.tokens = tokens;
        this.templates = templates;
        this.assets = assets;
        this.publicUrl = publicUrl;
        BuildProperties built = build.getIfAvailable();
        String number = built == null ? null : built.getVersion();
        this.version = number == null ? "(not built by Maven)" : number;
    }

    /** Of a request; the browser's own session alone makes somebody known to a page. */
    Visit of(HttpServletRequest request) {
        Optional<CallerResolver.ByCookie> browser = callers.byCookie(request);
        Caller caller = browser.<Caller>map(CallerResolver.ByCookie::person)
                .orElseGet(() -> request.getHeader("Authorization") == null ? Caller.ANONYMOUS : named(request));
        return new Visit(
                site(),
                templates,
                tokens,
                request,
                new Requester(caller, RequestId.of(request)),
                browser.map(CallerResolver.ByCookie::secret));
    }

    /** A program that reads a page with its token; a token that is not good was refused before. */
    private Caller named(HttpServletRequest request) {
        return callers.resolve(request);
    }

    private Site site() {
        URI url = URI.create(publicUrl.toString());
        return new Site(
                Objects.requireNonNullElse(url.getRawPath(), ""),
                String.valueOf(url.getRawAuthority()),
                version,
                assets.require(Assets.STYLESHEET).path(),
                search.isOn());
    }

    /** The same of somebody about whom nothing is asked, as after a token that is not good. */
    Visit ofNobody(HttpServletRequest request) {
        return new Visit(
                site(),
                templates,
                tokens,
                request,
                new Requester(Caller.ANONYMOUS, RequestId.of(request)),
                Optional.empty());
    }

    /** Puts a {@link Visit} where a handler wants one. */
    @Configuration(proxyBeanMethods = false)
    static class Arguments implements WebMvcConfigurer {

        private final ObjectProvider<Visits> visits;

        Arguments(ObjectProvider<Visits> visits) {
            this.visits = visits;
        }

        @Override
        public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
            resolvers.add(new VisitArgument(visits));
        }
    }

    private record VisitArgument(ObjectProvider<Visits> visits) implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Visit.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest web,
                @Nullable WebDataBinderFactory binders) {
            HttpServletRequest request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
            if (parameter.hasMethodAnnotation(FormOf.class)) {
                // Also where no field is asked for: a body that is left unread ends the connection under the next
                // request.
                Form.of(request);
            }
            return visits.getObject().of(request);
        }
    }
}
