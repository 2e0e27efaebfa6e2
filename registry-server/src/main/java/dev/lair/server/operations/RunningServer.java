package dev.lair.server.operations;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.ListeningAddress;
import dev.lair.server.settings.PublicUrl;
import dev.lair.server.settings.SettingNames;
import dev.lair.server.tls.CertificateChanged;
import dev.lair.server.tls.CertificateFiles;
import dev.lair.transparency.Digest;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Leaves a note in the data folder ({@link ServerNote}) that says where the server listens, for commands beside it; and
 * tells people on the console that the registry is ready. A note left by a killed server is stale: who reads it asks.
 */
@Component
final class RunningServer {

    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

    private final LairSettings settings;
    private final PublicUrl publicUrl;
    private final String address;
    private volatile @Nullable ServerNote written;

    RunningServer(LairSettings settings, PublicUrl publicUrl, Environment environment) {
        this.settings = settings;
        this.publicUrl = publicUrl;
        this.address = environment.getProperty("server.address", "127.0.0.1");
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        for (String variable : SettingNames.unknownVariables(System.getenv().keySet())) {
            LOG.warn("environment variable names no setting, docs/OPERATIONS.md lists them variable.name={}", variable);
        }
        LOG.info("registry ready server.public_url={} data.folder={}", publicUrl, settings.data());
    }

    @EventListener
    void listening(WebServerInitializedEvent event) throws IOException {
        URI url = ListeningAddress.url(
                settings.tls(), address, event.getWebServer().getPort());
        Optional<Digest> certificate = CertificateFiles.of(settings.tls())
                .map(CertificateFiles::load)
                .map(CertificateFiles.Loaded::fingerprint);
        write(new ServerNote(url, certificate));
    }

    /** A command that reads the note just before does not get through; it says so, and is called again. */
    @EventListener
    void certificateChanged(CertificateChanged event) throws IOException {
        if (written != null) {
            write(new ServerNote(written.url(), Optional.of(event.fingerprint())));
        }
    }

    private void write(ServerNote note) throws IOException {
        if (settings.storage() != StorageKind.MEMORY) {
            note.write(settings.data());
            written = note;
        }
    }

    @PreDestroy
    void stopped() throws IOException {
        if (written != null) {
            Files.deleteIfExists(settings.data().resolve(DataFolder.SERVER_URL));
        }
    }
}
