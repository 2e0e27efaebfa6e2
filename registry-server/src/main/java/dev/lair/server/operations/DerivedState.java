package dev.lair.server.operations;

import dev.lair.server.gate.FactRebuild;
import dev.lair.server.insight.CatalogRebuild;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.ledger.SnapshotRebuild;
import dev.lair.server.search.SearchRebuild;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.Storage;
import java.util.List;
import java.util.OptionalLong;

/**
 * Everything that a registry keeps and could make again from its primary state (architecture, "Truth and derivable
 * state"): what {@code lair rebuild} goes through, in this order. Whoever adds derived data adds it here; a test damages
 * and rebuilds each thing on the list.
 */
final class DerivedState {

    /** One thing on the list. */
    record Derived(String name, Rebuild rebuild) {}

    /** Makes one thing again, beside nodes that go on writing where the storage is shared. */
    interface Rebuild {

        /**
         * Goes through primary state only, never through what is rebuilt.
         *
         * @return what was made, in words with counts
         * @throws LedgerException.Corrupt when primary state does not lead to what was committed
         */
        String run(Storage storage, LairSettings settings);
    }

    static final List<Derived> ALL = List.of(
            new Derived("index of entries", DerivedState::index),
            new Derived("map snapshots", DerivedState::mapSnapshots),
            new Derived("facts of releases", DerivedState::facts),
            new Derived("catalog", (storage, settings) -> CatalogRebuild.run(storage)),
            // Behind the facts, of which it is made.
            new Derived("search index", DerivedState::search));

    private DerivedState() {}

    private static String index(Storage storage, LairSettings settings) {
        OptionalLong entries = storage.ledger().reindex();
        return entries.isPresent() ? entries.getAsLong() + " entries" : "kept by the storage itself";
    }

    private static String facts(Storage storage, LairSettings settings) {
        FactRebuild.Rebuilt rebuilt = FactRebuild.run(storage, settings);
        return rebuilt.contents() + " written of contents, " + rebuilt.releases() + " written of releases"
                + (rebuilt.lost() == 0 ? "" : ", " + rebuilt.lost() + " left out: their content is not stored");
    }

    private static String search(Storage storage, LairSettings settings) {
        SearchRebuild.Rebuilt rebuilt = SearchRebuild.run(storage, settings);
        return rebuilt.packages()
                .map(packages -> packages + " written of packages; " + rebuilt.leaves() + " leaves")
                .orElse("left to the servers, each of which has its own");
    }

    private static String mapSnapshots(Storage storage, LairSettings settings) {
        SnapshotRebuild.Rebuilt rebuilt = SnapshotRebuild.rebuild(storage, settings.ledger());
        return rebuilt.written().size() + " written" + (rebuilt.written().isEmpty() ? "" : " " + rebuilt.written())
                + ", " + rebuilt.removed() + " removed; " + rebuilt.leaves() + " leaves, " + rebuilt.packages()
                + " logs, " + rebuilt.sizeBytes() + " bytes";
    }
}
