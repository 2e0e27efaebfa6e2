package dev.lair.server.operations;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.tls.PinnedCertificate;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The file {@code server.url} of a data folder: a line with the URL of the server that has it open, and with TLS a second
 * one, {@code certificate sha256:HEX}, with the certificate that it shows.
 *
 * @param url as somebody on this machine reaches the server; no slash at the end
 * @param certificate what to take as its certificate; empty without TLS
 */
record ServerNote(URI url, Optional<Digest> certificate) {

    private static final String CERTIFICATE = "certificate ";

    /** The file's text. */
    String format() {
        return url + "\n"
                + certificate.map(digest -> CERTIFICATE + digest + "\n").orElse("");
    }

    /**
     * The inverse of {@link #format}.
     *
     * @throws IOException when this is no such note
     */
    static ServerNote parse(String text) throws IOException {
        List<String> lines = text.strip().lines().toList();
        try {
            URI url = URI.create(lines.isEmpty() ? "" : lines.getFirst());
            if (url.getHost() == null
                    || lines.size() > 2
                    || (lines.size() == 2 && !lines.get(1).startsWith(CERTIFICATE))) {
                throw new IllegalArgumentException("not a URL and a certificate");
            }
            return new ServerNote(
                    url,
                    lines.size() < 2
                            ? Optional.empty()
                            : Optional.of(Digest.parse(lines.get(1).substring(CERTIFICATE.length()))));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "`" + DataFolder.SERVER_URL + "` does not say where a server listens: " + e.getMessage());
        }
    }

    /** The note of a data folder; empty when there is none. */
    static Optional<ServerNote> read(Path data) throws IOException {
        Path note = data.resolve(DataFolder.SERVER_URL);
        return Files.exists(note) ? Optional.of(parse(Files.readString(note))) : Optional.empty();
    }

    /** Replaces the note at once. Not forced to disk: after a power cut no server runs. */
    void write(Path data) throws IOException {
        Path draft = data.resolve("." + DataFolder.SERVER_URL);
        Files.writeString(draft, format(), StandardCharsets.UTF_8);
        Files.move(draft, data.resolve(DataFolder.SERVER_URL), StandardCopyOption.ATOMIC_MOVE);
    }

    /** How to connect with TLS; empty without. */
    Optional<SSLContext> tls() {
        return certificate.map(PinnedCertificate::context);
    }
}
