package dev.lair.server.tls;

import dev.lair.server.settings.TlsSettings;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

/**
 * A chain of certificates and the private key of its first, in PEM files (RFC 7468). A pair that clients would stumble over at
 * each connection is refused here, once.
 *
 * @param certificate the server's certificate first
 * @param key PKCS#8, or the older forms of RSA and EC keys
 */
public record CertificateFiles(Path certificate, Path key) {

    private static final String CERTIFICATE = "lair.tls.certificate";
    private static final String KEY = "lair.tls.key";

    /** A long chain has 20 kB. */
    private static final long MAX_BYTES = 1 << 20;

    /** Those that the settings name; empty when TLS is off. */
    public static Optional<CertificateFiles> of(TlsSettings settings) {
        Path certificate = settings.certificate();
        Path key = settings.key();
        return certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new CertificateFiles(certificate, key));
    }

    /**
     * What the files held when they were read.
     *
     * @param chain the server's certificate first
     */
    public record Loaded(List<X509Certificate> chain, PrivateKey key) {

        public Loaded {
            chain = List.copyOf(chain);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Loaded[" + own().getSubjectX500Principal() + "]";
        }

        /** The server's own certificate. */
        public X509Certificate own() {
            return chain.getFirst();
        }

        /** How {@link PinnedCertificate} knows the server again. */
        public Digest fingerprint() {
            return CertificateFiles.fingerprint(own());
        }

        SslBundle bundle() {
            return SslBundle.of(new PemSslStoreBundle(PemSslStore.of(chain, key), null));
        }
    }

    /** SHA-256 of a certificate as it goes over the wire. */
    static Digest fingerprint(X509Certificate certificate) {
        try {
            return Digest.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has an encoding", e);
        }
    }

    /** The fingerprint of the first certificate of a file, for who knows the server by it. */
    public static Digest fingerprint(Path certificate) {
        return fingerprint(certificates(certificate).getFirst());
    }

    private static List<X509Certificate> certificates(Path file) {
        String text = read(CERTIFICATE, file);
        List<X509Certificate> found;
        try {
            found = PemContent.of(text).getCertificates();
        } catch (RuntimeException e) {
            throw new TlsRefused(
                    CERTIFICATE + " names `" + file + "`, which holds no certificate in PEM form (BEGIN CERTIFICATE)",
                    e);
        }
        if (found.isEmpty()) {
            throw new TlsRefused(
                    CERTIFICATE + " names `" + file + "`, which holds no certificate in PEM form (BEGIN CERTIFICATE)");
        }
        return found;
    }

    /**
     * Reads both files.
     *
     * @throws TlsRefused when one is missing, unreadable or of another form, or they do not belong together
     */
    public Loaded load() {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey privateKey = privateKey();
        X509Certificate own = chain.getFirst();
        if (!belongTogether(privateKey, own.getPublicKey())) {
            throw new TlsRefused(KEY + ": the key in `" + key + "` is not that of the first certificate in `"
                    + certificate + "` (" + own.getSubjectX500Principal()
                    + "); the server's own certificate stands first, those of its issuers behind it");
        }
        return new Loaded(chain, privateKey);
    }

    private PrivateKey privateKey() {
        String text = read(KEY, key);
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new TlsRefused(KEY + " names `" + key
                    + "`, which is encrypted; give the plain key, in a file that only the server" + " can read");
        }
        String none = KEY + " names `" + key + "`, which holds no private key in PEM form (BEGIN PRIVATE KEY)";
        try {
            PrivateKey found = PemContent.of(text).getPrivateKey();
            if (found == null) {
                throw new TlsRefused(none);
            }
            return found;
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new TlsRefused(none, e);
        }
    }

    private static String read(String setting, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new TlsRefused(setting + " names `" + file + "`, which is no PEM file: it has more than "
                        + MAX_BYTES + " bytes");
            }
            // Whatever the bytes are: what is no PEM is told by who parses it.
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsRefused(setting + " names `" + file + "`, which is not there", e);
        } catch (IOException e) {
            throw new TlsRefused(
                    setting + " names `" + file + "`, which cannot be read ("
                            + e.getClass().getSimpleName() + "); the user that runs the server must be able to",
                    e);
        }
    }

    /** Signs something and looks whether the certificate's key verifies it. */
    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA", "Ed25519" -> "EdDSA";
                    default ->
                        throw new TlsRefused(CERTIFICATE + " has a key of the kind " + publicKey.getAlgorithm()
                                + "; RSA, EC and EdDSA keys are served");
                };
        byte[] sample = "certificate and key".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException ofAnotherKindOrCurve) {
            return false;
        }
    }

    /** What changes when a file is written or replaced, also behind a symbolic link; empty while one is missing. */
    Optional<String> stamp() {
        try {
            return Optional.of(stamp(certificate) + " " + stamp(key));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    private static String stamp(Path file) throws IOException {
        BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
        return of.lastModifiedTime() + "/" + of.size() + "/" + of.fileKey();
    }
}
