package dev.lair.server.content;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentStore;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.transparency.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes uploads that no record needs, a grace period after they were last put. Content that any record in the ledger
 * ever released stays, yanked or not. A put or touch that comes meanwhile wins ({@link ContentStore}).
 */
@Component
final class ContentCollector {

    private static final Logger LOG = LoggerFactory.getLogger(ContentCollector.class);
    private static final int PAGE = 1000;

    private final ContentStore contents;
    private final FactStore facts;
    private final Ledger ledger;
    private final List<ContentReferences> references;
    private final Clock clock;
    private final Duration grace;

    ContentCollector(
            Storage storage, Ledger ledger, List<ContentReferences> references, Clock clock, LairSettings settings) {
        this.contents = storage.contents();
        this.facts = storage.facts();
        this.ledger = ledger;
        this.references = references;
        this.clock = clock;
        this.grace = settings.content().grace();
    }

    /** One round; answers how many contents it deleted. */
    @Scheduled(fixedDelayString = "${lair.content.collect-every:1h}")
    int collect() {
        Instant cutoff = clock.instant().minus(grace);
        int deleted = 0;
        @Nullable Digest after = null;
        List<Digest> page;
        do {
            page = contents.untouchedSince(cutoff, after, PAGE);
            // References first, the ledger behind them: a record goes this way, so that it is met in one place at
            // least.
            Set<Digest> kept = referenced(page);
            for (Digest digest : page) {
                if (!kept.contains(digest)
                        && ledger.releasedAt(digest).isEmpty()
                        && contents.deleteIfUntouchedSince(digest, cutoff)) {
                    forget(digest);
                    deleted++;
                }
            }
            after = page.isEmpty() ? null : page.getLast();
        } while (page.size() == PAGE);
        if (deleted > 0) {
            LOG.info("unreferenced uploads collected contents.deleted={}", deleted);
        }
        return deleted;
    }

    /** What is left over costs a row; no round may end over it. */
    private void forget(Digest content) {
        try {
            facts.forgetContent(content);
        } catch (StorageException e) {
            LOG.warn("facts of a collected content are left over content.digest={}: {}", content, e.getMessage());
        }
    }

    private Set<Digest> referenced(List<Digest> page) {
        Set<Digest> kept = new HashSet<>();
        references.forEach(reference -> kept.addAll(reference.referenced(page)));
        return kept;
    }
}
