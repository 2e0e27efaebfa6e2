package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.LairServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

/** What is told at {@code lair.metrics.port}, against its list in docs/METRICS.md. */
@SpringBootTest(
        classes = LairServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"lair.storage=memory", "lair.namespaces=test", "lair.metrics.port=0", "logging.level.root=warn"})
class MetricsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Path LIST = Path.of("../docs/METRICS.md");

    /** {@code | `name` | type | labels | … |}; a name in brackets is not there from the start. */
    private static final Pattern ROW = Pattern.compile("\\| (\\(?)`([a-z0-9_]+)`\\)? \\| ([a-z]+) \\|.*");

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

    @Autowired
    MetricsListener listener;

    @Value("${local.server.port}")
    int serverPort;

    private static HttpResponse<String> send(String method, int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no reply", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String scrape() {
        HttpResponse<String> reply = send("GET", listener.port(), "/metrics");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        return reply.body();
    }

    /** Type by name. The maximum that stands beside each timer is told of once, above the list. */
    private Map<String, String> told() {
        Map<String, String> types = new TreeMap<>();
        Matcher line = TYPE.matcher(scrape());
        while (line.find()) {
            types.put(line.group(1), line.group(2));
        }
        types.keySet()
                .removeIf(name ->
                        name.endsWith("_max") && types.containsKey(name.substring(0, name.length() - "_max".length())));
        return types;
    }

    private static Map<String, String> listed(boolean fromTheStart) throws IOException {
        Map<String, String> types = new TreeMap<>();
        for (String line : Files.readAllLines(LIST)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && (!fromTheStart || row.group(1).isEmpty())) {
                types.put(row.group(2), row.group(3));
            }
        }
        return types;
    }

    @Test
    void everyMetricIsListedAndEveryListedMetricIsTold() throws IOException {
        send("GET", serverPort, "/health/ready");
        Map<String, String> told = told();
        Map<String, String> listed = listed(false);
        assertThat(listed.entrySet())
                .as("docs/METRICS.md, against every metric that is told")
                .containsAll(told.entrySet());
        assertThat(told.entrySet())
                .as("metrics that are told, against those that docs/METRICS.md lists as there from the start")
                .containsAll(listed(true).entrySet());
    }

    @Test
    void ourOwnMetricsTellHowTheNodeFares() {
        assertThat(scrape())
                .contains("lair_ledger_tree_size 1.0\n")
                .contains("lair_ledger_committed_size 1.0\n")
                .contains("lair_ledger_queue_depth 0.0\n")
                .containsPattern("lair_evidence_tree_size [1-9]")
                .contains("lair_component_up{component=\"ledger\"} 1.0\n")
                .contains("lair_component_up{component=\"storage\"} 1.0\n")
                .contains("lair_component_up{component=\"checkpoint\"} 1.0\n")
                .containsPattern("lair_ledger_checkpoint_age_seconds \\d")
                .containsPattern("lair_build\\{version=\"[^\"]+\"} 1\\.0\n");
    }

    @Test
    void theWorkOfTheLedgerIsCounted() {
        assertThat(scrape())
                // The operator's first record, and the checkpoint over it.
                .containsPattern("lair_ledger_commit_seconds_count\\{outcome=\"committed\"} [1-9]")
                .contains("lair_ledger_commit_seconds_count{outcome=\"failed\"} 0\n")
                .contains("lair_ledger_commit_seconds_count{outcome=\"stale\"} 0\n")
                .containsPattern("lair_ledger_batch_records_sum [1-9]")
                .containsPattern("lair_ledger_publish_seconds_count\\{outcome=\"published\"} [1-9]")
                .contains("lair_ledger_publish_seconds_count{outcome=\"retried\"} 0\n");
    }

    @Test
    void requestsAreCountedByPatternAndNeverByPath() {
        send("GET", serverPort, "/content/sha256-" + "0".repeat(64));
        send("GET", serverPort, "/no/such/path");
        assertThat(scrape())
                .contains("uri=\"/content/{")
                .contains("le=\"0.25\"")
                .doesNotContain("0".repeat(64))
                .doesNotContain("no/such/path");
    }

    @Test
    void metricsAreNotToldAtTheDoors() {
        assertThat(send("GET", serverPort, "/metrics").statusCode()).isEqualTo(404);
        assertThat(send("GET", serverPort, "/actuator/prometheus").statusCode()).isEqualTo(404);
    }

    @Test
    void theListenerTellsMetricsAndNothingElse() {
        assertThat(send("GET", listener.port(), "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", listener.port(), "/health").statusCode()).isEqualTo(404);
        assertThat(send("GET", listener.port(), "/metrics/").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = send("POST", listener.port(), "/metrics");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("allow")).contains("GET");
    }

    @Test
    void openMetricsIsSpokenWithWhoeverAsksForIt() {
        HttpResponse<String> reply = send(
                "GET",
                listener.port(),
                "/metrics",
                "Accept",
                "application/openmetrics-text; version=1.0.0,text/plain;q=0.5");
        assertThat(reply.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(reply.body()).endsWith("# EOF\n");
    }
}
