package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docker-compose.yml as an operator starts it: built, two nodes, PostgreSQL, S3 and TLS, and a client that publishes through
 * the proxy while one node is down. Skipped where no Docker engine answers; {@code LAIR_E2E_CONTAINERS=0} leaves it out.
 */
class ContainersIT {

    private static final Duration QUICK = Duration.ofSeconds(60);

    /** The first build downloads everything. */
    private static final Duration UP_WITHIN = Duration.ofMinutes(25);

    private static final Set<String> NOT_COPIED = Set.of(".git", "target", "node_modules", "secrets");
    private static final String PASSWORD = "changeit";

    @TempDir
    Path work;

    private Path project;
    private int port;
    private String name;

    @BeforeEach
    void engine() throws Exception {
        assumeThat(!"0".equals(System.getenv("LAIR_E2E_CONTAINERS")), "LAIR_E2E_CONTAINERS is 0");
        String docker = Checkout.program("docker").toString();
        assumeThat(
                Command.of(work, List.of(docker, "info")).within(QUICK).run().exitCode() == 0,
                "no Docker engine answers `docker info`");
        assumeThat(
                Command.of(work, List.of(docker, "compose", "version"))
                                .within(QUICK)
                                .run()
                                .exitCode()
                        == 0,
                "`docker compose` is not installed");
        project = work.resolve("lair");
        copy(Checkout.root(), project);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        name = "lair-e2e-" + ProcessHandle.current().pid() + "-" + port;
    }

    private static void assumeThat(boolean holds, String why) {
        if (!holds) {
            System.err.println("SKIPPED: " + why);
        }
        assumeTrue(holds, "SKIPPED: " + why);
    }

    @AfterEach
    void down() throws Exception {
        if (name != null) {
            compose(Duration.ofMinutes(3), "down", "--volumes", "--remove-orphans")
                    .run();
        }
    }

    private Command compose(Duration within, String... arguments) {
        List<String> line = new ArrayList<>(List.of("docker", "compose", "--project-name", name));
        line.addAll(List.of(arguments));
        return Command.of(project, line)
                .with("HTTPS_PORT", String.valueOf(port))
                .with("LAIR_PUBLIC_URL", url())
                .with("LAIR_NAMESPACES", "test")
                .within(within);
    }

    private String url() {
        return "https://localhost:" + port;
    }

    @Test
    void composedServicesStartAndServeThroughTheProxyAlsoWithOneNode() throws Exception {
        Command.of(project, List.of("deploy/prepare")).run().succeeded();
        Command.Result up = compose(UP_WITHIN, "up", "--build", "--wait", "--wait-timeout", "600")
                .run();
        if (up.exitCode() != 0) {
            throw new AssertionError(up + "\n"
                    + compose(QUICK, "logs", "--no-color", "--tail", "60").run());
        }
        Path certificate = work.resolve("tls.crt");
        compose(QUICK, "cp", "proxy:/run/tls/tls.crt", certificate.toString())
                .run()
                .succeeded();
        KeyStore trusted = trusting(certificate);

        assertThat(get(trusted, "/health")).isEqualTo(200);
        assertThat(get(trusted, "/health/ready")).as("for inside only").isEqualTo(404);
        assertThat(get(trusted, "/metrics")).isEqualTo(404);
        // The nodes tell their metrics to each other's network, by any name that it gives them.
        Command.Result metrics = compose(
                        QUICK, "exec", "-T", "proxy", "wget", "-q", "-O", "-", "http://lair-2:9464/metrics")
                .run()
                .succeeded();
        assertThat(metrics.out()).contains("lair_component_up{component=\"storage\"} 1.0");

        Path trustStore = work.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(trustStore)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        client(trustStore, "key", "new");
        client(trustStore, "publish", Checkout.greeter().toString(), "--package", "test:greeter", "--version", "0.1.0");
        // Not asked to stop: the proxy must notice by itself.
        compose(QUICK, "kill", "lair-1").run().succeeded();
        client(trustStore, "publish", Checkout.greeter().toString(), "--package", "test:greeter", "--version", "0.2.0");
        Path pulled = work.resolve("pulled.wasm");
        client(trustStore, "pull", "test:greeter@0.1.0", "-o", pulled.toString());
        assertThat(pulled).hasSameBinaryContentAs(Checkout.greeter());
        compose(Duration.ofMinutes(3), "up", "--wait", "--wait-timeout", "150")
                .run()
                .succeeded();
        compose(QUICK, "stop", "lair-2").run().succeeded();
        client(trustStore, "verify", "test:greeter@0.2.0");
    }

    private void client(Path trustStore, String... arguments) throws Exception {
        Command.jar(work, Checkout.cliJar(), List.of(arguments))
                .with("LAIR_HOME", work.resolve("home").toString())
                .with("LAIR_REGISTRY", url())
                .with(
                        "JAVA_TOOL_OPTIONS",
                        "-Djavax.net.ssl.trustStore=" + trustStore + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD)
                .run()
                .succeeded();
    }

    private static KeyStore trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "proxy", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        return store;
    }

    private int get(KeyStore trusted, String path) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url() + path))
                                    .timeout(QUICK)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    /** The sources, as a fresh clone has them: secrets are made in the copy, and nothing built gets into the image. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(from)
                        && NOT_COPIED.contains(folder.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
