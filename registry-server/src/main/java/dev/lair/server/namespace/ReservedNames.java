package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.server.settings.LairSettings;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Namespaces that nobody may define: every first path segment that the server uses or will use (a test compares them with
 * the mappings), {@code root}, and what the operator configured.
 */
@Component
final class ReservedNames {

    private static final Set<String> BUILT_IN = Set.of(
            "admin",
            "api",
            "approvals",
            "assets",
            "badge",
            "blob",
            "changes",
            "config",
            "content",
            "docs",
            "error",
            "evidence",
            "favicon",
            "feed",
            "health",
            "i",
            "iface",
            "index",
            "ledger",
            "log",
            "login",
            "logout",
            "n",
            "package",
            "proof",
            "publish",
            "records",
            "robots",
            "root",
            "search",
            "settings",
            "status",
            "token",
            "v1",
            "v2",
            "verify");

    private final Set<String> names = new TreeSet<>(BUILT_IN);

    ReservedNames(LairSettings settings) {
        names.addAll(settings.reservedNamespaces());
    }

    Set<String> all() {
        return Set.copyOf(names);
    }

    boolean contains(Namespace namespace) {
        return names.contains(namespace.value());
    }
}
