package dev.lair.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.lair.storage.Required;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server for tests, with one bucket. In this order:
 *
 * <ol>
 *   <li>the one that {@code LAIR_TEST_S3_URL} names, with {@code LAIR_TEST_S3_KEY}, {@code _SECRET}, {@code _BUCKET}
 *       (which exists) and perhaps {@code _REGION};
 *   <li>SeaweedFS in a container, where a Docker engine answers; {@code LAIR_TEST_S3_IMAGE} names another version;
 *   <li>s3proxy as a process over a folder, from the jars that the build puts in {@code storage-backends/target/s3proxy}
 *       (or the system property {@code lair.test.s3proxy} names). It checks signatures and honours conditional puts.
 * </ol>
 *
 * <p>All listen on loopback only. Every {@link #settings} has a prefix of its own, so tests do not meet. A module that
 * uses this repeats the test dependency on {@code org.testcontainers:testcontainers}.
 */
public final class S3Server implements AutoCloseable {

    /** Some earlier versions, 4.16 for one, let two writers win. */
    private static final String IMAGE = "chrislusf/seaweedfs:4.46";

    private static final int CONTAINER_PORT = 8333;
    private static final String BUCKET = "lair-test";
    private static final int START_SECONDS = 60;
    private static final Pattern STARTED =
            Pattern.compile(".*Started .*ServerConnector.*\\{127\\.0\\.0\\.1:([1-9][0-9]*)\\}.*");

    private static @Nullable S3Server shared;

    private final URI endpoint;
    private final String region;
    private final String bucket;
    private final S3Credentials credentials;
    private final AutoCloseable closing;

    private S3Server(URI endpoint, String region, String bucket, S3Credentials credentials, AutoCloseable closing) {
        this.endpoint = endpoint;
        this.region = region;
        this.bucket = bucket;
        this.credentials = credentials;
        this.closing = closing;
    }

    /** The server of all tests in this JVM, started by the first who asks; without one the test skips, or fails. */
    public static synchronized S3Server shared() {
        S3Server server = shared;
        if (server == null) {
            server = Required.orSkip("s3", S3Server::start);
            shared = server;
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        }
        return server;
    }

    /**
     * A server of the caller's own.
     *
     * @throws Required.Missing when there is none to be had
     */
    public static S3Server start() throws Required.Missing {
        String url = System.getenv("LAIR_TEST_S3_URL");
        if (url != null) {
            return given(URI.create(url));
        }
        List<String> reasons = new ArrayList<>(List.of("LAIR_TEST_S3_URL is not set"));
        try {
            return inContainer();
        } catch (Required.Missing e) {
            reasons.add(e.getMessage());
        }
        try {
            return asProcess();
        } catch (Required.Missing e) {
            reasons.add(e.getMessage());
        }
        throw new Required.Missing(String.join("; ", reasons));
    }

    private static S3Server given(URI url) throws Required.Missing {
        String region = System.getenv().getOrDefault("LAIR_TEST_S3_REGION", "us-east-1");
        return new S3Server(
                url,
                region,
                environment("LAIR_TEST_S3_BUCKET"),
                S3Credentials.of(environment("LAIR_TEST_S3_KEY"), environment("LAIR_TEST_S3_SECRET")),
                () -> {});
    }

    private static String environment(String name) throws Required.Missing {
        String value = System.getenv(name);
        if (value == null) {
            throw new Required.Missing("LAIR_TEST_S3_URL is set and " + name + " is not");
        }
        return value;
    }

    private static S3Credentials random() {
        return S3Credentials.of("test-key", UUID.randomUUID().toString());
    }

    private static S3Server inContainer() throws Required.Missing {
        // Asking costs seconds where there is nothing to ask.
        if (System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock"))) {
            throw new Required.Missing("no Docker engine");
        }
        try {
            Class.forName("org.testcontainers.DockerClientFactory");
        } catch (ClassNotFoundException e) {
            throw new Required.Missing("a Docker engine, but no Testcontainers on the class path");
        }
        return Container.start();
    }

    /** Apart, because its classes are not on every class path. */
    private static final class Container {

        static S3Server start() throws Required.Missing {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                throw new Required.Missing("the Docker engine does not answer");
            }
            S3Credentials user = random();
            String identities = """
                    {"identities":[{"name":"lair","credentials":[{"accessKey":"%s","secretKey":"%s"}],
                    "actions":["Admin","Read","Write","List","Tagging"]}]}
                    """.formatted(user.accessKeyId(), user.secretKey());
            GenericContainer<?> container = new GenericContainer<>(
                            System.getenv().getOrDefault("LAIR_TEST_S3_IMAGE", IMAGE))
                    .withCopyToContainer(Transferable.of(identities), "/etc/lair-s3.json")
                    .withCommand(
                            "server",
                            "-dir=/data",
                            "-master.volumeSizeLimitMB=256",
                            "-volume.max=0",
                            "-s3",
                            "-s3.port=" + CONTAINER_PORT,
                            "-s3.config=/etc/lair-s3.json")
                    .withExposedPorts(CONTAINER_PORT)
                    .withCreateContainerCmdModifier(Container::onLoopback)
                    .waitingFor(Wait.forHttp("/").forPort(CONTAINER_PORT).forStatusCodeMatching(code -> code < 500));
            try {
                container.start();
            } catch (ContainerFetchException e) {
                throw new Required.Missing("a Docker engine that cannot fetch its image: " + e.getMessage());
            }
            URI endpoint = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(CONTAINER_PORT));
            S3Server server = new S3Server(endpoint, "us-east-1", BUCKET, user, container);
            try (S3Client client = server.client()) {
                client.createBucket(r -> r.bucket(BUCKET));
            }
            return server;
        }

        private static void onLoopback(CreateContainerCmd command) {
            HostConfig host = command.getHostConfig();
            if (host != null) {
                host.withPortBindings(
                        new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(CONTAINER_PORT)));
            }
        }
    }

    private static S3Server asProcess() throws Required.Missing {
        Path jars = jars();
        try {
            Path home = Files.createTempDirectory("lair-s3-server");
            Files.createDirectories(home.resolve("data").resolve(BUCKET));
            S3Credentials user = random();
            Path configuration = home.resolve("s3proxy.conf");
            Files.writeString(configuration, """
                    s3proxy.endpoint=http://127.0.0.1:0
                    s3proxy.authorization=aws-v2-or-v4
                    s3proxy.identity=%s
                    s3proxy.credential=%s
                    s3proxy.v4-max-non-chunked-request-size=1073741824
                    jclouds.provider=filesystem-nio2
                    jclouds.filesystem.basedir=%s
                    """.formatted(user.accessKeyId(), user.secretKey(), home.resolve("data")));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-Dlogback.configurationFile=dev/lair/storage/s3/s3proxy-logback.xml",
                            "-cp",
                            ownClasses() + System.getProperty("path.separator") + jars + "/*",
                            S3ServerProcess.class.getName(),
                            configuration.toString())
                    .redirectErrorStream(true)
                    .start();
            AutoCloseable closing = () -> {
                process.destroyForcibly().waitFor();
                deleteAll(home);
            };
            URI endpoint = URI.create("http://127.0.0.1:" + port(process));
            return new S3Server(endpoint, "us-east-1", BUCKET, user, closing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where this class came from: a folder of classes or the test-jar. */
    private static Path ownClasses() {
        try {
            return Path.of(S3Server.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path jars() throws Required.Missing {
        String named = System.getProperty("lair.test.s3proxy");
        Path jars = named == null ? ownClasses().resolveSibling("s3proxy") : Path.of(named);
        if (!Files.isDirectory(jars)) {
            throw new Required.Missing("no s3proxy in " + jars + ": build storage-backends without -DskipTests");
        }
        return jars;
    }

    /** Reads the log until the server listens, and then on, so that it never blocks. */
    private static int port(Process process) {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Deque<String> last = new ArrayDeque<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader log = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                for (String line = log.readLine(); line != null; line = log.readLine()) {
                    Matcher started = STARTED.matcher(line);
                    if (started.matches()) {
                        port.complete(Integer.valueOf(started.group(1)));
                    }
                    last.addLast(line);
                    if (last.size() > 40) {
                        last.removeFirst();
                    }
                }
                port.completeExceptionally(new IOException("s3proxy ended: " + String.join("\n", last)));
            } catch (IOException e) {
                port.completeExceptionally(e);
            }
        });
        try {
            return port.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("s3proxy did not start", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Where it listens. */
    public URI endpoint() {
        return endpoint;
    }

    /** A user who may do everything in the bucket. */
    public S3Credentials credentials() {
        return credentials;
    }

    /** Settings for the bucket, below a prefix that nobody else has. */
    public S3Settings settings() {
        return settings(endpoint);
    }

    /** The same by way of a proxy that passes the host header on, like {@link FaultProxy}. */
    public S3Settings settings(URI proxy) {
        return S3Settings.of(region, bucket)
                .withEndpoint(proxy, true)
                .withCredentials(credentials)
                .withPrefix("test-" + UUID.randomUUID() + "/");
    }

    /** A plain client, to look at the bucket beside the storage; the caller closes it. */
    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Override
    public void close() {
        try {
            closing.close();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server could not be stopped", e);
        }
    }
}
