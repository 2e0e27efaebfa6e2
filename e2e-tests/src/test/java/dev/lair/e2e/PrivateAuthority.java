package dev.lair.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority that nobody else knows, and one certificate of it for 127.0.0.1, made by the JDK's keytool. */
final class PrivateAuthority {

    private static final String PASSWORD = "of-the-test";

    private final Path folder;

    private PrivateAuthority(Path folder) {
        this.folder = folder;
    }

    static PrivateAuthority in(Path folder) throws Exception {
        PrivateAuthority made = new PrivateAuthority(Files.createDirectories(folder));
        made.newKey("authority", "-ext", "bc:c");
        made.newKey("registry");
        made.keytool("-certreq", "registry", "-file", "registry.csr");
        made.keytool(
                "-gencert",
                "authority",
                "-rfc",
                "-infile",
                "registry.csr",
                "-outfile",
                "issued.pem",
                "-ext",
                "san=ip:127.0.0.1");
        made.keytool("-exportcert", "authority", "-rfc", "-file", "authority.pem");
        Files.writeString(
                made.certificate(),
                Files.readString(folder.resolve("issued.pem")) + Files.readString(made.authority()));
        byte[] key = made.store("registry")
                .getKey("registry", PASSWORD.toCharArray())
                .getEncoded();
        Files.writeString(
                made.key(),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
        return made;
    }

    /** The authority's own certificate, PEM. */
    Path authority() {
        return folder.resolve("authority.pem");
    }

    /** The server's certificate and the authority's behind it, PEM. */
    Path certificate() {
        return folder.resolve("registry.pem");
    }

    /** The server's private key, PEM. */
    Path key() {
        return folder.resolve("registry.key");
    }

    /** Trusts this authority and no other. */
    SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", store("authority").getCertificate("authority"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private KeyStore store(String alias) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(alias + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void newKey(String alias, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-keyalg", "EC", "-dname", "CN=" + alias));
        arguments.addAll(List.of(more));
        keytool("-genkeypair", alias, arguments.toArray(String[]::new));
    }

    private void keytool(String act, String alias, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Checkout.java().resolveSibling("keytool").toString(),
                act,
                "-alias",
                alias,
                "-keystore",
                alias + ".p12",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        line.addAll(List.of(more));
        Command.of(folder, line).run().succeeded();
    }
}
