package dev.lair.server.operations;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.ListeningAddress;
import dev.lair.server.settings.PublicUrl;
import dev.lair.server.settings.SettingNames;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Leaves a note in the data folder, {@code server.url}, that says where the server listens, for the operator command; and
 * tells people on the console that the registry is ready. A note left by a killed server is stale: who reads it asks.
 */
@Component
final class RunningServer {

    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

    private final LairSettings settings;
    private final PublicUrl publicUrl;
    private final String address;
    private @Nullable Path written;

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
        if (settings.storage() == StorageKind.MEMORY) {
            return;
        }
        String url =
                ListeningAddress.url(address, event.getWebServer().getPort()).toString();
        Path note = settings.data().resolve(DataFolder.SERVER_URL);
        Path draft = settings.data().resolve("." + DataFolder.SERVER_URL);
        Files.writeString(draft, url + "\n", StandardCharsets.UTF_8);
        Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE);
        written = note;
    }

    @PreDestroy
    void stopped() throws IOException {
        if (written != null) {
            Files.deleteIfExists(written);
        }
    }
}
