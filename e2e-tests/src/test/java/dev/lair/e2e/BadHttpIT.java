package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.warg.WargPaths;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, methods, headers and bytes that no client sends: each gets a JSON error, never HTML, and changes nothing. */
class BadHttpIT extends UnchangedRegistry {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing/here",
                "/v1",
                "/v1/",
                "/v1/nothing",
                "/v2/",
                "/content/",
                "/content/%2e%2e/ledger.db",
                "/content/%2e%2e%2fledger.db",
                "/content/..%2fledger.db",
                "/content/../ledger.db",
                "/../ledger.db",
                "/../../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/content/..%5cledger.db",
                "/content/..;/ledger.db",
                "/content/sha256-",
                "/content/sha256-zz",
                "/content/sha256-%00",
                "/content/sha256-..%2f..%2fledger.db",
                "/content/%252e%252e/ledger.db",
                "/content/%c0%ae%c0%ae/ledger.db",
                "/content/%",
                "/content/%zz",
                "/v1/content/..%2f..",
                "/v1/content/sha256:%00",
                "/v1/package/%2e%2e/record/%2e%2e",
                "/v1/ledger/records/-1",
                "/v1/ledger/records/99999999999999999999",
                "/v1/ledger/records/1e3",
                "//v1/nothing",
                "/actuator",
                "/actuator/env",
                "/error",
                "/%00",
                "/WEB-INF/web.xml",
                "/META-INF/MANIFEST.MF"
            })
    void pathThatLeadsNowhereIsAJsonError(String target) throws Exception {
        RawSocket.get(port(), target).requireErrorForm();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "PUT", "PATCH", "TRACE", "PROPFIND", "get"})
    void methodThatAPathDoesNotHaveIsAJsonError(String method) throws Exception {
        HttpReply reply = RawSocket.exchange(
                        port(),
                        method + " /v1/fetch/checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                .orElseThrow();

        reply.requireErrorForm();
        assertThat(reply.status()).isIn(400, 405, 501);
    }

    @Test
    void overlongHeadersAndTargetsAreJsonErrors() throws Exception {
        List<String> requests = List.of(
                "GET /v1/ledger HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Long: " + "x".repeat(20_000)
                        + "\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                "GET /v1/ledger HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + "X-A: b\r\n".repeat(5_000)
                        + "\r\n");
        for (String request : requests) {
            HttpReply reply = RawSocket.exchange(port(), request).orElseThrow();
            assertThat(reply.status()).isIn(400, 414, 431);
            reply.requireErrorForm();
        }
    }

    @Test
    void garbageOnTheSocketIsAJsonErrorOrAClosedConnection() throws Exception {
        List<String> garbage = List.of(
                "\r\n\r\n",
                "\0\0\0\0\0\0\0\0\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "\u0000".repeat(100),
                "GET\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /v1/ledger HTTP/1.1\r\n\r\n",
                "GET /v1/ledger HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
                "GET /v1/ledger HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
                "GET /v1/led\0ger HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                "POST /v1/fetch/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/fetch/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /v1/fetch/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "POST /v1/fetch/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
                        + "Content-Length: 2\r\nConnection: close\r\n\r\n0\r\n\r\n",
                "lorem ipsum\n".repeat(100));
        List<String> faults = new ArrayList<>();
        for (String request : garbage) {
            try (RawSocket raw = new RawSocket(port())) {
                raw.send(request);
                raw.endOfInput();
                Optional<HttpReply> reply = raw.reply();
                if (reply.isPresent()) {
                    reply.get().requireErrorForm();
                }
            } catch (AssertionError e) {
                faults.add(printable(request) + " -> " + e.getMessage());
            }
        }
        assertThat(faults).as("replies that are no JSON errors").isEmpty();
    }

    @Test
    void prefaceOfHttp2IsRefusedWithoutHtml() throws Exception {
        HttpReply reply =
                RawSocket.exchange(port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").orElseThrow();

        // The connector answers before there is a request: a status and nothing else will do.
        assertThat(reply.status()).isBetween(400, 505);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void anotherRegistrysDataIsNotProxied() throws Exception {
        HttpReply reply = registry()
                .send(HttpRequest.newBuilder(registry().resolve(WargPaths.FETCH_CHECKPOINT))
                        .header("warg-registry", "elsewhere.example"));

        reply.requireError(501);
    }

    private static String printable(String request) {
        return request.length() > 60
                ? printable(request.substring(0, 60))
                : request.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }
}
