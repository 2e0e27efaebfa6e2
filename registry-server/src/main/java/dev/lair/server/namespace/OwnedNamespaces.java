package dev.lair.server.namespace;

import dev.lair.registry.Namespace;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Which namespaces accounts own; of the others the operator log alone tells. */
@Component
public final class OwnedNamespaces {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private record Seen(Set<String> frozen, Instant at) {}

    private final RegistryStore store;
    private final Clock clock;
    private volatile Seen seen = new Seen(Set.of(), Instant.EPOCH);

    OwnedNamespaces(RegistryStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Whether somebody stopped all writes in it. This node knows it at once when it was done here, and within a second when it
     * was done at another: asking the database for each record of a log would cost each a turn.
     */
    public boolean isFrozen(Namespace namespace) {
        Seen known = seen;
        Instant now = clock.instant();
        if (Duration.between(known.at(), now).abs().compareTo(LOOK_EVERY) >= 0) {
            known = look(now);
        }
        return known.frozen().contains(namespace.value());
    }

    /** What was frozen, or goes on, is known from now on. */
    void lookAgain() {
        look(clock.instant());
    }

    private Seen look(Instant now) {
        Seen fresh = new Seen(Set.copyOf(store.read(rows -> rows.namespaces().frozen())), now);
        seen = fresh;
        return fresh;
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
