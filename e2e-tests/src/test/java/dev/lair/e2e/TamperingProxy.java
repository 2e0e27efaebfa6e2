package dev.lair.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Stands between a registry and its reader and changes one thing on the way: what a verifying client is there for. */
final class TamperingProxy implements AutoCloseable {

    private final Registry registry;
    private final Pattern path;
    private final Alteration alteration;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicInteger altered = new AtomicInteger();

    /** What is done to a body. */
    interface Alteration {
        byte[] of(byte[] body);
    }

    private TamperingProxy(Registry registry, Pattern path, Alteration alteration, HttpServer server) {
        this.registry = registry;
        this.path = path;
        this.alteration = alteration;
        this.server = server;
    }

    /** A proxy that alters the replies at this path, in which {@code *} stands for anything. */
    static TamperingProxy before(Registry registry, String path, Alteration alteration) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Pattern altered = Pattern.compile(Pattern.quote(path).replace("*", "\\E.*\\Q"));
        TamperingProxy proxy = new TamperingProxy(registry, altered, alteration, server);
        server.createContext("/", proxy::answer);
        server.setExecutor(proxy.threads);
        server.start();
        return proxy;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many replies were altered. */
    int altered() {
        return altered.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String asked = exchange.getRequestURI().getRawPath();
            HttpReply reply = registry.get(asked.substring(1));
            byte[] body = reply.body();
            if (path.matcher(asked).matches()) {
                body = alteration.of(body);
                altered.incrementAndGet();
            }
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
