package dev.lair.server.access;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.Problem;
import dev.lair.server.account.Caller;
import dev.lair.server.account.CallerResolver;
import dev.lair.server.account.SessionCookie;
import dev.lair.server.account.Sessions;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.RegistryStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Stands before every handler: finds out who is asking, once, and holds it against what the handler's {@link Access} says. A read
 * without a credential costs it nothing while reads are public. What comes by a browser's cookie is held against
 * {@link FormGuard} too.
 */
@Component
final class AccessInterceptor implements HandlerInterceptor {

    private static final String CALLER = AccessInterceptor.class.getName() + ".caller";

    private final CallerResolver callers;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final FormGuard forms;
    private final Rights rights;
    private final RateLimits limits;
    private final RegistryStore store;

    AccessInterceptor(
            CallerResolver callers,
            Sessions sessions,
            SessionCookie cookie,
            FormGuard forms,
            Rights rights,
            RateLimits limits,
            RegistryStore store) {
        this.callers = callers;
        this.sessions = sessions;
        this.cookie = cookie;
        this.forms = forms;
        this.rights = rights;
        this.limits = limits;
        this.store = store;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse reply, Object handler) {
        if (!(handler instanceof HandlerMethod method) || request.getAttribute(CALLER) != null) {
            // Asked before: the request comes back to end what began on another thread.
            return true;
        }
        Access access = method.getMethodAnnotation(Access.class);
        if (access == null) {
            // Handlers of ours have it (AccessCheck). What is left answers OPTIONS and tells of faults.
            return true;
        }
        Act act = access.value();
        if (WhoMay.of(act).circle() == WhoMay.Circle.ANYBODY || (act == Act.HAND_IN && rights.areReadsPublic())) {
            if (method.hasMethodAnnotation(FormOf.class)) {
                forms.requireOwn(request);
            }
            limits.count(act, Caller.ANONYMOUS, request, reply);
            return true;
        }
        Caller caller = caller(request, reply, act);
        request.setAttribute(CALLER, caller);
        limits.count(act, caller, request, reply);
        if (act == Act.READ && rights.areReadsPublic()) {
            return true;
        }
        if (act == Act.READ) {
            // Replies say that caches may keep them. What was told to one credential is not for the next.
            reply.addHeader("Vary", "Authorization, Cookie");
        }
        Target target = target(request, act);
        store.read(rows -> {
            rights.requireSoFar(rows, caller, act, target);
            return act;
        });
        return true;
    }

    /** Who asks; by a cookie only what one of our pages sent, and then the cookie's session lives on. */
    private Caller caller(HttpServletRequest request, HttpServletResponse reply, Act act) {
        Optional<CallerResolver.ByCookie> browser = callers.byCookie(request);
        if (browser.isEmpty()) {
            return callers.resolve(request);
        }
        CallerResolver.ByCookie known = browser.get();
        if (!FormGuard.isSafe(request)) {
            forms.requireOwn(request, known.secret());
        }
        // A read may be answered with what every cache keeps, and no cache may keep somebody's cookie.
        if (act != Act.READ && known.person().means() instanceof Caller.Session session) {
            sessions.goOn(session)
                    .ifPresent(until -> reply.addHeader(
                            HttpHeaders.SET_COOKIE,
                            cookie.begin(known.secret(), until).toString()));
        }
        return known.person();
    }

    /** Who asks; anonymous where nobody was asked. */
    static Caller callerOf(HttpServletRequest request) {
        return request.getAttribute(CALLER) instanceof Caller known ? known : Caller.ANONYMOUS;
    }

    private static Target target(HttpServletRequest request, Act act) {
        String namespace = variable(request, "namespace");
        String name = variable(request, "name");
        if (namespace == null && act == Act.READ_AUDIT) {
            namespace = request.getParameter("namespace");
        }
        if (namespace == null || act == Act.READ) {
            return Target.NONE;
        }
        try {
            Namespace parsed = new Namespace(namespace);
            return name == null ? Target.of(parsed) : Target.of(new PackageName(parsed, name));
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String variable(HttpServletRequest request, String name) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                        && variables.get(name) instanceof String value
                ? value
                : null;
    }
}
