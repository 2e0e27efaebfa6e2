package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that make an installation's secrets and hand them out. */
class PrepareIT {

    @TempDir
    Path work;

    /** Runs {@code deploy/prepare} in a folder of its own and answers its secrets. */
    private Map<String, byte[]> prepare() throws Exception {
        Path deploy = Files.createDirectories(work.resolve("deploy"));
        Path script = deploy.resolve("prepare");
        Files.copy(Checkout.root().resolve("deploy/prepare"), script, StandardCopyOption.REPLACE_EXISTING);
        Command.of(work, List.of("bash", script.toString())).run().succeeded();
        Map<String, byte[]> secrets = new HashMap<>();
        try (Stream<Path> files = Files.list(deploy.resolve("secrets"))) {
            for (Path file : files.toList()) {
                assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
                secrets.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        assertThat(mode(deploy.resolve("secrets"))).isEqualTo("rwx------");
        return secrets;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void preparedSecretsAreThoseOfTheComposeFileRandomAndForTheirOwnerOnly() throws Exception {
        Map<String, byte[]> secrets = prepare();
        TreeSet<String> wanted = new TreeSet<>();
        ComposeFile.read(Checkout.root().resolve("docker-compose.yml"))
                .section("secrets")
                .values()
                .forEach(secret -> wanted.add(
                        Path.of(String.valueOf(ComposeFile.map(secret).get("file")))
                                .getFileName()
                                .toString()));
        assertThat(new TreeSet<>(secrets.keySet())).isEqualTo(wanted);
        assertThat(secrets.get("master.key")).hasSize(32);
        assertThat(secrets.values().stream().map(Arrays::hashCode).distinct()).hasSameSizeAs(secrets.keySet());
        secrets.forEach((name, bytes) -> {
            // The master key is any 32 bytes; the others are read as text, where a line feed would count.
            if (!name.equals("master.key")) {
                assertThat(bytes).as(name).doesNotContain('\n');
            }
        });
        assertThat(Files.readString(Checkout.root().resolve("deploy/.gitignore")))
                .contains("secrets/");
    }

    @Test
    void preparingAgainKeepsEverySecretAndMakesOnlyWhatIsMissing() throws Exception {
        Map<String, byte[]> before = prepare();
        Files.delete(work.resolve("deploy/secrets/s3-secret-key"));
        Map<String, byte[]> after = prepare();
        assertThat(after.get("master.key")).isEqualTo(before.get("master.key"));
        assertThat(after.get("postgres-password")).isEqualTo(before.get("postgres-password"));
        assertThat(after.get("s3-secret-key")).hasSize(64).isNotEqualTo(before.get("s3-secret-key"));
    }

    @Test
    void setupHandsEachServiceWhatItNeedsAndMakesACertificateOnce() throws Exception {
        Checkout.program("openssl");
        assumeTrue(Files.getAttribute(work, "unix:uid").equals(0), "SKIPPED: only root can give files to other users");
        Map<String, byte[]> secrets = prepare();
        Path mounted = Files.createDirectories(work.resolve("run/secrets"));
        Files.write(mounted.resolve("master-key"), secrets.get("master.key"));
        for (String name : List.of("postgres-password", "s3-access-key", "s3-secret-key")) {
            Files.write(mounted.resolve(name), secrets.get(name));
        }
        for (String folder : List.of("lair", "postgres", "s3", "tls", "proxy")) {
            Files.createDirectories(work.resolve("out").resolve(folder));
        }

        assertThat(setup("https://registry.example:8443")).contains("made a certificate");
        X509Certificate certificate = certificate();
        assertThat(certificate.getSubjectAlternativeNames().toString()).contains("registry.example", "localhost");
        assertThat(certificate.getBasicConstraints()).as("it can sign no other").isEqualTo(-1);
        requireFile("lair/master.key", 10100, secrets, "master.key");
        requireFile("lair/postgres-password", 10100, secrets, "postgres-password");
        requireFile("lair/s3-secret-key", 10100, secrets, "s3-secret-key");
        requireFile("postgres/postgres-password", 999, secrets, "postgres-password");
        requireFile("s3/s3-secret-key", 10001, secrets, "s3-secret-key");
        assertThat(work.resolve("out/postgres/master.key")).doesNotExist();
        assertThat(work.resolve("out/s3/master.key")).doesNotExist();

        assertThat(setup("https://registry.example:8443")).contains("still good");
        assertThat(certificate()).isEqualTo(certificate);
        assertThat(setup("https://192.0.2.7")).contains("made a certificate");
        assertThat(certificate().getSubjectAlternativeNames().toString()).contains("192.0.2.7");

        Path given = Files.createDirectories(work.resolve("tls"));
        Files.writeString(given.resolve("tls.crt"), "given certificate");
        Files.writeString(given.resolve("tls.key"), "given key");
        assertThat(setup("https://registry.example")).contains("deploy/tls is used");
        assertThat(work.resolve("out/tls/tls.crt")).hasContent("given certificate");
    }

    private String setup(String publicUrl) throws Exception {
        Path given = Files.createDirectories(work.resolve("tls"));
        return Command.of(
                        work,
                        List.of("sh", Checkout.root().resolve("deploy/setup.sh").toString()))
                .with("SECRETS", work.resolve("run/secrets").toString())
                .with("GIVEN_TLS", given.toString())
                .with("OUT", work.resolve("out").toString())
                .with("PUBLIC_URL", publicUrl)
                .run()
                .succeeded()
                .out();
    }

    private X509Certificate certificate() throws Exception {
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(work.resolve("out/tls/tls.crt")))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private void requireFile(String name, int owner, Map<String, byte[]> secrets, String secret) throws IOException {
        Path file = work.resolve("out").resolve(name);
        assertThat(file).hasBinaryContent(Objects.requireNonNull(secrets.get(secret)));
        assertThat(mode(file)).isEqualTo("r--------");
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(owner);
    }
}
