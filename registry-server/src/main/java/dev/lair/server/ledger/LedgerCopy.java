package dev.lair.server.ledger;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.FullTile;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.Storage;
import dev.lair.storage.StoredContent;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import dev.lair.transparency.TileNodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a registry from one storage to another: contents, records with all hashes derived anew, checkpoints, evidence and
 * what waits. Nobody may write to either while it runs. A copy that broke off goes on where it stopped when it is run
 * again; what the target holds then must be a prefix of the source.
 */
public final class LedgerCopy {

    private final Storage from;
    private final Storage to;
    private final Consumer<String> progress;

    private LedgerCopy(Storage from, Storage to, Consumer<String> progress) {
        this.from = from;
        this.to = to;
        this.progress = progress;
    }

    /**
     * Copies everything and compares the ends, root for root.
     *
     * @throws Corrupt when the target holds something else, or did not become what the source is
     */
    public static void run(Storage from, Storage to, Consumer<String> progress) throws IOException {
        new LedgerCopy(from, to, progress).run();
    }

    private void run() throws IOException {
        LedgerState source = from.ledger().state();
        SparseMap map = copyRecords(source);
        copyEvidence();
        copyCheckpoints();
        copySubmissions();
        if (source.treeSize() > 0) {
            MapSnapshot snapshot = new MapSnapshot(source.treeSize(), map);
            to.snapshots().save(snapshot.logSize(), snapshot::writeTo);
        }
        requireSame("the ledger", source, to.ledger().state());
        requireSame("the evidence log", from.evidence().state(), to.evidence().state());
        requireSame(
                "the published checkpoint",
                from.ledger().latestPublication().orElse(null),
                to.ledger().latestPublication().orElse(null));
    }

    private static void requireSame(String what, @Nullable Object source, @Nullable Object target) {
        if (!Objects.equals(source, target)) {
            throw new Corrupt(what + " of the copy is " + target + ", the source has " + source);
        }
    }

    private SparseMap copyRecords(LedgerState source) throws IOException {
        Frontier frontier = Frontier.empty();
        SparseMap map = SparseMap.empty();
        LogTiles there = LogTiles.of(to.ledger());
        LedgerState target = to.ledger().state();
        if (target.treeSize() > source.treeSize()) {
            throw new Corrupt("the target holds " + target.treeSize() + " leaves, the source " + source.treeSize());
        }
        TileBuilder tiles = TileBuilder.resume(new TileNodes(there, target.treeSize()), target.treeSize());
        Set<LogId> begun = new HashSet<>();
        for (long index = 0; index < source.treeSize(); ) {
            // The copied part is gone through too: its map is needed, and that it is a prefix must be seen.
            long until = Math.min(
                    index + Limits.ENTRY_PAGE, index < target.treeSize() ? target.treeSize() : source.treeSize());
            List<NewEntry> entries = new ArrayList<>();
            boolean copied = index < target.treeSize();
            for (LedgerEntry entry : from.ledger().entries(index, until)) {
                LogLeaf leaf = new LogLeaf(entry.logId(), entry.recordId());
                frontier = copied ? frontier.append(leaf.hash()) : frontier.append(leaf.hash(), tiles);
                map = map.with(entry.logId(), entry.recordId());
                entries.add(newEntry(entry, begun.add(entry.logId())));
            }
            index = until;
            LedgerState next = new LedgerState(frontier, map.root());
            if (copied) {
                if (index == target.treeSize()) {
                    requireSame("the part that was copied before", next, target);
                }
                continue;
            }
            commit(entries, tiles, next);
            progress.accept("copied " + index + " of " + source.treeSize() + " records");
        }
        return map;
    }

    private NewEntry newEntry(LedgerEntry entry, boolean first) throws IOException {
        if (entry.logId().equals(OperatorLog.LOG_ID)) {
            return new NewEntry(entry.logId(), entry.recordId(), entry.record(), null, List.of());
        }
        List<Digest> releases = new ArrayList<>();
        try {
            for (PackageEntry one :
                    SignedPackageRecord.decode(entry.record()).contents().entries()) {
                if (one instanceof PackageEntry.Release release) {
                    releases.add(release.content());
                    copyContent(release.content());
                }
            }
        } catch (MalformedRecordException e) {
            throw new Corrupt("the record at leaf " + entry.leafIndex() + " is not valid: " + e.getMessage(), e);
        }
        String name = first
                ? from.ledger()
                        .logName(entry.logId())
                        .map(PackageName::parse)
                        .orElseThrow()
                        .toString()
                : null;
        return new NewEntry(
                entry.logId(), entry.recordId(), entry.record(), name, List.copyOf(new HashSet<>(releases)));
    }

    /** With the contents that came already: the record does not ask for them again, and nothing else names them. */
    private void copySubmissions() throws IOException {
        SubmissionStore.Page page = new SubmissionStore.Page(List.of(), 0);
        do {
            page = from.submissions().open(page.last(), SubmissionStore.PAGE);
            for (Submission waiting : page.submissions()) {
                for (Digest content : releases(waiting)) {
                    if (from.contents().find(content).isPresent()) {
                        copyContent(content);
                    }
                }
                to.submissions().save(waiting);
            }
        } while (page.submissions().size() == SubmissionStore.PAGE);
    }

    private static List<Digest> releases(Submission waiting) {
        List<Digest> releases = new ArrayList<>();
        try {
            for (PackageEntry one :
                    SignedPackageRecord.decode(waiting.record()).contents().entries()) {
                if (one instanceof PackageEntry.Release release) {
                    releases.add(release.content());
                }
            }
        } catch (MalformedRecordException e) {
            throw new Corrupt("the submission " + waiting.recordId() + " is not a valid record: " + e.getMessage(), e);
        }
        return releases;
    }

    private void commit(List<NewEntry> entries, TileBuilder tiles, LedgerState next) {
        List<FullTile> full = tiles.takeFilled().stream()
                .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                .toList();
        try {
            to.ledger().commit(to.ledger().state(), new LedgerBatch(entries, full, next));
        } catch (StaleLedgerException e) {
            throw new Corrupt("somebody else writes to the target: " + e.getMessage(), e);
        }
    }

    /** Before the record that releases it: a copy that breaks off holds no release without its content. */
    private void copyContent(Digest digest) throws IOException {
        if (to.contents().find(digest).isPresent()) {
            return;
        }
        StoredContent stored = from.contents()
                .find(digest)
                .orElseThrow(() -> new Corrupt("content " + digest + " was released and is not stored"));
        try (InputStream in = from.contents().open(digest, 0, stored.sizeBytes())) {
            to.contents().put(digest, in, stored.sizeBytes());
        } catch (ContentNotFoundException | DigestMismatchException | ContentTooLargeException e) {
            throw new Corrupt("content " + digest + " cannot be copied: " + e.getMessage(), e);
        }
    }

    private void copyEvidence() {
        Frontier source = from.evidence().state();
        Frontier at = to.evidence().state();
        TileBuilder tiles = TileBuilder.resume(new TileNodes(LogTiles.of(to.evidence()), at.treeSize()), at.treeSize());
        while (at.treeSize() < source.treeSize()) {
            List<byte[]> page = from.evidence()
                    .entries(at.treeSize(), Math.min(at.treeSize() + Limits.ENTRY_PAGE, source.treeSize()));
            Frontier next = at;
            for (byte[] entry : page) {
                next = next.append(MerkleHash.leaf(entry), tiles);
            }
            List<FullTile> full = tiles.takeFilled().stream()
                    .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                    .toList();
            try {
                to.evidence().append(at, new EvidenceBatch(page, full, next));
            } catch (StaleEvidenceException e) {
                throw new Corrupt("somebody else writes to the target: " + e.getMessage(), e);
            }
            at = next;
        }
    }

    /** Oldest first, all under the newest notes: those of older checkpoints are not kept. */
    private void copyCheckpoints() {
        Publication newest = from.ledger().latestPublication().orElse(null);
        if (newest == null) {
            return;
        }
        long after = to.ledger()
                .latestCheckpoint()
                .map(checkpoint -> checkpoint.contents().checkpoint().logLength())
                .orElse(-1L);
        List<SignedCheckpoint> page = from.ledger().checkpointsFrom(after + 1, Limits.ENTRY_PAGE);
        while (!page.isEmpty()) {
            for (SignedCheckpoint checkpoint : page) {
                to.ledger().publish(new Publication(checkpoint, newest.notes()));
                after = checkpoint.contents().checkpoint().logLength();
            }
            page = from.ledger().checkpointsFrom(after + 1, Limits.ENTRY_PAGE);
        }
        to.ledger().publish(newest);
    }
}
