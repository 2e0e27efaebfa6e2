package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RequestMethod;

/** What holds for every page, and which paths are pages at all. */
class PagesTest extends WebTest {

    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private String owner = "";
    private String namespace = "";

    @BeforeEach
    void somebody() {
        owner = account(unique("owner"));
        namespace = namespace(unique("acme"), owner);
    }

    private List<String> pages() {
        return handlers(RequestMethod.GET, namespace).keySet().stream()
                .filter(PagePaths::isPage)
                // Pages about a package need one: ReadingTest holds each of them against the same.
                .filter(path -> !path.contains("{"))
                .toList();
    }

    /** Every page with its statuses for nobody, a person of the namespace, and the administrator. */
    @Test
    void everyPageIsShownToWhomItIsFor() {
        Map<String, String> seen = new TreeMap<>();
        Browser nobody = browser();
        Browser person = browserOf(owner);
        Browser administrator = browserOf("administrator");
        for (String page : pages()) {
            seen.put(
                    page.replace(namespace, "{ns}"),
                    nobody.get(page).status() + " " + person.get(page).status() + " "
                            + administrator.get(page).status());
        }
        assertThat(seen)
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("/", "200 200 200"),
                        Map.entry("/search", "200 200 200"),
                        Map.entry("/ledger", "200 200 200"),
                        Map.entry("/ledger/0", "200 200 200"),
                        Map.entry("/ledger/consistency", "200 200 200"),
                        Map.entry("/ledger/evidence", "200 200 200"),
                        Map.entry("/login", "200 200 200"),
                        Map.entry("/login/again", "303 200 200"),
                        Map.entry("/login/device", "303 200 200"),
                        Map.entry("/settings/profile", "303 200 200"),
                        Map.entry("/settings/tokens", "303 200 200"),
                        Map.entry("/settings/namespaces", "303 200 200"),
                        Map.entry("/settings/namespaces/{ns}", "303 200 200"),
                        Map.entry("/settings/namespaces/{ns}/audit", "303 200 200"),
                        Map.entry("/settings/namespaces/{ns}/publishers", "303 200 403"),
                        Map.entry("/settings/publishers", "303 200 200"),
                        Map.entry("/settings/audit", "303 200 200"),
                        Map.entry("/settings/audit/registry", "303 403 200"),
                        Map.entry("/approvals", "303 403 200"))));
    }

    @Test
    void everyPageHasTheHeadersThatKeepOthersOut() {
        List<Browser.Shown> all = new ArrayList<>();
        for (Browser browser : List.of(browser(), browserOf(owner), browserOf("administrator"))) {
            pages().forEach(page -> all.add(browser.get(page)));
            all.add(browser.get("/no/such/page"));
            all.add(browser.submit("/settings/tokens", "label", ""));
        }
        List<Browser.Shown> html =
                all.stream().filter(reply -> !reply.text().isEmpty()).toList();
        assertThat(html).hasSizeGreaterThan(20);
        for (Browser.Shown reply : html) {
            String at = reply.response().uri().toString();
            assertThat(reply.header("content-type").orElse("")).as(at).isEqualToIgnoringCase("text/html;charset=utf-8");
            assertThat(reply.headers("content-security-policy")).as(at).containsExactly(POLICY);
            assertThat(reply.headers("x-frame-options")).as(at).containsExactly("DENY");
            assertThat(reply.headers("x-content-type-options")).as(at).containsExactly("nosniff");
            assertThat(reply.headers("referrer-policy")).as(at).containsExactly("same-origin");
            assertThat(reply.headers("cross-origin-opener-policy")).as(at).containsExactly("same-origin");
            assertThat(String.join(",", reply.headers("vary"))).as(at).contains("Cookie");
            if (reply.text().contains("name=\"csrf\"")) {
                assertThat(reply.header("cache-control")).as(at).contains("private, no-store");
            }
        }
    }

    /** What the policy would stop anyway is not there, and what an aid for the blind needs is. */
    @Test
    void everyPageIsPlainMarkup() {
        for (Browser browser : List.of(browser(), browserOf("administrator"))) {
            for (String page : pages()) {
                Browser.Shown reply = browser.get(page);
                if (reply.status() == 303) {
                    continue;
                }
                assertThat(reply.text())
                        .as(page)
                        .startsWith("<!doctype html>\n<html lang=\"en\">")
                        .contains("<main id=\"main\"", "<a class=\"skip\" href=\"#main\"", "<header", "<footer")
                        .doesNotContain("<script", "<style", " style=", "javascript:", " onclick", "<iframe", "<base")
                        .doesNotContain("http://", "src=\"//");
                assertThat(reply.text().split("<h1>", -1)).as(page).hasSize(2);
                assertThat(reply.text().length()).as(page).isLessThan(40_000);
            }
        }
    }

    @Test
    void loginIsRememberedInEveryHeader() {
        Browser browser = browserOf(owner);
        for (String page : List.of("/", "/settings/tokens", "/no/such/page")) {
            assertThat(browser.get(page).text()).as(page).contains(">" + owner + "</a>", "Log out");
        }
        assertThat(browser().get("/").text()).contains(">Log in</a>").doesNotContain("Log out");
    }

    @Test
    void stylesheetIsKeptForEverUnderItsDigest() {
        String page = browser().get("/").text();
        String path = page.replaceAll("(?s).*href=\"(/assets/[0-9a-f]{16}/lair\\.css)\".*", "$1");
        Browser.Shown css = browser().get(path).require(200, ":root");
        assertThat(css.header("content-type").orElse("")).isEqualToIgnoringCase("text/css;charset=utf-8");
        assertThat(css.header("cache-control")).contains("public, max-age=31536000, immutable");
        browser().get("/assets/0000000000000000/lair.css").require(404);
        browser().get("/assets/0000000000000000/application.yaml").require(404);
        for (String picture : List.of("/assets/logo.svg", "/favicon.svg")) {
            assertThat(browser().get(picture).require(200, "<svg").header("content-type"))
                    .contains("image/svg+xml");
        }
    }

    @Test
    void pathThatIsNoPageIsToldInHtmlToABrowserAlone() {
        browser().get("/no/such/page").require(404, "<h1>", "What to do");
        assertThat(get("no/such/page", null).header("content-type")).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/api/v1/account",
                "/api/v1/namespaces/no-such-one",
                "/v1/nothing",
                "/content/nothing",
                "/log/nothing",
                "/package/nothing",
                "/.well-known/nothing",
                "/health/nothing"
            })
    void programsAreNeverAnsweredInHtml(String path) {
        Browser.Shown reply = browser().get(path);
        assertThat(reply.status()).isGreaterThanOrEqualTo(400);
        assertThat(reply.header("content-type").orElse("")).doesNotContain("html");
        assertThat(reply.headers("content-security-policy"))
                .containsExactly("default-src 'none'; frame-ancestors 'none'; sandbox");
    }

    /** A door for programs below a path of pages would answer in HTML what a program asks. */
    @Test
    void everyOtherMappingIsForPrograms() {
        mappings.getHandlerMethods().forEach((info, handler) -> {
            if (!handler.getBeanType().getPackageName().equals("dev.lair.server.web")) {
                info.getPatternValues().stream()
                        .filter(path -> !path.equals("/error"))
                        // The way to a provider and back sends a browser on, and shows it nothing.
                        .filter(path -> !path.startsWith("/login/with/"))
                        .forEach(path ->
                                assertThat(PagePaths.isPage(path)).as(path).isFalse());
            }
        });
    }

    @Test
    void refusalNamesTheRequest() {
        Browser.Shown refused = browserOf(owner).get("/approvals").require(403, "administrator");
        assertThat(refused.text()).contains(refused.header("x-request-id").orElseThrow());
    }

    @Test
    void formThatIsNoneIsRefused() {
        Browser browser = browserOf(owner);
        String long64 = "label=" + "x".repeat(64 * 1024);
        browser.post("/settings/tokens", long64, request -> request.header("origin", browser.origin()))
                .require(413);
        browser.post("/settings/tokens", "csrf=%zz", request -> request.header("origin", browser.origin()))
                .require(400);
        Browser.Shown json = browser.post(
                "/settings/tokens",
                "{}",
                request -> request.header("origin", browser.origin()).setHeader("content-type", "application/json"));
        assertThat(json.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?x=%ff",
                "/nosuch?x=%ff",
                "/settings/tokens?label=a&label=b",
                "/login?login=a&login=b&problem=x"
            })
    void queryThatIsNoneIsNoFault(String path) {
        for (Browser browser : List.of(browser(), browserOf(owner))) {
            assertThat(browser.get(path).status()).as(path).isLessThan(500);
        }
    }
}
