package dev.lair.server.warg;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorLog.NamespaceState;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.transparency.LogId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Which other registry to ask for a log that we do not have ({@code warg-registry-hint: <namespace>=<domain>}). A log id
 * is a hash, so only names that we know can be answered: those that the operator listed and those that somebody tried to
 * publish here. A hint for the wrong namespace would send clients round in circles, so without a name there is none.
 */
@Component
final class ImportedPackages {

    static final String HINT_HEADER = "warg-registry-hint";

    private static final int REMEMBERED_NAMES = 10_000;

    private final Namespaces namespaces;
    private final Map<LogId, PackageName> configured;

    /** Apart from the configured ones: strangers fill this, and must not push those out. */
    private final Cache<LogId, PackageName> seen =
            Caffeine.newBuilder().maximumSize(REMEMBERED_NAMES).build();

    ImportedPackages(Namespaces namespaces, LairSettings settings) {
        this.namespaces = namespaces;
        this.configured = settings.warg().hintPackages().stream()
                .map(PackageName::parse)
                .collect(Collectors.toUnmodifiableMap(PackageName::logId, name -> name, (one, same) -> one));
    }

    void seen(PackageName name) {
        seen.put(name.logId(), name);
    }

    /** The header's value, when the log is known to live elsewhere. */
    Optional<String> hint(LogId log) {
        PackageName name = configured.containsKey(log) ? configured.get(log) : seen.getIfPresent(log);
        if (name == null) {
            return Optional.empty();
        }
        return namespaces
                .find(name.namespace())
                .flatMap(state -> state instanceof NamespaceState.Imported imported
                        ? Optional.of(name.namespace() + "=" + imported.registry())
                        : Optional.empty());
    }
}
