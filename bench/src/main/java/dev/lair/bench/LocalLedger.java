package dev.lair.bench;

import dev.lair.server.LairServer;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.OpenedStorage;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;

/** The registry of this process, wired as in production but without its web server. */
final class LocalLedger implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private LocalLedger(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it with these settings ({@code lair.*}). */
    static LocalLedger open(Map<String, String> settings) {
        SpringApplication application = new SpringApplication(LairServer.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        return new LocalLedger(application.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new)));
    }

    /** Opens only the stores that these settings name. */
    static OpenedStorage openStorage(Map<String, String> settings) throws IOException {
        return OpenedStorage.open(settings(settings), new SecureRandom(), Clock.systemUTC());
    }

    /** These settings as the server binds them. */
    static LairSettings settings(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("lair", LairSettings.class);
    }

    Ledger ledger() {
        return context.getBean(Ledger.class);
    }

    Storage storage() {
        return context.getBean(Storage.class);
    }

    LedgerStore store() {
        return storage().ledger();
    }

    LairSettings settings() {
        return context.getBean(LairSettings.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
