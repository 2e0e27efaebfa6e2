package dev.lair.server.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.TestClock;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.WitnessStore;
import dev.lair.storage.memory.MemoryWitnesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The witness over HTTP: the eight requests of the vectors, the monitoring side, and what is no request. */
class WitnessHttpTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final TestClock CLOCK = new TestClock();
    private static final ForgettingStore STORE = new ForgettingStore();

    private static ConfigurableApplicationContext application;
    private static int port;

    /** Starts each test with nothing. */
    private static final class ForgettingStore implements WitnessStore {

        private volatile WitnessStore now = new MemoryWitnesses();

        @Override
        public Optional<Head> head(String origin) {
            return now.head(origin);
        }

        @Override
        public boolean replace(String origin, Optional<Head> expected, Head next) {
            return now.replace(origin, expected, next);
        }

        @Override
        public void close() {
            now.close();
        }
    }

    @BeforeAll
    static void start() {
        application = WitnessApplication.start(
                new WitnessSettings(
                        Path.of("unused"), null, null, false, List.of(WitnessVectors.LOG_KEY), "127.0.0.1", 0),
                List.of(WitnessVectors.ED25519.signer(), WitnessVectors.ML_DSA_44.signer()),
                STORE,
                CLOCK);
        port = Integer.parseInt(
                Objects.requireNonNull(application.getEnvironment().getProperty("local.server.port")));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void forget() {
        STORE.now = new MemoryWitnesses();
        CLOCK.set(Instant.ofEpochSecond(WitnessVectors.cosignatureTime()));
    }

    private record Reply(int status, HttpResponse<byte[]> response) {

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    private static Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(
                    request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
            Reply reply = new Reply(response.statusCode(), response);
            assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(reply.header("content-type").toLowerCase(Locale.ROOT)).startsWith("text/");
            assertThat(reply.header("content-type").toLowerCase(Locale.ROOT)).doesNotContain("html");
            return reply;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no reply", e);
        }
    }

    private static Reply send(String method, String path) {
        return send(HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + path);
    }

    private static Reply post(byte[] body) {
        return send(HttpRequest.newBuilder(uri("add-checkpoint")).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static Reply post(String body) {
        return post(body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply post(WitnessVectors.Request request) {
        return post(request.body());
    }

    static List<WitnessVectors.Request> requests() {
        List<WitnessVectors.Request> requests = WitnessVectors.requests();
        assertThat(requests).hasSize(8);
        return requests;
    }

    /** Brings the witness into the state that a vector starts from. */
    private static void reach(String state) {
        if (state.startsWith("fresh")) {
            return;
        }
        assertThat(post(requests().get(0)).status()).isEqualTo(200);
        if (state.equals("cosigned 7")) {
            assertThat(post(requests().get(6)).status()).isEqualTo(200);
        } else {
            assertThat(state).isEqualTo("cosigned 3");
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestOfTheVectorsIsAnsweredAsRecorded(WitnessVectors.Request request) throws Exception {
        reach(request.state());
        Reply reply = post(request);
        int expected = Integer.parseInt(request.expected().substring(0, 3));
        assertThat(reply.status()).as(reply.text()).isEqualTo(expected);
        if (expected == 409) {
            assertThat(reply.text()).isEqualTo("3\n");
            assertThat(reply.header("content-type")).isEqualTo("text/x.tlog.size");
        } else if (expected == 200) {
            SignedNote asked =
                    SignedNote.parse(request.body().substring(request.body().indexOf("\n\n") + 2));
            SignedNote answered = new SignedNote(asked.text(), NoteSignature.parseLines(reply.text()));
            assertThat(answered.verify(List.of(WitnessVectors.ED25519.key(), WitnessVectors.ML_DSA_44.key())))
                    .hasSize(2)
                    .allMatch(one -> one.epochSeconds().orElse(0) == WitnessVectors.cosignatureTime());
        }
    }

    @Test
    void cosignatureOverEightLeavesIsTheRecordedLine() {
        Reply reply = post("old 0\n\n" + WitnessVectors.checkpoint(8));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).startsWith(WitnessVectors.cosignatureOfEight());
    }

    @Test
    void monitorsSeeTheLastCosignedHead() throws Exception {
        assertThat(send("GET", WitnessVectors.ORIGIN_HASH + "/checkpoint").status())
                .isEqualTo(404);
        reach("cosigned 3");
        reach3to7();
        Reply reply = send("GET", WitnessVectors.ORIGIN_HASH + "/checkpoint");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("text/plain;charset=utf-8");
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        SignedNote note = SignedNote.parse(reply.text());
        assertThat(note.text())
                .isEqualTo(SignedNote.parse(WitnessVectors.checkpoint(7)).text());
        assertThat(note.verify(
                        List.of(WitnessVectors.LOG_KEY, WitnessVectors.ED25519.key(), WitnessVectors.ML_DSA_44.key())))
                .hasSize(3);
        Reply head = send("HEAD", WitnessVectors.ORIGIN_HASH + "/checkpoint");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
    }

    private static void reach3to7() {
        assertThat(post(requests().get(6)).status()).isEqualTo(200);
    }

    @Test
    void logsAreNamedByTheHashOfTheirOriginOnly() {
        reach("cosigned 3");
        for (String name : List.of(
                WitnessVectors.ORIGIN_HASH.toUpperCase(Locale.ROOT),
                WitnessVectors.ORIGIN_HASH.substring(1),
                Witness.hashOf("unknown.example/log"),
                "registry.example")) {
            assertThat(send("GET", name + "/checkpoint").status()).as(name).isEqualTo(404);
        }
    }

    @Test
    void bodyBeyondTheLimitIsNotRead() {
        byte[] body = new byte[WitnessRoutes.MAX_BODY_BYTES + 1];
        Arrays.fill(body, (byte) 'x');
        Reply reply = post(body);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).contains(Integer.toString(WitnessRoutes.MAX_BODY_BYTES));
        byte[] largest = Arrays.copyOf(body, WitnessRoutes.MAX_BODY_BYTES);
        assertThat(post(largest).status()).isEqualTo(400);
    }

    @Test
    void refusalsSayWhy() {
        Reply reply = post("old 0\n\nno note\n");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).isEqualTo("text/plain;charset=utf-8");
        assertThat(reply.text()).isNotBlank().endsWith("\n");
        assertThat(post(new byte[] {(byte) 0xff, '\n', '\n'}).status()).isEqualTo(400);
        assertThat(post("").status()).isEqualTo(400);
    }

    @Test
    void clockFarBehindIsOurFault() {
        reach("cosigned 3");
        CLOCK.set(Instant.ofEpochSecond(1_000_000_000));
        assertThat(post(requests().get(6)).status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "checkpoint", "add-checkpoint/x", "v1/fetch/checkpoint", "log/checkpoint", "error", "x/y/z"})
    void otherPathsAreNotHere(String path) {
        assertThat(send("GET", path).status()).isEqualTo(404);
        assertThat(send("POST", path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"GET, add-checkpoint", "PUT, add-checkpoint", "DELETE, x", "OPTIONS, x", "PATCH, health"})
    void otherMethodsAreNotTaken(String method, String path) {
        Reply reply = send(method, path);
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).contains("POST");
    }

    @Test
    void healthIsUp() {
        assertThat(send("GET", "health").text()).isEqualTo("up\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET /a%2fb/checkpoint HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            })
    void whatTheWebServerRefusesIsNoPage(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(reply).matches("(?s)HTTP/1\\.1 40[045].*");
            assertThat(reply.toLowerCase(Locale.ROOT)).doesNotContain("<html").doesNotContain("jetty");
        }
    }

    @Test
    void ofTwoFuturesAtOnceExactlyOneIsCosigned() throws Exception {
        assertThat(post(new GrowingLog(WitnessVectors.LOG)
                                .to(3, "leaf")
                                .request(0)
                                .format())
                        .status())
                .isEqualTo(200);
        List<String> futures = List.of(
                new GrowingLog(WitnessVectors.LOG)
                        .to(3, "leaf")
                        .to(5, "one")
                        .request(3)
                        .format(),
                new GrowingLog(WitnessVectors.LOG)
                        .to(3, "leaf")
                        .to(6, "two")
                        .request(3)
                        .format());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Reply>> running = new ArrayList<>();
            futures.forEach(body -> running.add(threads.submit(() -> post(body))));
            List<Integer> statuses = new ArrayList<>();
            for (Future<Reply> one : running) {
                statuses.add(one.get(20, TimeUnit.SECONDS).status());
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 409);
        } finally {
            threads.shutdownNow();
        }
    }
}
