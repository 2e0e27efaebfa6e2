package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import java.util.ArrayList;
import java.util.List;

/** Plays the writer of the evidence log, with real hashes and tiles. Entry n is always the same. */
public final class EvidenceScript {

    private final OpenTiles openTiles = new OpenTiles();
    private final List<byte[]> told = new ArrayList<>();
    private Frontier state = Frontier.empty();

    /** The state after all batches so far. */
    public Frontier state() {
        return state;
    }

    /** All entries so far. */
    public List<byte[]> told() {
        return told;
    }

    /** A batch of the next {@code count} entries. */
    public EvidenceBatch next(int count) {
        List<byte[]> entries = new ArrayList<>();
        List<FullTile> tiles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] entry = ("evidence " + told.size() + "\n").getBytes(UTF_8);
            entries.add(entry);
            told.add(entry);
            state = state.append(MerkleHash.leaf(entry), openTiles.completing(tiles));
        }
        return new EvidenceBatch(entries, tiles, state);
    }

    /** Appends the next {@code count} entries. */
    public void append(EvidenceStore evidence, int count) throws StaleEvidenceException {
        Frontier before = state;
        evidence.append(before, next(count));
    }
}
