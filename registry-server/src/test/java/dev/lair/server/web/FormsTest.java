package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.TokenText;
import dev.lair.server.account.FormToken;
import dev.lair.storage.registry.Role;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;

/** That no other site acts through somebody's browser: every form of every page, and the API by cookie. */
class FormsTest extends WebTest {

    private String owner = "";

    @BeforeEach
    void somebody() {
        owner = account(unique("owner"));
    }

    private Map<String, Method> posts(String namespace) {
        Map<String, Method> posts = handlers(RequestMethod.POST, namespace);
        assertThat(posts).containsKeys("/login", "/logout", "/settings/tokens", "/approvals/" + namespace + "/approve");
        return posts;
    }

    /** How a request that no page of ours made could look. */
    private static Map<String, Consumer<HttpRequest.Builder>> foreign(String own) {
        Map<String, Consumer<HttpRequest.Builder>> all = new LinkedHashMap<>();
        all.put("another site", request -> request.header("origin", "https://evil.example"));
        all.put("another port", request -> request.header("origin", "http://127.0.0.1:1"));
        all.put("another scheme", request -> request.header("origin", own.replace("http:", "https:")));
        all.put("longer host", request -> request.header("origin", own + ".evil.example"));
        all.put("opaque", request -> request.header("origin", "null"));
        all.put("empty", request -> request.header("origin", ""));
        all.put("nothing at all", request -> {});
        all.put("cross-site", request -> request.header("sec-fetch-site", "cross-site"));
        all.put("same-site", request -> request.header("sec-fetch-site", "same-site"));
        all.put("typed in", request -> request.header("sec-fetch-site", "none"));
        all.put("another referer", request -> request.header("referer", "https://evil.example/" + own));
        all.put(
                "origin goes before the rest",
                request -> request.header("origin", "https://evil.example")
                        .header("sec-fetch-site", "same-origin")
                        .header("referer", own + "/settings/tokens"));
        return all;
    }

    @Test
    void everyFormIsDeclaredAsOne() {
        assertThat(posts("acme").values()).allMatch(WebTest::isForm);
    }

    @Test
    void everyFormFromElsewhereIsRefused() {
        String namespace = namespace(unique("acme"), owner);
        List<String> taken = new ArrayList<>();
        for (String path : posts(namespace).keySet()) {
            Browser browser = ready(path);
            foreign(browser.origin()).forEach((how, headers) -> {
                Browser.Shown reply = browser.post(path, Browser.form(browser.token()), headers);
                if (reply.status() != 403 || !reply.text().contains("does not come from a page of")) {
                    taken.add(path + " from " + how + ": " + reply.status());
                }
            });
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void everyFormWithoutTheTokenOfItsSessionIsRefused() {
        String namespace = namespace(unique("acme"), owner);
        String others = browserOf(account(unique("other"))).token();
        List<String> taken = new ArrayList<>();
        for (String path : posts(namespace).keySet()) {
            Browser browser = ready(path);
            String own = browser.token();
            for (String token : List.of("", "x", others, own.substring(1), own + "0", own.toUpperCase(Locale.ROOT))) {
                Browser.Shown reply =
                        browser.post(path, Browser.form(token), request -> request.header("origin", browser.origin()));
                if (reply.status() != 403 || !reply.text().contains("not of this login")) {
                    taken.add(path + " with " + token + ": " + reply.status());
                }
            }
            Browser.Shown none = browser.post(path, "label=x", request -> request.header("origin", browser.origin()));
            if (none.status() != 403) {
                taken.add(path + " without a token: " + none.status());
            }
            Browser.Shown twice = browser.post(
                    path, Browser.form(own, "csrf", own), request -> request.header("origin", browser.origin()));
            if (twice.status() != 400) {
                taken.add(path + " with two tokens: " + twice.status());
            }
        }
        assertThat(taken).isEmpty();
    }

    /** A page with the form behind it; administrators and owners get furthest. */
    private Browser ready(String path) {
        if (path.equals("/login")) {
            Browser browser = browser();
            browser.get("/login").require(200);
            return browser;
        }
        return browserOf(path.startsWith("/approvals") ? "administrator" : owner);
    }

    @Test
    void whatWasRefusedWasNotDone() {
        String namespace = namespace(unique("acme"), owner);
        String friend = account(unique("friend"));
        Browser browser = browserOf(owner);
        String form = Browser.form(browser.token(), "login", friend, "role", "owner");
        browser.post(
                        "/settings/namespaces/" + namespace + "/members",
                        form,
                        request -> request.header("origin", "https://evil.example"))
                .require(403);
        assertThat(roleOf(namespace, friend)).isEmpty();
        browser.post(
                        "/settings/namespaces/" + namespace + "/members",
                        form,
                        request -> request.header("origin", browser.origin()))
                .requireSentTo("/settings/namespaces/" + namespace + "?done=role-given");
        assertThat(roleOf(namespace, friend)).contains(Role.OWNER);
    }

    private Optional<Role> roleOf(String namespace, String login) {
        return store.read(rows -> rows.namespaces().ownRole(namespace, "acc_" + login));
    }

    @Test
    void browsersThatLeaveOutOriginSayItOtherwise() {
        Browser browser = browserOf(owner);
        for (String name : List.of("sec-fetch-site", "referer")) {
            String value = name.equals("referer") ? browser.origin() + "/settings/tokens?x" : "same-origin";
            browser.post(
                            "/settings/tokens",
                            Browser.form(browser.token(), "label", "ci", "scopes", "read", "days", "1"),
                            request -> request.header(name, value))
                    .require(200, "lair_pat_");
        }
    }

    @Test
    void loginNeedsTheCookieThatItsPageGave() {
        String login = local();
        Browser browser = browser();
        browser.get("/login").require(200);
        String token = browser.token();
        Browser without = browser();
        without.post(
                        "/login",
                        Browser.form(token, "login", login, "password", PASSWORD),
                        request -> request.header("origin", browser.origin()))
                .require(403, "allow cookies");
        // A session's token is made in the same way; none of the two stands for the other.
        Browser.Shown crossed = browserOf(owner)
                .post(
                        "/login",
                        Browser.form(browserOf(owner).token(), "login", login, "password", PASSWORD),
                        request -> request.header("origin", browser.origin()));
        crossed.require(403);
        assertThat(crossed.headers("set-cookie")).noneMatch(cookie -> cookie.startsWith("lair="));
    }

    @Test
    void apiTakesACookieOnlyWithItsToken() {
        String secret = session(owner);
        String name = unique("door");
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\"}");
        String origin = browser().origin();
        String token = FormToken.of(TokenText.parse(secret).orElseThrow());

        Consumer<HttpRequest.Builder> cookie = request -> request.header("cookie", "lair=" + secret);
        assertThat(post("api/v1/namespaces", body, cookie)).isEqualTo(403);
        assertThat(post("api/v1/namespaces", body, cookie.andThen(request -> request.header("origin", origin))))
                .isEqualTo(403);
        assertThat(post("api/v1/namespaces", body, cookie.andThen(request -> request.header("x-lair-csrf", token))))
                .isEqualTo(403);
        assertThat(post(
                        "api/v1/namespaces",
                        body,
                        cookie.andThen(request ->
                                request.header("x-lair-csrf", token).header("origin", "https://evil.example"))))
                .isEqualTo(403);
        assertThat(post(
                        "api/v1/namespaces",
                        body,
                        cookie.andThen(
                                request -> request.header("x-lair-csrf", token).header("origin", origin))))
                .isEqualTo(201);
    }

    private int post(String path, HttpRequest.BodyPublisher body, Consumer<HttpRequest.Builder> headers) {
        HttpRequest.Builder request = request(path).POST(body).header("content-type", "application/json");
        headers.accept(request);
        return send(request).status();
    }

    @Test
    void readingByCookieNeedsNoToken() {
        assertThat(send(request("api/v1/account")
                                .header("cookie", "lair=" + session(owner))
                                .GET())
                        .json(200)
                        .get("account")
                        .get("login")
                        .asString())
                .isEqualTo(owner);
    }
}
