package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.TileBuilder;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/**
 * What {@code fsck} does, as far as a store without a server goes: derives again what can be derived, and reads every
 * content. (Roots of the map are made up by {@link LedgerScript}.)
 */
public final class SoundStore {

    private static final int PAGE = 100;
    private static final int TILE_WIDTH = 256;

    private SoundStore() {}

    /** Entries, their index, right edge, tiles and checkpoints tell one story. */
    public static void require(LedgerStore ledger) {
        LedgerState state = ledger.state();
        List<LedgerEntry> entries = ledger.entries(0, Long.MAX_VALUE);
        assertThat(entries).hasSize(Math.toIntExact(state.treeSize()));
        TileBuilder tiles = TileBuilder.resume(
                (level, index) -> {
                    throw new IllegalStateException("an empty log has no nodes");
                },
                0);
        Frontier frontier = Frontier.empty();
        for (LedgerEntry entry : entries) {
            assertThat(entry.leafIndex()).isEqualTo(frontier.treeSize());
            assertThat(ledger.entry(entry.recordId())).contains(entry);
            frontier = frontier.append(new LogLeaf(entry.logId(), entry.recordId()).hash(), tiles);
        }
        assertThat(frontier).isEqualTo(state.frontier());
        for (TileBuilder.Filled tile : tiles.takeFilled()) {
            assertThat(ledger.tile(tile.id().level(), tile.id().n()))
                    .as("tile %s", tile.id())
                    .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(tile.bytes()));
        }
        assertThat(ledger.tile(0, state.treeSize() / TILE_WIDTH)).isEmpty();
        ledger.latestCheckpoint()
                .ifPresent(latest ->
                        assertThat(latest.contents().checkpoint().logLength()).isLessThanOrEqualTo(state.treeSize()));
    }

    /** Every content that the store lists can be read and is what its digest says. */
    public static void requireContents(ContentStore contents) throws Exception {
        Digest last = null;
        while (true) {
            List<Digest> page = contents.untouchedSince(Instant.parse("9000-01-01T00:00:00Z"), last, PAGE);
            for (Digest digest : page) {
                last = digest;
                StoredContent stored = contents.find(digest).orElse(null);
                if (stored == null) {
                    // Its deletion is under way.
                    continue;
                }
                try (InputStream in = contents.open(digest, 0, stored.sizeBytes())) {
                    assertThat(Digest.ofRest(in)).isEqualTo(digest);
                }
            }
            if (page.size() < PAGE) {
                return;
            }
        }
    }
}
