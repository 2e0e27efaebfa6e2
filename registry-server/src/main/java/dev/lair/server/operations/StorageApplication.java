package dev.lair.server.operations;

import dev.lair.server.settings.LairSettings;
import dev.lair.storage.embedded.EmbeddedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** As much of the server as a look at its storage needs: the settings, and what they name, opened. Nothing runs. */
@ComponentScan(basePackageClasses = LairSettings.class)
class StorageApplication {

    /** Opens the storage of a registry that is there; a look at nothing must not make a registry. */
    static ConfigurableApplicationContext openExisting(@Nullable Path data, Map<String, String> settings)
            throws IOException {
        String storage =
                settings.getOrDefault("lair.storage", System.getenv().getOrDefault("LAIR_STORAGE", "embedded"));
        String folder = settings.getOrDefault("lair.data", System.getenv().getOrDefault("LAIR_DATA", "lair-data"));
        Path looked = data == null ? Path.of(folder) : data;
        if (storage.equalsIgnoreCase("embedded") && !EmbeddedStorage.holdsRegistry(looked)) {
            throw new IOException(
                    "there is no registry in `" + looked.toAbsolutePath() + "`; name its folder with --data");
        }
        return open(data, settings);
    }

    /** Opens the storage that these settings, the environment and the data folder name. */
    static ConfigurableApplicationContext open(@Nullable Path data, Map<String, String> settings) {
        Map<String, String> given = new HashMap<>(settings);
        given.putIfAbsent("logging.level.root", "warn");
        // What goes wrong is said once, by the command.
        given.put("logging.level.org.springframework.boot.SpringApplication", "off");
        if (data != null) {
            given.put("lair.data", data.toAbsolutePath().toString());
        }
        SpringApplication application = new SpringApplication(StorageApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLogStartupInfo(false);
        return application.run(given.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }
}
