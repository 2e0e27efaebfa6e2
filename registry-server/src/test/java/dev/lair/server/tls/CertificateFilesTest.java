package dev.lair.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.settings.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is no pair of certificate and key stops the start, with a line that says which file and why. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateFilesTest {

    @TempDir
    Path folder;

    private TestCertificates one;
    private TestCertificates other;
    private TestCertificates rsa;
    private CertificateFiles files;

    @BeforeAll
    void make(@TempDir Path keys) {
        one = TestCertificates.of(keys, "one", "EC");
        other = TestCertificates.of(keys, "other", "EC");
        rsa = TestCertificates.of(keys, "rsa", "RSA");
    }

    @BeforeEach
    void write() {
        files = one.write(folder);
    }

    private void refused(String... words) {
        assertThatThrownBy(files::load)
                .isInstanceOf(TlsRefused.class)
                .message()
                .contains(words)
                .doesNotContain("\n");
    }

    @Test
    void pairsOfEcAndRsaAreTakenAndKnownByTheirFirstCertificate() throws IOException {
        assertThat(files.load().own().getSubjectX500Principal().getName()).isEqualTo("CN=one");
        assertThat(files.load().fingerprint()).isEqualTo(CertificateFiles.fingerprint(files.certificate()));
        Files.writeString(files.certificate(), one.certificate() + other.certificate());
        assertThat(files.load().chain()).hasSize(2);
        assertThat(files.load().own().getSubjectX500Principal().getName()).isEqualTo("CN=one");
        assertThat(rsa.write(folder).load().fingerprint())
                .isNotEqualTo(one.write(folder).load().fingerprint());
    }

    @Test
    void missingFilesAreRefused() throws IOException {
        Files.delete(files.key());
        refused("lair.tls.key names", "tls.key", "is not there");
        Files.delete(files.certificate());
        refused("lair.tls.certificate names", "tls.crt", "is not there");
    }

    /** A folder, not a file without the right to read it: tests may run as root. */
    @Test
    void unreadableFilesAreRefused() throws IOException {
        Files.delete(files.key());
        Files.createDirectory(files.key());
        refused("lair.tls.key names", "tls.key", "cannot be read");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws IOException {
        Files.writeString(files.key(), other.key());
        refused("lair.tls.key", "is not that of the first certificate", "CN=one");
        Files.writeString(files.key(), rsa.key());
        refused("is not that of the first certificate");
        // The chain in the wrong order.
        Files.writeString(files.certificate(), other.certificate() + one.certificate());
        Files.writeString(files.key(), one.key());
        refused("is not that of the first certificate", "CN=other", "stands first");
    }

    @Test
    void whatIsNoPemIsRefused() throws IOException {
        Files.writeString(files.certificate(), one.key());
        refused("lair.tls.certificate", "holds no certificate");
        Files.writeString(files.certificate(), "");
        refused("lair.tls.certificate", "holds no certificate");
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refused("lair.tls.certificate", "holds no certificate");
        Files.writeString(files.certificate(), one.certificate());
        Files.writeString(files.key(), one.certificate());
        refused("lair.tls.key", "holds no private key");
        Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refused("lair.tls.key", "holds no private key");
        Files.writeString(files.key(), one.key().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        refused("lair.tls.key", "is encrypted");
    }

    @Test
    void stampOfFilesChangesWhenOneIsReplacedAndIsNoneWhileOneIsMissing() throws IOException {
        assertThat(files.stamp()).isPresent().isEqualTo(files.stamp());
        var before = files.stamp();
        Path next = Files.writeString(folder.resolve("next"), other.key());
        Files.move(next, files.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(files.stamp()).isPresent().isNotEqualTo(before);
        Files.delete(files.key());
        assertThat(files.stamp()).isEmpty();
    }

    @Test
    void certificateAndKeyAreSetTogether() {
        assertThat(new TlsSettings(null, null).isOn()).isFalse();
        assertThat(CertificateFiles.of(new TlsSettings(null, null))).isEmpty();
        assertThat(new TlsSettings(files.certificate(), files.key()).isOn()).isTrue();
        assertThatThrownBy(() -> new TlsSettings(files.certificate(), null)).hasMessageContaining("are set together");
        assertThatThrownBy(() -> new TlsSettings(null, files.key())).hasMessageContaining("are set together");
    }
}
