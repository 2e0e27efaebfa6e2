package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestSettings;
import dev.lair.storage.Archive;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.FullTile;
import dev.lair.storage.Publication;
import dev.lair.storage.PublishedNotes;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileNodes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Both logs with some full tiles, published; to be copied to an archive and compared with what is there. */
record PublishedLogs(Storage memory, long treeSize, long evidenceSize) {

    private static final int RECORDS = 16 * 256 + 100;
    private static final int ENTRIES = 300;

    static PublishedLogs of(Clock clock) {
        Storage opened = MemoryStorage.open(clock);
        Storage memory = storage(opened, Optional.empty());
        fillEvidence(memory);
        Chains chains = new Chains(5, 40);
        try (OpenLedger ledger =
                OpenLedger.open(TestSettings.of(), memory, () -> Optional.of(OperatorKeyFile.KEY), clock)) {
            for (int left = RECORDS; left > 0; left -= 1000) {
                ledger.appendAtOnce(chains.next(Math.min(left, 1000)));
            }
        }
        Publication last = memory.ledger().latestPublication().orElseThrow();
        PublishedNotes notes = last.notes();
        return new PublishedLogs(memory, last.treeSize(), notes.evidenceSize());
    }

    /** Entries that say nothing, as publish attestations will be beside those of checkpoints. */
    private static void fillEvidence(Storage memory) {
        LogTiles tiles = LogTiles.of(memory.evidence());
        TileBuilder builder = TileBuilder.resume(new TileNodes(tiles, 0), 0);
        Frontier frontier = Frontier.empty();
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            byte[] entry = ("entry " + i).getBytes(StandardCharsets.UTF_8);
            entries.add(entry);
            frontier = frontier.append(MerkleHash.leaf(entry), builder);
        }
        List<FullTile> full = builder.takeFilled().stream()
                .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                .toList();
        try {
            memory.evidence().append(Frontier.empty(), new EvidenceBatch(entries, full, frontier));
        } catch (StaleEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Storage storage(Storage memory, Optional<Archive> archive) {
        return new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                archive,
                Storage.Sharing.SHARED,
                () -> {});
    }

    /** The logs with this archive beside them. */
    Storage storage(Archive archive) {
        return storage(memory, Optional.of(archive));
    }

    ArchivedLog main(int generation) {
        return ArchivedLog.main(memory.ledger(), LogTiles.of(memory.ledger()), generation);
    }

    /** What copies them there; not started, so that a test says when. */
    TileArchive archiving(Archive archive) {
        return new TileArchive(
                Optional.of(archive),
                main(1),
                ArchivedLog.evidence(memory.evidence(), LogTiles.of(memory.evidence()), 1),
                new Standing());
    }

    void requireArchived(Archive archive) {
        requireMainArchived(archive);
        // How many checkpoints there are is a matter of pace.
        assertThat(evidenceSize).isGreaterThanOrEqualTo(300);
        assertThat(archive.get("evidence/tile/0/000").orElseThrow())
                .isEqualTo(memory.evidence().tile(0, 0).orElseThrow());
        assertThat(archive.get("evidence/tile/entries/000").orElseThrow())
                .isEqualTo(EntryBundle.encode(memory.evidence().entries(0, 256)));
    }

    void requireMainArchived(Archive archive) {
        for (int n = 0; n < 16; n++) {
            String index = "%03d".formatted(n);
            assertThat(archive.get("log/tile/0/" + index).orElseThrow())
                    .as(index)
                    .isEqualTo(memory.ledger().tile(0, n).orElseThrow());
            assertThat(archive.get("log/tile/entries/" + index).orElseThrow())
                    .as(index)
                    .isEqualTo(EntryBundle.encode(memory.ledger().leaves(256L * n, 256L * n + 256).stream()
                            .map(LogLeaf::encode)
                            .toList()));
        }
    }
}
