package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.lair.openapi.warg.model.PackageRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells of itself: metrics to those who ask, traces to whom the operator names, nothing to anyone else. */
class TelemetryIT {

    private static final Pattern METRICS = Pattern.compile("metrics at (http://\\S+)");
    private static final Pattern INTERNET = Pattern.compile("AF_INET6?\\b");
    private static final String REQUEST = "http post /v1/package/{logId}/record";

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private static void publish(Registry registry, String name) throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, name);
        byte[] content = Wasm.module(name);
        PackageRecord sourcing = registry.submit(author.name(), author.release("1.0.0", content));
        assertThat(registry.upload(sourcing, content).status()).isEqualTo(201);
    }

    @Test
    void aPublishIsATraceAtTheEndpointThatTheOperatorNames() throws Exception {
        List<String> received = Collections.synchronizedList(new ArrayList<>());
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try (exchange) {
                String line = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("Content-Type") + "\n";
                // Protobuf; its texts stand there as they are.
                received.add(line + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        try {
            ServerProcess server = ServerProcess.in(work)
                    .namespace("test")
                    .under(List.of(
                            Checkout.program("env").toString(),
                            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:"
                                    + collector.getAddress().getPort(),
                            "OTEL_TRACES_SAMPLER=always_on",
                            "OTEL_SERVICE_NAME=lair-under-test",
                            "OTEL_BSP_SCHEDULE_DELAY=50"))
                    .start(processes);
            publish(server.registry(), "test:traced");
            Await.isTrue(
                    "a trace of the publish",
                    Duration.ofSeconds(30),
                    () -> received.stream().anyMatch(sent -> sent.contains(REQUEST)));
            String sent = received.stream()
                    .filter(trace -> trace.contains(REQUEST))
                    .findFirst()
                    .orElseThrow();
            assertThat(sent)
                    .startsWith("POST /v1/traces application/x-protobuf\n")
                    .contains("service.name", "lair-under-test");
            assertThat(received).allMatch(request -> request.startsWith("POST /v1/traces "));
            assertThat(server.stop()).isIn(0, 143);
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void withoutConfigurationTheServerConnectsToNobody() throws Exception {
        Path trace = work.resolve("trace");
        ServerProcess server =
                ServerProcess.in(work).namespace("test").under(strace(trace)).start(processes);
        publish(server.registry(), "test:quiet");
        server.stop();
        SystemCalls calls = SystemCalls.read(trace);
        assertThat(calls.calls())
                .as("the tracer sees what there is to see")
                .anyMatch(call ->
                        call.is("bind") && INTERNET.matcher(call.arguments()).find());
        assertThat(calls.calls())
                .filteredOn(call -> call.is("connect", "sendto", "sendmsg", "sendmmsg")
                        && INTERNET.matcher(call.arguments()).find())
                .isEmpty();
    }

    private List<String> strace(Path trace) throws Exception {
        List<String> line = List.of(
                Checkout.program("strace").toString(),
                "-f",
                "-e",
                "trace=bind,connect,sendto,sendmsg,sendmmsg",
                "-o",
                trace.toString());
        List<String> trial = new ArrayList<>(line);
        trial.add("true");
        if (Command.of(work, trial).within(Duration.ofSeconds(20)).run().exitCode() != 0) {
            String skipped = "SKIPPED: strace is here but may not trace (ptrace is forbidden on this machine)";
            System.err.println(skipped);
            assumeTrue(false, skipped);
        }
        return line;
    }

    @Test
    void metricsAreToldAtTheirOwnPortOnly() throws Exception {
        ServerProcess server = ServerProcess.in(work)
                .namespace("test")
                .set("lair.metrics.port", "0")
                .start(processes);
        publish(server.registry(), "test:measured");
        Matcher line = METRICS.matcher(server.log());
        assertThat(line.find()).as(server.log()).isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String metrics = client.send(
                            HttpRequest.newBuilder(URI.create(line.group(1))).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(metrics)
                    .containsPattern(
                            "http_server_requests_seconds_count\\{[^}]*uri=\"/v1/package/\\{logId}/record\"[^}]*} 1\n")
                    .contains("lair_ledger_tree_size")
                    .doesNotContain("test:measured");
        }
        assertThat(server.registry().get("metrics").status()).isEqualTo(404);
    }

    @Test
    void aMetricsPortThatIsTakenStopsTheStartAndIsNamed() throws Exception {
        ServerProcess first = ServerProcess.in(work)
                .data(work.resolve("first"))
                .set("lair.metrics.port", "0")
                .start(processes);
        Matcher line = METRICS.matcher(first.log());
        assertThat(line.find()).isTrue();
        int taken = URI.create(line.group(1)).getPort();
        Path log = work.resolve("second.log");
        Process second = ServerProcess.in(work)
                .data(work.resolve("second"))
                .set("lair.metrics.port", String.valueOf(taken))
                .begin(processes, log);
        assertThat(second.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isNotZero();
        assertThat(log).content().contains("lair.metrics cannot listen on `127.0.0.1` port " + taken);
    }
}
