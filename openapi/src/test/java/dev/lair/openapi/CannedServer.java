package dev.lair.openapi;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.openapi.warg.client.ApiClient;
import dev.lair.openapi.warg.client.WargApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Answers every request with one prepared reply and remembers what was asked; loopback, free port. */
final class CannedServer implements AutoCloseable {
    /** A request as received; the path is percent-decoded. */
    record Request(
            String method,
            String path,
            String body,
            @Nullable String authorization) {}

    private record Reply(int status, String body) {}

    private final HttpServer server;
    private volatile Reply reply = new Reply(500, "{}");
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    CannedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    void answers(int status, JsonNode body) {
        answers(status, body.toString());
    }

    void answers(int status, String body) {
        reply = new Reply(status, body);
    }

    /** The oldest request that was not asked for yet. */
    Request received() {
        Request request = requests.poll();
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    ApiClient client() {
        return new ApiClient(HttpClient.newBuilder(), ApiClient.createDefaultObjectMapper(), url());
    }

    WargApi api() {
        return new WargApi(client());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    body,
                    exchange.getRequestHeaders().getFirst("Authorization")));
            Reply now = reply;
            byte[] bytes = now.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(now.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
