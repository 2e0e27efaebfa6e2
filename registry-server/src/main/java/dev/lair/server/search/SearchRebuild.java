package dev.lair.server.search;

import dev.lair.server.gate.KeptFacts;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import dev.lair.storage.registry.RegistryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.lucene.store.LockObtainFailedException;

/** Makes the search index anew, of a registry that is opened without its server. */
public final class SearchRebuild {

    private SearchRebuild() {}

    /**
     * What was made.
     *
     * @param packages that were written; empty where no index stays when a server ends, or one that runs holds it
     * @param leaves of the ledger that it knows of
     */
    public record Rebuilt(Optional<Long> packages, long leaves) {}

    /** Drops the index and follows the logs from their beginning. A crash leaves the rest to the next start. */
    public static Rebuilt run(Storage storage, LairSettings settings) {
        Path folder = OpenedIndex.folder(settings);
        LedgerStore ledger = storage.ledger();
        Optional<Publication> last = ledger.latestPublication();
        long leaves = last.map(Publication::treeSize).orElse(0L);
        long entries =
                last.map(publication -> publication.notes().evidenceSize()).orElse(0L);
        if (folder == null) {
            return new Rebuilt(Optional.empty(), leaves);
        }
        Cards cards =
                new Cards(content -> KeptFacts.of(storage.facts(), content), RegistryStore.over(storage.registry()));
        try (SearchIndex index = SearchIndex.create(OpenedIndex.directory(folder))) {
            LedgerFollower follower = new LedgerFollower(ledger, storage.evidence(), cards, index);
            while (!follower.isAt(leaves, entries)) {
                follower.step(leaves, entries);
            }
            index.commit();
            return new Rebuilt(Optional.of((long) index.size()), leaves);
        } catch (LockObtainFailedException held) {
            return new Rebuilt(Optional.empty(), leaves);
        } catch (IOException e) {
            throw new UncheckedIOException("search index in " + folder + " cannot be written", e);
        }
    }
}
