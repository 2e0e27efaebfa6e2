package dev.lair.server.ledger;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.MalformedEnvelopeException;
import dev.lair.signing.PublicKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.Verifier;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TileBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Derives everything again from the signed records and compares it with what is stored: record ids, each log's rules,
 * names, the indexes of records, logs and released contents, content digests, leaf hashes, full tiles, the right edge, the
 * map, and every signed checkpoint on the way, those in the archive too. The evidence log and the notes are checked by
 * {@link EvidenceCheck}, archived tiles by {@link ArchiveCheck}.
 *
 * <p>Reads only; below the size at which it starts nothing changes, so it may run beside nodes that go on writing. Holds
 * the state of every log in memory.
 */
public final class LedgerCheck {

    private final LedgerStore store;
    private final ContentStore contents;
    private final Verifier verifier;

    private OperatorLog.State operatorLog = OperatorLog.State.EMPTY;
    private final Map<LogId, PackageLog.State> packageLogs = new HashMap<>();
    private Frontier frontier = Frontier.empty();
    private SparseMap map = SparseMap.empty();
    private final TileBuilder tiles = TileBuilder.resume(
            (level, index) -> {
                throw new IllegalStateException("an empty log has no nodes");
            },
            0);
    private long contentBytes;

    /** What a check that found nothing wrong went through. */
    public record Passed(
            long leaves,
            long packages,
            long checkpoints,
            long contentBytes,
            long evidenceEntries,
            long archivedObjects) {}

    /** The first difference that was found; its message names the place and both values. */
    public static final class Difference extends Exception {
        private static final long serialVersionUID = 1L;

        Difference(String message) {
            super(message);
        }
    }

    private LedgerCheck(Storage storage, Verifier verifier) {
        this.store = storage.ledger();
        this.contents = storage.contents();
        this.verifier = verifier;
    }

    /**
     * Checks everything.
     *
     * @throws Difference at the first thing that is not as it should be
     */
    public static Passed run(Storage storage, LogIdentity identity, Verifier verifier) throws Difference {
        return new LedgerCheck(storage, verifier).run(storage, identity);
    }

    private Passed run(Storage storage, LogIdentity identity) throws Difference {
        LedgerState state = store.state();
        CheckpointCopies copies = storage.archive()
                .map(archive -> new CheckpointCopies(archive, identity.generation()))
                .orElse(null);
        Iterator<Long> copied = copies == null ? Collections.emptyIterator() : copies.sizes();
        long nextCopy = copied.hasNext() ? copied.next() : Long.MAX_VALUE;
        Deque<SignedCheckpoint> checkpoints = new ArrayDeque<>();
        long checkpointsSeen = 0;
        long index = 0;
        while (index < state.treeSize()) {
            List<LedgerEntry> page = read(index, Math.min(index + Limits.ENTRY_PAGE, state.treeSize()));
            if (page.isEmpty()) {
                throw new Difference("leaf " + index + " is missing, " + state.treeSize() + " are committed");
            }
            for (LedgerEntry entry : page) {
                require(entry, index);
                index++;
                if (checkpoints.isEmpty()) {
                    checkpoints.addAll(store.checkpointsFrom(index, Limits.ENTRY_PAGE));
                }
                while (!checkpoints.isEmpty() && size(checkpoints.getFirst()) == index) {
                    require(checkpoints.removeFirst());
                    checkpointsSeen++;
                }
                if (copies != null && nextCopy == index) {
                    requireCopy(copies, index);
                    nextCopy = copied.hasNext() ? copied.next() : Long.MAX_VALUE;
                }
            }
            requireTiles();
        }
        requireEqual("the log root of " + index + " leaves", state.logRoot(), frontier.root());
        requireEqual("the map root of " + index + " leaves", state.mapRoot(), map.root());
        long evidence = EvidenceCheck.run(storage, identity);
        long archived = ArchiveCheck.run(storage, identity.generation());
        return new Passed(index, packageLogs.size(), checkpointsSeen, contentBytes, evidence, archived);
    }

    private List<LedgerEntry> read(long fromIndex, long untilIndex) throws Difference {
        try {
            return store.entries(fromIndex, untilIndex);
        } catch (MalformedEnvelopeException e) {
            if (untilIndex - fromIndex == 1) {
                throw new Difference("the record at leaf " + fromIndex + " is not valid: " + e.getMessage());
            }
            // One of many: the first that cannot be read alone is it.
            for (long index = fromIndex; index < untilIndex; index++) {
                read(index, index + 1);
            }
            throw e;
        }
    }

    private static long size(SignedCheckpoint checkpoint) {
        return checkpoint.contents().checkpoint().logLength();
    }

    private void require(LedgerEntry entry, long index) throws Difference {
        if (entry.leafIndex() != index) {
            throw new Difference("leaf " + index + " is missing, the next one is " + entry.leafIndex());
        }
        try {
            if (entry.logId().equals(OperatorLog.LOG_ID)) {
                SignedOperatorRecord record = SignedOperatorRecord.decode(entry.record());
                requireEqual("the record id at leaf " + index, entry.recordId(), record.id());
                operatorLog = operatorLog.append(record, verifier);
            } else {
                SignedPackageRecord record = SignedPackageRecord.decode(entry.record());
                requireEqual("the record id at leaf " + index, entry.recordId(), record.id());
                PackageLog.State before = packageLogs.getOrDefault(entry.logId(), PackageLog.State.EMPTY);
                packageLogs.put(entry.logId(), before.append(record, verifier));
                requireName(entry, index);
                requireReleases(record, index);
            }
        } catch (MalformedRecordException | RecordRejected e) {
            throw new Difference("the record at leaf " + index + " is not valid: " + e.getMessage());
        }
        requireFound(entry, index);
        LogLeaf leaf = new LogLeaf(entry.logId(), entry.recordId());
        frontier = frontier.append(leaf.hash(), tiles);
        map = map.with(entry.logId(), entry.recordId());
    }

    /** Both indexes that lead to the entry: they are derived, and a storage may keep them apart from the entries. */
    private void requireFound(LedgerEntry entry, long index) throws Difference {
        if (store.logEntries(entry.logId(), index, index + 1, 1).isEmpty()) {
            throw new Difference("the index of logs does not lead from log " + entry.logId() + " to its leaf " + index
                    + "; run lair rebuild");
        }
        long found = store.entry(entry.recordId()).map(LedgerEntry::leafIndex).orElse(-1L);
        if (found != index) {
            throw new Difference("record " + entry.recordId() + " is at leaf " + index
                    + ", the index of record ids says " + found + "; run lair rebuild");
        }
    }

    private void requireName(LedgerEntry entry, long index) throws Difference {
        Optional<String> name = store.logName(entry.logId());
        boolean fits = name.map(text -> PackageName.parse(text).logId().equals(entry.logId()))
                .orElse(false);
        if (!fits) {
            throw new Difference("the log of leaf " + index + " is named `" + name.orElse("nothing")
                    + "`, which is not the name of log " + entry.logId());
        }
    }

    private void requireReleases(SignedPackageRecord record, long index) throws Difference {
        for (PackageEntry entry : record.contents().entries()) {
            if (entry instanceof PackageEntry.Release release) {
                OptionalLong first = store.releasedAt(release.content());
                if (first.isEmpty() || first.getAsLong() > index) {
                    throw new Difference("leaf " + index + " releases content " + release.content()
                            + ", the index of released contents does not know it; run lair rebuild");
                }
                if (first.getAsLong() == index) {
                    requireContent(release.content(), index);
                }
            }
        }
    }

    private void requireContent(Digest digest, long index) throws Difference {
        StoredContent stored = contents.find(digest)
                .orElseThrow(
                        () -> new Difference("content " + digest + ", released at leaf " + index + ", is not stored"));
        try (InputStream in = contents.open(digest, 0, stored.sizeBytes())) {
            requireEqual("the digest of content " + digest, digest, Digest.ofRest(in));
            contentBytes += stored.sizeBytes();
        } catch (IOException | ContentNotFoundException e) {
            throw new Difference("content " + digest + " cannot be read: " + e.getMessage());
        }
    }

    private void require(SignedCheckpoint signed) throws Difference {
        Checkpoint checkpoint = signed.contents().checkpoint();
        String what = " of the checkpoint of " + checkpoint.logLength() + " leaves";
        requireEqual("the log root" + what, checkpoint.logRoot(), frontier.root());
        requireEqual("the map root" + what, checkpoint.mapRoot(), map.root());
        PublicKey key = operatorLog.key(signed.keyId()).orElse(null);
        boolean mayCommit = operatorLog.permissions(signed.keyId()).contains(OperatorPermission.COMMIT);
        if (key == null || !mayCommit || !signed.verify(key, verifier)) {
            throw new Difference("the signature" + what + " is not by a key that could commit at that length");
        }
    }

    /** Signed, and perhaps never published: then nothing else tells of a history that a failover lost. */
    private void requireCopy(CheckpointCopies copies, long size) throws Difference {
        Optional<CheckpointText> copy = copies.at(size);
        if (copy.isPresent()) {
            requireEqual(
                    "the log root of the archived checkpoint of " + size + " leaves",
                    copy.get().root(),
                    frontier.root());
        }
    }

    private void requireTiles() throws Difference {
        for (TileBuilder.Filled filled : tiles.takeFilled()) {
            byte[] stored = store.tile(filled.id().level(), filled.id().n()).orElse(null);
            if (!Arrays.equals(stored, filled.bytes())) {
                throw new Difference("full tile " + filled.id().n() + " of level "
                        + filled.id().level() + (stored == null ? " is missing" : " is not what its leaves lead to"));
            }
        }
    }

    static void requireEqual(String what, Object stored, Object derived) throws Difference {
        if (!stored.equals(derived)) {
            throw new Difference(what + " is stored as " + stored + ", the records lead to " + derived);
        }
    }
}
