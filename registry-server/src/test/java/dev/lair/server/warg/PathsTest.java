package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that are none, paths that could be read in two ways, and wrong methods: always JSON, never somebody else's answer. */
class PathsTest extends HttpTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1",
                "v1/",
                "v1/fetch",
                "v1/fetch/checkpoint/",
                "v1/fetch/checkpoint.json",
                ".well-known/other",
                "content",
                "content/"
            })
    void pathThatIsNoneIsNotFound(String path) {
        get(path, "accept", "text/html").requireMessage(404);
    }

    /** People who look there are told by a page; programs never get one. */
    @ParameterizedTest
    @ValueSource(strings = {"V1/fetch/checkpoint", "index.html", "favicon.ico", "actuator", "error"})
    void pathThatIsNoneIsNotFoundByPrograms(String path) {
        get(path, "accept", "application/json").requireMessage(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/%2e%2e/health",
                "/v1/../health",
                "/v1/fetch/%2e%2e/fetch/checkpoint",
                "/v1%2ffetch/checkpoint",
                "/v1%2Ffetch%2Fcheckpoint",
                "/v1/fetch%5ccheckpoint",
                "//v1/fetch/checkpoint",
                "/v1//fetch/checkpoint",
                "/v1/fetch/checkpoint;x=1",
                "/v1;x/fetch/checkpoint",
                "/;/v1/fetch/checkpoint",
                "/content/..;/v1/fetch/checkpoint",
                "/v1/fetch/check%00point",
                "/v1/fetch/checkpoint%",
                "/v1/fetch/checkpoint%zz",
                "/v1/fetch/%63heckpoint/../checkpoint"
            })
    void pathThatCouldBeReadInTwoWaysIsRefused(String target) throws Exception {
        String reply = RawHttp.get(port, target);
        assertThat(reply).matches("(?s)HTTP/1\\.1 40[04] .*");
        assertThat(reply.toLowerCase(Locale.ROOT))
                .contains("content-type: application/json\r\n")
                .contains("x-content-type-options: nosniff")
                .doesNotContain("<html")
                .doesNotContain("logroot");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, v1/fetch/checkpoint, GET",
        "GET, v1/fetch/logs, POST",
        "PUT, v1/fetch/names, POST",
        "DELETE, v1/ledger, GET",
        "GET, v1/proof/inclusion, POST",
        "PATCH, v1/verify/checkpoint, POST",
        "POST, .well-known/wasm-pkg/registry.json, GET"
    })
    void wrongMethodIsToldTheRightOne(String method, String path, String allowed) {
        Reply reply = send(HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
        reply.requireMessage(405);
        assertThat(reply.header("allow").orElse("")).contains(allowed);
    }

    @Test
    void requestThatIsNotHttpGetsJson() throws Exception {
        String reply = RawHttp.send(port, "NONSENSE\r\n\r\n");
        assertThat(reply)
                .startsWith("HTTP/1.1 400")
                .contains("application/json")
                .doesNotContain("<html");
    }

    @Test
    void requestWithTooLargeHeadersGetsJson() throws Exception {
        String reply =
                RawHttp.send(port, "GET /v1/ledger HTTP/1.1\r\nHost: x\r\nX-Large: " + "y".repeat(20_000) + "\r\n\r\n");
        assertThat(reply)
                .startsWith("HTTP/1.1 431")
                .contains("application/json")
                .doesNotContain("<html");
    }

    @Test
    void serverDoesNotSayWhatItIs() {
        assertThat(get("v1/fetch/checkpoint").header("server").orElse("")).isEmpty();
    }

    @Test
    void otherRegistryIsNotAnsweredFor() {
        get("v1/fetch/checkpoint", "warg-registry", "registry.example").requireMessage(501, "registry.example");
        get("v1/fetch/checkpoint", "warg-registry", "127.0.0.1:" + port).json(200);
    }

    @Test
    void wellKnownFileHasNoMemberThatNewClientsFailOn() {
        var json = get(".well-known/wasm-pkg/registry.json").json(200);
        assertThat(json.has("wargUrl")).isFalse();
        assertThat(json.get("warg").get("url").asString()).isEqualTo("http://127.0.0.1:" + port);
    }
}
