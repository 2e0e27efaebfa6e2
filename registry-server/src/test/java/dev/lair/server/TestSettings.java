package dev.lair.server;

import dev.lair.server.settings.LairSettings;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as the server binds them, over memory storage unless a test says otherwise. */
public final class TestSettings {

    private TestSettings() {}

    /** The defaults, except for these keys (without {@code lair.}) and values in turn. */
    public static LairSettings of(String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("lair.storage", "memory");
        // The clock of tests stands still, so an interval would never end.
        properties.put("lair.ledger.checkpoint-interval", "0ms");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put("lair." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("lair", Bindable.of(LairSettings.class));
    }
}
