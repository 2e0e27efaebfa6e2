package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A registry whose certificate is by nobody that Java knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivateAuthorityTest {

    private static final char[] PASSWORD = "password".toCharArray();
    private static final int UNREACHABLE = 5;
    private static final int LOCAL = 7;

    /** What the server answers to everything: that somebody was let through is enough. */
    private static final int TEAPOT = 418;

    @TempDir
    Path folder;

    private HttpsServer server;
    private Path authority;

    @BeforeAll
    void start(@TempDir Path keys) throws Exception {
        Path store = keys.resolve("store.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=registry",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD));
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD);
        }
        authority = keys.resolve("authority.pem");
        Files.writeString(
                authority,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(
                                        loaded.getCertificate("registry").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(loaded, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(TEAPOT, -1);
            }
        });
        server.start();
    }

    @AfterAll
    void stop() {
        server.stop(0);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private LairRun lair() {
        LairRun lair = new LairRun(folder);
        lair.variables.put("LAIR_REGISTRY", url("127.0.0.1"));
        return lair;
    }

    private String url(String host) {
        return "https://" + host + ":" + server.getAddress().getPort();
    }

    private static void reached(LairRun.Outcome outcome) {
        assertThat(outcome.err()).as(outcome.all()).contains(String.valueOf(TEAPOT));
    }

    @Test
    void certificateOfAnUnknownAuthorityIsRefusedAndTheOptionIsNamed() {
        LairRun.Outcome outcome = lair().run("log", "test:greeter");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(UNREACHABLE);
        assertThat(outcome.err()).contains("no authority that is trusted here").contains("--ca-file");
    }

    @Test
    void authorityOfAFileIsTrustedWhetherOptionOrVariableNamesIt() {
        reached(lair().run("log", "test:greeter", "--ca-file", authority.toString()));
        for (String variable : List.of("LAIR_CA_FILE", "SSL_CERT_FILE")) {
            LairRun lair = lair();
            lair.variables.put(variable, authority.toString());
            reached(lair.run("log", "test:greeter"));
        }
    }

    @Test
    void optionWinsOverVariablesAndOurVariableOverTheCommonOne() {
        LairRun lair = lair();
        lair.variables.put("LAIR_CA_FILE", "none.pem");
        lair.variables.put("SSL_CERT_FILE", authority.toString());
        reached(lair.run("log", "test:greeter", "--ca-file", authority.toString()));
        LairRun.Outcome outcome = lair.run("log", "test:greeter");
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(LOCAL);
        assertThat(outcome.err()).contains("$LAIR_CA_FILE names").contains("none.pem");
    }

    @Test
    void authorityOfAFileDoesNotMakeUpForAWrongName() {
        LairRun lair = lair();
        lair.variables.put("LAIR_REGISTRY", url("localhost"));
        LairRun.Outcome outcome = lair.run("log", "test:greeter", "--ca-file", authority.toString());
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(UNREACHABLE);
    }

    @Test
    void fileWithoutCertificatesIsRefused() throws IOException {
        Path none = Files.writeString(folder.resolve("none.txt"), "no certificate\n");
        LairRun.Outcome outcome = lair().run("log", "test:greeter", "--ca-file", none.toString());
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(LOCAL);
        assertThat(outcome.err()).contains("--ca-file names").contains("holds no certificates");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertThat(lair().run("log", "test:greeter", "--ca-file", empty.toString())
                        .exitCode())
                .isEqualTo(LOCAL);
    }
}
