package dev.lair.server.trustedpublishing;

import dev.lair.server.account.Requester;
import dev.lair.storage.registry.PublisherRows;
import dev.lair.storage.registry.RegistryStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Removes what is over: ids of used identities, tokens, publishers whose package never came. Of any node, at any time. */
@Component
final class Forgetting {

    private static final int PAGE = 100;

    private final RegistryStore store;
    private final Clock clock;

    Forgetting(RegistryStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT20S")
    void forget() {
        Instant now = clock.instant();
        store.write(rows -> {
            rows.usedIdentities().forget(now);
            rows.trustedTokens().forget(now.minus(Limits.MINTED_KEPT));
            List<PublisherRows.Publisher> expired = rows.publishers().expired(now, PAGE);
            for (PublisherRows.Publisher publisher : expired) {
                rows.publishers().remove(publisher.id());
                rows.audit()
                        .add(Requester.ownAct(
                                now,
                                "publisher-expired",
                                publisher.namespace(),
                                publisher.id(),
                                Map.of("packages", publisher.packages())));
            }
            return expired;
        });
    }
}
