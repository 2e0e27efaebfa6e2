package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lair.server.LairServer;
import dev.lair.server.settings.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCommandTest {

    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                Integer status = answers.get(exchange.getRequestURI().getPath());
                byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status == null ? 404 : status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int run(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("health"));
        all.addAll(List.of(arguments));
        return ServerCommand.run(LairServer.class, all.toArray(String[]::new));
    }

    @Test
    void aReadyServerEndsItWith0AndAnyOtherAnswerWith1() {
        answers.put("/health/ready", 200);
        assertThat(run("--url", url())).isZero();
        assertThat(run("--url", url() + "/")).isZero();
        answers.put("/health/ready", 503);
        assertThat(run("--url", url())).isEqualTo(1);
        answers.clear();
        assertThat(run("--url", url())).isEqualTo(1);
    }

    @Test
    void liveIsAskedWhereItIsWanted() {
        answers.putAll(Map.of("/health/ready", 503, "/health/live", 200));
        assertThat(run("--url", url(), "--live")).isZero();
    }

    @Test
    void theServerOfADataFolderIsFoundByItsNote(@TempDir Path data) {
        answers.put("/health/ready", 200);
        assertThat(run("--data", data.toString())).isEqualTo(1);
        write(data.resolve(DataFolder.SERVER_URL), url() + "\n");
        assertThat(run("--data", data.toString())).isZero();
    }

    @Test
    void nobodyListeningEndsItWith1() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(run("--url", "http://127.0.0.1:" + port)).isEqualTo(1);
    }

    /** Its backlog takes the connection, and nobody ever answers. */
    @Test
    void aServerThatDoesNotAnswerEndsItWith1() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertThat(run("--url", "http://127.0.0.1:" + silent.getLocalPort(), "--within", "PT0.1S"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsNoWebAddressIsRefused() {
        assertThat(run("--url", "file:///etc/passwd")).isEqualTo(1);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
