package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerCheck.Difference;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.Publication;
import dev.lair.storage.Storage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tiles and entry bundles in the archive with the stored ones, which {@link LedgerCheck} and
 * {@link EvidenceCheck} derived from the records before. What is there must be the same; it may end early, because copying
 * lags behind, but has no holes.
 */
final class ArchiveCheck {

    private final Archive archive;
    private long compared;

    private ArchiveCheck(Archive archive) {
        this.archive = archive;
    }

    /** Answers how many archived objects were compared; 0 where there is no archive. */
    static long run(Storage storage, int generation) throws Difference {
        Optional<Publication> publication = storage.ledger().latestPublication();
        if (storage.archive().isEmpty() || publication.isEmpty()) {
            return 0;
        }
        ArchiveCheck check = new ArchiveCheck(storage.archive().get());
        check.require(
                ArchivedLog.main(storage.ledger(), LogTiles.of(storage.ledger()), generation),
                ArchivedLog.steps(publication.get().treeSize()));
        check.require(
                ArchivedLog.evidence(storage.evidence(), LogTiles.of(storage.evidence()), generation),
                ArchivedLog.steps(publication.get().notes().evidenceSize()));
        return check.compared;
    }

    private void require(ArchivedLog log, long steps) throws Difference {
        String missing = null;
        for (long step = 0; step < steps; step++) {
            // Behind the first that is missing only seals tell whether it is a hole.
            if (missing == null) {
                for (ArchivedLog.Item item : log.before(step)) {
                    if (!isThere(item) && missing == null) {
                        missing = item.path();
                    }
                }
            }
            if (missing == null || ArchivedLog.endsBatch(step)) {
                missing = requireTile(log.tile(step), ArchivedLog.endsBatch(step), missing);
            }
        }
    }

    private @Nullable String requireTile(ArchivedLog.Item tile, boolean isSeal, @Nullable String missing)
            throws Difference {
        boolean isThere = isThere(tile);
        if (isThere && isSeal && missing != null) {
            throw new Difference(
                    "`" + missing + "` is missing from the archive, which holds `" + tile.path() + "` behind it");
        }
        if (!isThere && missing == null) {
            return tile.path();
        }
        return missing;
    }

    private boolean isThere(ArchivedLog.Item item) throws Difference {
        try {
            boolean isThere = ArchivedLog.isThere(archive, item);
            compared += isThere ? 1 : 0;
            return isThere;
        } catch (ArchiveConflictException e) {
            throw new Difference("`" + item.path() + "` of the archive is not what the records lead to");
        }
    }
}
