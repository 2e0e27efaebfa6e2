package dev.lair.server.operations;

import dev.lair.server.ledger.SnapshotAhead;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import java.nio.file.Path;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Has the map snapshot of a data folder read as soon as it is known where that is: the longest part of a large registry's
 * start needs nothing of the rest.
 */
final class SnapshotReading implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        String storage = environment.getProperty("lair.storage", LairSettings.DEFAULT_STORAGE);
        if (StorageKind.EMBEDDED.name().equalsIgnoreCase(storage)) {
            Path data = Path.of(environment.getProperty("lair.data", LairSettings.DEFAULT_DATA));
            context.getBeanFactory().registerSingleton("snapshotAhead", SnapshotAhead.of(data));
        }
    }
}
