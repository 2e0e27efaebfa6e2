package dev.lair.server.web;

import dev.lair.server.access.ApiTest;
import dev.lair.server.access.FormOf;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Pages over HTTP, as a browser asks for them. */
abstract class WebTest extends ApiTest {

    static final String PASSWORD = "a password of somebody";

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    @Value("${local.server.port}")
    int webPort;

    Browser browser() {
        return new Browser(webPort);
    }

    /** A browser in which somebody is logged in, who may do everything they may at all. */
    Browser browserOf(String login) {
        return of(session(login));
    }

    /** The same, of a session whose login is older than sensitive acts allow. */
    Browser staleBrowserOf(String login) {
        return of(session(login, Duration.ofSeconds(-1)));
    }

    private Browser of(String secret) {
        Browser browser = browser().with("lair", secret);
        browser.get("/settings/profile").require(200);
        return browser;
    }

    /** An account that logs in by {@link #PASSWORD}. */
    String local() {
        String login = unique("local");
        post("api/v1/accounts", administrator(), Map.of("login", login, "password", PASSWORD))
                .require(201);
        return login;
    }

    /** A browser that logged in on the page. */
    Browser loggedIn(String login) {
        Browser browser = browser();
        browser.get("/login").require(200);
        browser.submit("/login", "login", login, "password", PASSWORD).requireSentTo("/");
        browser.get("/settings/profile").require(200, login);
        return browser;
    }

    /** The paths of this room by method, with their variables filled in; of those that nobody may reach by mistake too. */
    Map<String, Method> handlers(RequestMethod method, String namespace) {
        Map<String, Method> found = new TreeMap<>();
        mappings.getHandlerMethods().forEach((info, handler) -> {
            if (handler.getBeanType().getPackageName().equals("dev.lair.server.web")
                    && info.getMethodsCondition().getMethods().equals(Set.of(method))) {
                info.getPatternValues()
                        .forEach(path -> found.put(
                                path.replace("{namespace}", namespace)
                                        .replace("{id}", "x")
                                        .replace("{index}", "0")
                                        .replace("{hash}", "0")
                                        .replace("{file}", "x.css"),
                                handler.getMethod()));
            }
        });
        return found;
    }

    static boolean isForm(Method handler) {
        return handler.isAnnotationPresent(FormOf.class);
    }

    Optional<Instant> expiry(String login) {
        return store
                .read(rows -> rows.sessions()
                        .ofAccount(rows.accounts().byLogin(login).orElseThrow().id(), Instant.EPOCH))
                .stream()
                .map(session -> session.expiresAt())
                .max(Instant::compareTo);
    }
}
