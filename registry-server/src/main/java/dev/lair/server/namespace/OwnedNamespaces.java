package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.storage.registry.RegistryStore;
import org.springframework.stereotype.Component;

/** Which namespaces accounts own; of the others the operator log alone tells. */
@Component
public final class OwnedNamespaces {

    private final RegistryStore store;

    OwnedNamespaces(RegistryStore store) {
        this.store = store;
    }

    /** Whether accounts own it, or are about to. */
    public boolean isOwned(Namespace namespace) {
        return store.read(rows -> rows.namespaces().find(namespace.value()))
                .filter(found -> switch (found.state()) {
                    case ACTIVE, DEFINING, PENDING -> true;
                    case REJECTED -> false;
                })
                .isPresent();
    }
}
