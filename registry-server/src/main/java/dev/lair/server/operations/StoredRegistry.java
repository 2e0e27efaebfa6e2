package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.storage.embedded.EmbeddedStorage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The storage and keys that a command works on, opened by the settings that the registry is served with. Nothing runs and
 * nothing listens.
 */
record StoredRegistry(LairSettings settings, OpenedStorage opened) implements AutoCloseable {

    /** The settings alone, as they are bound for the server: typed, checked, an unknown key refused. */
    @EnableConfigurationProperties(LairSettings.class)
    static class SettingsOnly {}

    /** What the command line and the environment say. */
    static LairSettings settings(Map<String, String> given) {
        try (ConfigurableApplicationContext context = start(SettingsOnly.class, given)) {
            return context.getBean(LairSettings.class);
        }
    }

    /**
     * Opens the storage of a registry that is there; a look at nothing must not make a registry.
     *
     * @throws IOException when these settings name no registry; the message says where it was looked for
     */
    static StoredRegistry openExisting(Map<String, String> given) throws IOException {
        LairSettings settings = settings(given);
        requireRegistry(settings);
        return new StoredRegistry(
                settings, OpenedStorage.openExisting(settings, new SecureRandom(), Clock.systemUTC()));
    }

    /** Opens what the settings name, and makes it when it is not there. */
    static StoredRegistry open(Map<String, String> given) throws IOException {
        LairSettings settings = settings(given);
        return new StoredRegistry(settings, OpenedStorage.open(settings, new SecureRandom(), Clock.systemUTC()));
    }

    /** As far as it can be said before anything is opened. */
    static void requireRegistry(LairSettings settings) throws IOException {
        if (settings.storage() == StorageKind.MEMORY) {
            throw new IOException("a registry with lair.storage=memory is gone with its process:"
                    + " there is nothing that a command could open");
        }
        if (settings.storage() == StorageKind.EMBEDDED && !EmbeddedStorage.holdsRegistry(settings.data())) {
            throw new IOException("there is no registry in `" + settings.data().toAbsolutePath()
                    + "`; name its folder with --data. One in a database needs the settings that it is served with:"
                    + " --storage postgres --set lair.postgres.url=…");
        }
    }

    /** Starts as much of the server as {@code application} names; what goes wrong is said once, by the command. */
    static ConfigurableApplicationContext start(Class<?> application, Map<String, String> settings) {
        Map<String, String> given = new HashMap<>(settings);
        given.putIfAbsent("logging.level.root", "warn");
        given.put("logging.level.org.springframework", "off");
        SpringApplication started = new SpringApplication(application);
        started.setWebApplicationType(WebApplicationType.NONE);
        started.setLogStartupInfo(false);
        return started.run(given.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }

    @Override
    public void close() {
        opened.close();
    }
}
