package dev.lair.server.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.MetricsSettings;
import dev.lair.server.settings.ListeningAddress;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * {@code GET /metrics} on a port of its own, in the text formats of Prometheus and OpenMetrics. Off unless
 * {@code lair.metrics.port} is set. Not one of the web server's ports: behind a proxy on this machine every request comes
 * from the loopback, so "only from here" would let the whole world in; and a web server whose threads are all busy is the
 * one whose metrics are wanted.
 */
@Component
final class MetricsListener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsListener.class);

    private static final String PATH = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final MetricsSettings settings;
    private final ObjectProvider<PrometheusMeterRegistry> meters;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    MetricsListener(LairSettings settings, ObjectProvider<PrometheusMeterRegistry> meters) {
        this.settings = settings.metrics();
        this.meters = meters;
    }

    /** Refuses the whole start when the port is taken: an operator who wants metrics must not find out weeks later. */
    @Override
    public void start() {
        Integer port = settings.port();
        if (port == null) {
            return;
        }
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(settings.address(), port), 0);
            threads = Executors.newVirtualThreadPerTaskExecutor();
            started.setExecutor(threads);
            started.createContext("/", this::answer);
            started.start();
            server = started;
            LOG.info(
                    "metrics at {}{}",
                    ListeningAddress.url(
                            settings.address(), started.getAddress().getPort()),
                    PATH);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "lair.metrics cannot listen on `" + settings.address() + "` port " + port + ": " + e.getMessage(),
                    e);
        }
    }

    /** Where it listens now; -1 while it does not. */
    int port() {
        return server == null ? -1 : server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                reply(exchange, 404, TEXT, "only " + PATH + " is here\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                reply(exchange, 405, TEXT, "only GET\n");
            } else {
                String accept = exchange.getRequestHeaders().getFirst("Accept");
                String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
                reply(exchange, 200, type, meters.getObject().scrape(type));
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
        if (threads != null) {
            threads.shutdownNow();
            threads = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
