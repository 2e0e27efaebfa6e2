package dev.lair.bench;

import dev.lair.signing.KeyId;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.storage.FullTile;
import dev.lair.storage.LedgerBatch;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.StaleLedgerException;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills a ledger fast, through {@link LedgerStore#commit} in large batches: entries, names, tiles, state and a snapshot of
 * the map are what the sequencer would have left, and a start checks them like any. What is synthetic: the records, which
 * say nothing and have ids that are not their hash, one after another of each log in turn; and the map roots of the states
 * between, which nobody reads.
 */
final class SyntheticLedger {

    /** Bytes of a record with one release. */
    private static final int RECORD_BYTES = 200;

    private static final int BATCH = 50_000;
    private static final int MAP_CHUNK = 20_000;

    private final Storage storage;
    private final SyntheticLogs logs;
    private final Console console;
    private final PrivateKey key;

    SyntheticLedger(Storage storage, SyntheticLogs logs, PrivateKey key, Console console) {
        this.storage = storage;
        this.logs = logs;
        this.key = key;
        this.console = console;
    }

    /** The number of the newest generated record of the log at this place, in a ledger that got so many of them. */
    static long lastRound(int place, long generated, int logs) {
        return (generated - 1 - place) / logs;
    }

    /**
     * Appends up to {@code treeSize} leaves to a young ledger, at least one for each log.
     *
     * @return how many it appended
     */
    long growTo(long treeSize) {
        LedgerStore store = storage.ledger();
        LedgerState state = store.state();
        long from = state.treeSize();
        long generated = treeSize - from;
        SparseMap map = map(store.leaves(0, from), generated);
        SignedRecord signed = SignedRecord.sign(RecordDomain.PACKAGE, new byte[RECORD_BYTES], key);
        TileBuilder tiles = edge(store.leaves(0, from));
        for (long done = 0; done < generated; done += BATCH) {
            long until = Math.min(generated, done + BATCH);
            List<NewEntry> entries = new ArrayList<>(BATCH);
            Frontier frontier = state.frontier();
            for (long i = done; i < until; i++) {
                NewEntry entry = entry(i, signed);
                frontier = frontier.append(new LogLeaf(entry.logId(), entry.recordId()).hash(), tiles);
                entries.add(entry);
            }
            List<FullTile> full = tiles.takeFilled().stream()
                    .map(tile -> new FullTile(tile.id().level(), tile.id().n(), tile.bytes()))
                    .toList();
            LedgerState next = new LedgerState(frontier, until == generated ? map.root() : state.mapRoot());
            commit(store, state, new LedgerBatch(entries, full, next));
            state = next;
            console.progress("generated leaves", from + until, treeSize);
        }
        MapSnapshot snapshot = new MapSnapshot(state.treeSize(), map);
        storage.snapshots().save(state.treeSize(), snapshot::writeTo);
        return generated;
    }

    private static void commit(LedgerStore store, LedgerState state, LedgerBatch batch) {
        try {
            store.commit(state, batch);
        } catch (StaleLedgerException e) {
            throw new IllegalStateException("somebody else writes to the ledger of this bench", e);
        }
    }

    /** The unfinished tiles of a log that is so young that its leaves are at hand. */
    private static TileBuilder edge(List<LogLeaf> leaves) {
        if (leaves.size() >= Tile.WIDTH) {
            throw new IllegalArgumentException("the ledger has " + leaves.size() + " leaves already");
        }
        return TileBuilder.resume(
                (level, index) -> NodeHash.ofBytes(
                        leaves.get(Math.toIntExact(index)).hash().bytes()),
                leaves.size());
    }

    private NewEntry entry(long number, SignedRecord signed) {
        int place = (int) (number % logs.count());
        long round = number / logs.count();
        byte[] content = ByteBuffer.allocate(RECORD_BYTES).putLong(number).array();
        KeyId keyId = signed.keyId();
        return new NewEntry(
                logs.id(place),
                logs.record(place, round),
                new SignedRecord(content, keyId, signed.signature()),
                round == 0 ? logs.nameAt(place).toString() : null,
                List.of(Digest.ofBytes(logs.bytes(place, 2 * round + 1))));
    }

    /** The map after all of it. */
    private SparseMap map(List<LogLeaf> before, long generated) {
        if (generated < logs.count()) {
            throw new IllegalArgumentException("each of the " + logs.count() + " logs gets a record at least");
        }
        SparseMap map = SparseMap.empty();
        for (LogLeaf leaf : before) {
            map = map.with(leaf.logId(), leaf.recordId());
        }
        for (int from = 0; from < logs.count(); from += MAP_CHUNK) {
            int until = Math.min(logs.count(), from + MAP_CHUNK);
            Map<LogId, RecordId> heads = new HashMap<>();
            for (int place = from; place < until; place++) {
                heads.put(logs.id(place), logs.record(place, lastRound(place, generated, logs.count())));
            }
            map = map.withAll(heads);
            console.progress("mapped packages", until, logs.count());
        }
        return map;
    }
}
