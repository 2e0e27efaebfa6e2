package dev.lair.server.operations;

import dev.lair.server.tls.CertificateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Asks a server how it is and ends with 0 or 1: the health check of a container that has no other HTTP client. It uses the
 * JDK's old client, which starts in half the time of the new one; this runs every few seconds.
 */
@Command(
        name = "health",
        description = {
            "Asks a running server whether it is ready; prints what it says.",
            "Ends with 0 when it is, with 1 when it is not or does not answer."
        },
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the server (default: 127.0.0.1 at SERVER_PORT, or 8090; with TLS where LAIR_TLS_CERTIFICATE is set)")
    private @Nullable URI url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the server that has this data folder open, in place of --url")
    private @Nullable Path data;

    @Option(names = "--live", description = "ask only whether the process answers")
    private boolean live;

    @Option(
            names = "--within",
            paramLabel = "DURATION",
            defaultValue = "PT4S",
            description = "how long to wait, as in PT4S (default: ${DEFAULT-VALUE})")
    private Duration within = Duration.ofSeconds(4);

    HealthCommand() {}

    @Override
    public Integer call() throws IOException {
        ServerNote server = server();
        URI base = server.url();
        URI target = URI.create(base + (live ? "/health/live" : "/health/ready"));
        // Never through a proxy: the answer must be this server's.
        if (!(target.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection request)) {
            throw new IOException("--url must be an http or https URL, not `" + base + "`");
        }
        if (request instanceof HttpsURLConnection secure && server.tls().isPresent()) {
            secure.setSSLSocketFactory(server.tls().get().getSocketFactory());
            // It is known by its certificate, whatever names are in it.
            secure.setHostnameVerifier((host, session) -> true);
        }
        request.setConnectTimeout(millis());
        request.setReadTimeout(millis());
        int status;
        try {
            status = request.getResponseCode();
        } catch (IOException e) {
            // Not as its cause: the cause's words are what the command line would show then.
            IOException told = new IOException("no server answers at " + base + ": " + e.getMessage());
            told.addSuppressed(e);
            throw told;
        }
        System.out.println(body(request, status));
        return status == HttpURLConnection.HTTP_OK ? 0 : 1;
    }

    private ServerNote server() throws IOException {
        if (data != null) {
            Path folder = data.toAbsolutePath();
            return ServerNote.read(folder)
                    .orElseThrow(() -> new IOException("no server says that it has `" + folder + "` open"));
        }
        if (url != null) {
            String text = url.toString();
            return new ServerNote(
                    URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text), Optional.empty());
        }
        return ofEnvironment(System.getenv());
    }

    /** As a container has its settings. */
    static ServerNote ofEnvironment(Map<String, String> variables) {
        String port = variables.getOrDefault("SERVER_PORT", "").strip();
        String address = "127.0.0.1:" + (port.isEmpty() ? "8090" : port);
        String certificate = variables.getOrDefault("LAIR_TLS_CERTIFICATE", "").strip();
        return certificate.isEmpty()
                ? new ServerNote(URI.create("http://" + address), Optional.empty())
                : new ServerNote(
                        URI.create("https://" + address),
                        Optional.of(CertificateFiles.fingerprint(Path.of(certificate))));
    }

    private int millis() {
        return (int) Math.clamp(within.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static String body(HttpURLConnection reply, int status) throws IOException {
        try (InputStream in = status < 400 ? reply.getInputStream() : reply.getErrorStream()) {
            return in == null ? "status " + status : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
