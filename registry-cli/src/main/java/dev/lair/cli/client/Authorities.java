package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who may vouch for the registry's certificate: the authorities that Java knows, and those of a file, for a registry of one's
 * own. Names, dates and chains are checked as for all others.
 */
public final class Authorities {

    /** The largest bundles of operating systems have some 300 kB. */
    private static final long MAX_BYTES = 16 << 20;

    private Authorities() {}

    /**
     * Trusts the certificates of a file too.
     *
     * @param file PEM, one or more certificates
     * @param named how the person named it, for messages
     * @throws Fault when the file cannot be read or holds none
     */
    public static SSLContext with(Path file, String named) throws Fault {
        Collection<? extends Certificate> added = read(file, named);
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            List<Certificate> all = new ArrayList<>(added);
            all.addAll(List.of(ofJava()));
            for (int i = 0; i < all.size(); i++) {
                trusted.setCertificateEntry("authority-" + i, all.get(i));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(trusted), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw ExitCode.LOCAL.fault(
                    named + ": the certificates of `" + file + "` cannot be used: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> read(Path file, String named) throws Fault {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw none(file, named, null);
            }
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw none(file, named, null);
            }
            return found;
        } catch (IOException e) {
            throw ExitCode.LOCAL.fault(
                    named + " names `" + file + "`, which cannot be read: "
                            + e.getClass().getSimpleName(),
                    e);
        } catch (GeneralSecurityException e) {
            throw none(file, named, e);
        }
    }

    private static Fault none(Path file, String named, @Nullable Throwable cause) {
        String text = named + " names `" + file + "`, which holds no certificates in PEM form (BEGIN CERTIFICATE)";
        return cause == null ? ExitCode.LOCAL.fault(text) : ExitCode.LOCAL.fault(text, cause);
    }

    private static TrustManager[] managers(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static X509Certificate[] ofJava() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager known) {
                return known.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }
}
