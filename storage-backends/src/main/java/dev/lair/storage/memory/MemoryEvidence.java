package dev.lair.storage.memory;

import dev.lair.storage.Arguments;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FullTile;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.transparency.Frontier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evidence log in the heap; its own monitor owns every field. */
final class MemoryEvidence implements EvidenceStore {

    private Frontier state = Frontier.empty();
    private final List<byte[]> entries = new ArrayList<>();
    private final Map<TileKey, byte[]> tiles = new HashMap<>();

    @Override
    public synchronized Frontier state() {
        return state;
    }

    @Override
    public synchronized void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException {
        if (!state.equals(expected)) {
            throw new StaleEvidenceException(expected.treeSize(), state.treeSize());
        }
        batch.requireFollows(expected);
        for (byte[] entry : batch.entries()) {
            entries.add(entry.clone());
        }
        for (FullTile tile : batch.tiles()) {
            tiles.put(new TileKey(tile.level(), tile.index()), tile.bytes().clone());
        }
        state = batch.next();
    }

    @Override
    public synchronized List<byte[]> entries(long fromIndex, long untilIndex) {
        Arguments.requireRange(fromIndex, untilIndex);
        int from = (int) Math.min(fromIndex, entries.size());
        int until = (int) Math.min(untilIndex, entries.size());
        return entries.subList(from, until).stream().map(byte[]::clone).toList();
    }

    @Override
    public synchronized Optional<byte[]> tile(int level, long index) {
        Arguments.requireNotNegative(level);
        Arguments.requireNotNegative(index);
        return Optional.ofNullable(tiles.get(new TileKey(level, index))).map(byte[]::clone);
    }
}
