package dev.lair.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate and its key as PEM texts, made by the JDK's keytool. */
record TestCertificates(String certificate, String key) {

    private static final String PASSWORD = "password";

    /** @param algorithm as keytool names it */
    static TestCertificates of(Path folder, String name, String algorithm) {
        try {
            Path store = folder.resolve(name + ".p12");
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "one",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=" + name,
                    // Not the address by which tests and commands reach the server.
                    "-ext",
                    "san=dns:" + name + ".example",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD));
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("keytool: " + said);
            }
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                loaded.load(in, PASSWORD.toCharArray());
            }
            return new TestCertificates(
                    pem("CERTIFICATE", loaded.getCertificate("one").getEncoded()),
                    pem(
                            "PRIVATE KEY",
                            loaded.getKey("one", PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException | IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** Writes both where the server is told to look. */
    CertificateFiles write(Path folder) {
        try {
            return new CertificateFiles(
                    Files.writeString(folder.resolve("tls.crt"), certificate),
                    Files.writeString(folder.resolve("tls.key"), key));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
