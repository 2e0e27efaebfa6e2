package dev.lair.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an issuer's documents are fetched from, over real sockets (section 3, "SSRF by jwks_uri"). */
class PinnedDocumentsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        threads.shutdownNow();
    }

    /** Answers each connection with these bytes, once it has read a request. */
    private ServerSocket serving(ServerSocket server, byte[] answer, @Nullable CountDownLatch endless) {
        opened.add(server);
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> answer(socket, answer, endless));
                } catch (IOException e) {
                    // A handshake that failed, or the end of the test.
                }
            }
        });
        return server;
    }

    private void answer(Socket socket, byte[] answer, @Nullable CountDownLatch endless) {
        try (socket) {
            requests.add(head(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            out.write(answer);
            out.flush();
            if (endless != null) {
                endless.await();
            }
        } catch (IOException | InterruptedException e) {
            // The client refuses what it gets, and hangs up: that is what is tested.
            return;
        }
    }

    private ServerSocket serving(String answer) throws IOException {
        return serving(new ServerSocket(0, 50, LOOPBACK), answer.getBytes(StandardCharsets.ISO_8859_1), null);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Issuer issuer(String url, boolean privately) {
        return new Issuer(url, Set.of(), privately, url.startsWith("http:"));
    }

    private PinnedDocuments documents(PinnedDocuments.NameLookup names, Duration within) {
        return documents(names, (SSLSocketFactory) SSLSocketFactory.getDefault(), within);
    }

    private PinnedDocuments documents(PinnedDocuments.NameLookup names, SSLSocketFactory tls, Duration within) {
        PinnedDocuments documents = new PinnedDocuments(names, tls, within);
        opened.add(documents);
        return documents;
    }

    private byte[] get(ServerSocket server, boolean privately) throws IOException {
        String url = "http://issuer.example:" + server.getLocalPort();
        return documents(host -> List.of(LOOPBACK), LONG).get(issuer(url, privately), URI.create(url + "/keys?a=b"));
    }

    @Test
    void documentIsFetchedWithTheNameAndNoMoreThanNeeded() throws IOException {
        ServerSocket server = serving(ok("{}"));
        assertThat(get(server, true)).asString().isEqualTo("{}");
        assertThat(requests)
                .containsExactly("GET /keys?a=b HTTP/1.1\r\nHost: issuer.example:" + server.getLocalPort()
                        + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: lair\r\n"
                        + "Connection: close\r\n\r\n");
    }

    @Test
    void addressThatIsNotPublicIsNotConnectedTo() throws IOException {
        ServerSocket server = serving(ok("{}"));
        assertThatThrownBy(() -> get(server, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no public address")
                .hasMessageContaining("allow-private-addresses");
        assertThat(requests).isEmpty();
    }

    @Test
    void nameWithOnePrivateAddressAmongPublicOnesIsNotConnectedTo() throws IOException {
        ServerSocket server = serving(ok("{}"));
        String url = "http://issuer.example:" + server.getLocalPort();
        PinnedDocuments documents = documents(host -> List.of(InetAddress.getByName("140.82.112.3"), LOOPBACK), LONG);
        assertThatThrownBy(() -> documents.get(issuer(url, false), URI.create(url + "/keys")))
                .hasMessageContaining("no public address");
        assertThat(requests).isEmpty();
    }

    /** DNS rebinding: the answer is another when the name is asked again. */
    @Test
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws IOException {
        ServerSocket server = serving(ok("{}"));
        AtomicInteger asked = new AtomicInteger();
        PinnedDocuments.NameLookup rebinding = host -> {
            assertThat(host).isEqualTo("issuer.example");
            if (asked.incrementAndGet() > 1) {
                throw new UnknownHostException("asked again");
            }
            return List.of(LOOPBACK);
        };
        String url = "http://issuer.example:" + server.getLocalPort();
        assertThat(documents(rebinding, LONG).get(issuer(url, true), URI.create(url + "/keys")))
                .asString()
                .isEqualTo("{}");
        assertThat(asked).hasValue(1);
    }

    @Test
    void addressBehindOneThatDoesNotAnswerIsTried() throws IOException {
        ServerSocket server = serving(ok("{}"));
        String url = "http://issuer.example:" + server.getLocalPort();
        PinnedDocuments documents = documents(host -> List.of(InetAddress.getByName("127.0.0.9"), LOOPBACK), LONG);
        assertThat(documents.get(issuer(url, true), URI.create(url + "/keys")))
                .asString()
                .isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 301 Moved\r\nLocation: http://issuer.example/keys\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: /keys2\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 204 No Content\r\n\r\n"
            })
    void redirectsAreNotFollowedAndErrorsAreNoKeys(String answer) throws IOException {
        ServerSocket server = serving(answer);
        assertThatThrownBy(() -> get(server, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not 200");
        assertThat(requests).hasSize(1);
    }

    @Test
    void issuerThatSendsNothingEndsInItsTime() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        ServerSocket server = serving(
                new ServerSocket(0, 50, LOOPBACK), "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8), never);
        String url = "http://issuer.example:" + server.getLocalPort();
        PinnedDocuments documents = documents(host -> List.of(LOOPBACK), Duration.ofMillis(50));
        assertThatThrownBy(() -> documents.get(issuer(url, true), URI.create(url + "/keys")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not answer within 50 ms");
        never.countDown();
    }

    @Test
    void limitOfTheNetworkIsFiveSecondsAndAQuarterOfAMebibyte() {
        assertThat(Limits.FETCH_WITHIN).isEqualTo(Duration.ofSeconds(5));
        assertThat(Limits.DOCUMENT_BYTES).isEqualTo(262_144);
    }

    @Test
    void placeThatIsNotTheIssuersIsNotFetchedWhoeverAsks() {
        PinnedDocuments documents = documents(host -> List.of(LOOPBACK), LONG);
        assertThatThrownBy(() ->
                        documents.get(issuer("https://issuer.example", true), URI.create("http://issuer.example/keys")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a place of this issuer");
    }

    @Test
    void failureOfTheLookUpIsTold() {
        PinnedDocuments documents = documents(
                host -> {
                    throw new UnknownHostException("no such name");
                },
                LONG);
        assertThatThrownBy(() -> documents.get(
                        issuer("https://issuer.example", true), URI.create("https://issuer.example/keys")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such name");
    }

    // --- TLS ---

    /** Made by the JDK's own tool: nothing in a test's class path makes certificates. */
    private static SSLContext certified(Path folder, String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        return context(keys);
    }

    private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Test
    void certificateMustBeOfTheNameAndTrusted(@TempDir Path folder) throws Exception {
        SSLContext issuer = certified(folder, "issuer.example");
        ServerSocket server = serving(
                issuer.getServerSocketFactory().createServerSocket(0, 50, LOOPBACK),
                ok("{}").getBytes(StandardCharsets.UTF_8),
                null);
        int port = server.getLocalPort();
        PinnedDocuments trusting = documents(host -> List.of(LOOPBACK), issuer.getSocketFactory(), LONG);
        String own = "https://issuer.example:" + port;
        assertThat(trusting.get(issuer(own, true), URI.create(own + "/keys")))
                .asString()
                .isEqualTo("{}");
        String other = "https://other.example:" + port;
        assertThatThrownBy(() -> trusting.get(issuer(other, true), URI.create(other + "/keys")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other.example");
        PinnedDocuments usual = documents(host -> List.of(LOOPBACK), LONG);
        assertThatThrownBy(() -> usual.get(issuer(own, true), URI.create(own + "/keys")))
                .isInstanceOf(IOException.class);
        assertThat(requests).hasSize(1);
    }

    // --- bodies ---

    private static byte[] body(String answer) throws IOException {
        return HttpAnswer.body(new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void bodyIsReadByLengthInChunksOrToTheEnd() throws IOException {
        String head = "HTTP/1.1 200 OK\r\n";
        assertThat(body(head + "content-length: 2\r\n\r\n{}more")).asString().isEqualTo("{}");
        assertThat(body(head + "Transfer-Encoding: Chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n"))
                .asString()
                .isEqualTo("{}");
        assertThat(body("HTTP/1.0 200 OK\n\n{}")).asString().isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/2 200\r\n\r\n{}",
                "ICY 200 OK\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n{}"
            })
    void answerThatCanBeReadInTwoWaysOrEndsEarlyIsRefused(String answer) {
        assertThatThrownBy(() -> body(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void documentOfMoreThanTheLimitIsRefusedHoweverItIsSent() throws IOException {
        String most = "x".repeat(Limits.DOCUMENT_BYTES);
        assertThat(body(ok(most))).hasSize(Limits.DOCUMENT_BYTES);
        assertThat(body("HTTP/1.1 200 OK\r\n\r\n" + most)).hasSize(Limits.DOCUMENT_BYTES);
        String half = Integer.toHexString(Limits.DOCUMENT_BYTES / 2 + 1) + "\r\n"
                + "x".repeat(Limits.DOCUMENT_BYTES / 2 + 1) + "\r\n";
        for (String answer : List.of(
                ok(most + "x"),
                "HTTP/1.1 200 OK\r\n\r\n" + most + "x",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + half + half + "0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(Limits.HEAD_BYTES),
                "HTTP/1.1 200 OK\r\nA: " + "x".repeat(Limits.HEAD_BYTES) + "\r\n\r\n{}")) {
            assertThatThrownBy(() -> body(answer))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than");
        }
    }
}
