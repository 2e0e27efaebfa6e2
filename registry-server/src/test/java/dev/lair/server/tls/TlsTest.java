package dev.lair.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.LairServer;
import dev.lair.server.operations.ServerCommand;
import dev.lair.server.settings.DataFolder;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The server with a certificate of its own, and the commands beside it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    private ConfigurableApplicationContext server;
    private Path data;
    private CertificateFiles files;
    private TestCertificates first;
    private TestCertificates renewed;
    private URI base;

    @BeforeAll
    void start(@TempDir Path folder) {
        first = TestCertificates.of(folder, "first", "EC");
        renewed = TestCertificates.of(folder, "renewed", "EC");
        files = first.write(folder);
        data = folder.resolve("data");
        server = new SpringApplication(LairServer.class)
                .run(
                        "--lair.data=" + data,
                        "--server.port=0",
                        "--lair.tls.certificate=" + files.certificate(),
                        "--lair.tls.key=" + files.key());
        base = URI.create("https://127.0.0.1:"
                + Objects.requireNonNull(server.getEnvironment().getProperty("local.server.port")));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** On a connection of its own: a certificate is shown once per connection. */
    private HttpResponse<String> get(Digest fingerprint, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(PinnedCertificate.context(fingerprint))
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(base.resolve(path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int run(String... arguments) {
        return ServerCommand.run(LairServer.class, arguments);
    }

    private int health() {
        return run("health", "--data", data.toString());
    }

    @Test
    void repliesComeOverTlsTellThatItIsToStayAndNameHttpsAddresses() throws Exception {
        HttpResponse<String> reply = get(files.load().fingerprint(), "/.well-known/warg/registry.json");
        assertThat(reply.headers().firstValue("strict-transport-security")).contains("max-age=31536000");
        assertThat(reply.headers().firstValue("x-content-type-options")).contains("nosniff");
        HttpResponse<String> tree = get(files.load().fingerprint(), "/config.json");
        assertThat(tree.statusCode()).isEqualTo(200);
        assertThat(tree.body()).contains(base.toString()).doesNotContain("http://127");
    }

    @Test
    void plainHttpIsNotAnswered() {
        assertThatThrownBy(() -> {
                    try (HttpClient client = HttpClient.newHttpClient()) {
                        client.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + base.getPort() + "/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void commandsBesideTheServerReachItAndNobodyElse() throws Exception {
        assertThat(health()).isZero();
        assertThat(run("operator", "define", "beside", "--data", data.toString()))
                .isZero();
        Path note = data.resolve(DataFolder.SERVER_URL);
        List<String> lines = Files.readAllLines(note);
        assertThat(lines)
                .containsExactly(base.toString(), "certificate " + files.load().fingerprint());
        try {
            Files.writeString(note, base + "\ncertificate " + Digest.of(new byte[1]) + "\n");
            assertThat(health()).as("another certificate than the noted one").isEqualTo(1);
            assertThat(run("operator", "show", "--data", data.toString())).isNotZero();
            Files.writeString(note, base + "\n");
            assertThat(health()).as("a certificate that nobody vouches for").isEqualTo(1);
        } finally {
            Files.write(note, lines);
        }
    }

    @Test
    void renewedCertificateIsShownWithoutAStartAndADamagedOneIsNot() throws Exception {
        Digest before = files.load().fingerprint();
        TlsListener listener = server.getBean(TlsListener.class);

        // Half of the pair, as it stands between two writes.
        replace(files.certificate(), renewed.certificate());
        listener.lookAgain();
        assertThat(get(before, "/health").statusCode()).isEqualTo(200);

        replace(files.key(), renewed.key());
        listener.lookAgain();
        Digest after = files.load().fingerprint();
        assertThat(after).isNotEqualTo(before);
        assertThat(get(after, "/health").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> get(before, "/health")).isInstanceOf(SSLHandshakeException.class);
        assertThat(health()).isZero();

        replace(files.certificate(), first.certificate());
        replace(files.key(), first.key());
        listener.lookAgain();
        assertThat(get(before, "/health").statusCode()).isEqualTo(200);
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void startWithoutAUsablePairIsRefused(@TempDir Path other) throws Exception {
        CertificateFiles broken = renewed.write(other);
        Files.writeString(broken.key(), first.key());
        assertThatThrownBy(() -> new SpringApplication(LairServer.class)
                        .run(
                                "--lair.storage=memory",
                                "--server.port=0",
                                "--lair.tls.certificate=" + broken.certificate(),
                                "--lair.tls.key=" + broken.key()))
                .rootCause()
                .isInstanceOf(TlsRefused.class)
                .hasMessageContaining("is not that of the first certificate");
    }
}
