package dev.lair.server.insight;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.registry.CatalogRows.State;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes the catalog again from the ledger and from kept facts, of a registry that is opened without its server. Beside nodes
 * they take steps of it too; until it is done they say that the catalog is behind.
 */
public final class CatalogRebuild {

    private CatalogRebuild() {}

    /** Forgets the catalog and makes it again; says what was made. Facts are those that are kept: make them first. */
    public static String run(Storage storage) {
        CatalogFeed feed = new CatalogFeed(source(storage), RegistryStore.over(storage.registry()));
        feed.clear();
        long published =
                storage.ledger().latestPublication().map(Publication::treeSize).orElse(0L);
        while (feed.step(published)) {
            // On to the next.
        }
        State state = feed.state();
        return state.releases() + " releases, " + state.changes() + " changes";
    }

    private static CatalogFeed.Source source(Storage storage) {
        return new CatalogFeed.Source() {
            @Override
            public List<LedgerEntry> entries(long from, long until) {
                return storage.ledger().entries(from, until);
            }

            @Override
            public Optional<String> nameOf(LogId log) {
                return storage.ledger().logName(log);
            }

            @Override
            public Optional<ContentFacts> facts(Digest content) {
                return storage.facts().ofContent(content).flatMap(CatalogRebuild::read);
            }
        };
    }

    private static Optional<ContentFacts> read(byte[] kept) {
        try {
            return Optional.of(ApiJson.readCompressed(kept, ContentFacts.class));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }
}
