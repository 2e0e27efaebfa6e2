package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code fsck} for ledgers whose records are made up and cannot be decoded: everything that {@link LedgerCheck} derives
 * again, but for what is inside the records.
 */
final class SoundStorage {

    private SoundStorage() {}

    /** Fails at the first difference. */
    static void require(Storage storage) {
        LedgerStore ledger = storage.ledger();
        LedgerState state = ledger.state();
        List<LedgerEntry> entries = ledger.entries(0, Long.MAX_VALUE);
        assertThat(entries).hasSize(Math.toIntExact(state.treeSize()));
        TileBuilder tiles = TileBuilder.resume(
                (level, index) -> {
                    throw new IllegalStateException("an empty log has no nodes");
                },
                0);
        List<Checkpoint> prefixes = new ArrayList<>();
        Frontier frontier = Frontier.empty();
        SparseMap map = SparseMap.empty();
        prefixes.add(new Checkpoint(frontier.root(), 0, map.root()));
        for (LedgerEntry entry : entries) {
            assertThat(entry.leafIndex()).isEqualTo(frontier.treeSize());
            assertThat(ledger.entry(entry.recordId()).map(LedgerEntry::leafIndex))
                    .as("the index of record ids, for leaf %s", entry.leafIndex())
                    .contains(entry.leafIndex());
            frontier = frontier.append(new LogLeaf(entry.logId(), entry.recordId()).hash(), tiles);
            map = map.with(entry.logId(), entry.recordId());
            prefixes.add(new Checkpoint(frontier.root(), frontier.treeSize(), map.root()));
        }
        assertThat(state.frontier()).isEqualTo(frontier);
        assertThat(state.mapRoot()).isEqualTo(map.root());
        for (TileBuilder.Filled tile : tiles.takeFilled()) {
            assertThat(ledger.tile(tile.id().level(), tile.id().n()))
                    .as("tile %s", tile.id())
                    .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(tile.bytes()));
        }
        for (SignedCheckpoint signed : ledger.checkpointsFrom(0, Integer.MAX_VALUE)) {
            Checkpoint checkpoint = signed.contents().checkpoint();
            assertThat(checkpoint).isEqualTo(prefixes.get(Math.toIntExact(checkpoint.logLength())));
        }
        try {
            EvidenceCheck.run(storage, OpenLedger.IDENTITY);
        } catch (Difference e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }
}
