package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Plays the sequencer: makes records and the batches that append them, with real hashes and tiles. Record n is always
 * the same, so two scripts tell the same story. The map root is a stand-in, and all records carry one signature:
 * stores look at neither.
 */
public final class LedgerScript {

    /** Number of package logs that records go round over. */
    public static final int LOGS = 5;

    private static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    private static final SignedRecord SAMPLE = SignedRecord.sign(RecordDomain.PACKAGE, "sample".getBytes(UTF_8), KEY);

    private LedgerState state = LedgerState.EMPTY;
    private final OpenTiles openTiles = new OpenTiles();
    private final Set<LogId> named = new HashSet<>();
    private final List<LedgerEntry> told = new ArrayList<>();

    /** The id of log {@code number}. */
    public static LogId log(int number) {
        return LogId.ofBytes(Digest.of(("log " + number).getBytes(UTF_8)).bytes());
    }

    /** The package name of log {@code number}. */
    public static String name(int number) {
        return "test:package-" + number;
    }

    /** Some content's digest. */
    public static Digest content(String text) {
        return Digest.of(text.getBytes(UTF_8));
    }

    /** A record with this text, by the script's key. */
    public static SignedRecord record(String text) {
        return new SignedRecord(text.getBytes(UTF_8), SAMPLE.keyId(), SAMPLE.signature());
    }

    /** A new entry of log {@code number}, without name and releases. */
    public static NewEntry entry(int number, String text) {
        SignedRecord record = record(text);
        return new NewEntry(log(number), record.recordId(RecordDomain.PACKAGE), record, null, List.of());
    }

    /** The state after all batches so far. */
    public LedgerState state() {
        return state;
    }

    /** All entries so far. */
    public List<LedgerEntry> told() {
        return told;
    }

    /** A batch of the next {@code count} records, round over all logs, the first of each log with its name. */
    public LedgerBatch next(int count) {
        List<NewEntry> entries = new ArrayList<>();
        Set<LogId> namedHere = new HashSet<>(named);
        for (int i = 0; i < count; i++) {
            int number = told.size() + i;
            NewEntry plain = entry(number % LOGS, "record " + number);
            entries.add(new NewEntry(
                    plain.logId(),
                    plain.recordId(),
                    plain.record(),
                    namedHere.add(plain.logId()) ? name(number % LOGS) : null,
                    List.of(content("content of record " + number))));
        }
        return next(entries);
    }

    /** A batch of these entries. */
    public LedgerBatch next(List<NewEntry> entries) {
        Frontier frontier = state.frontier();
        List<FullTile> tiles = new ArrayList<>();
        for (NewEntry entry : entries) {
            frontier =
                    frontier.append(new LogLeaf(entry.logId(), entry.recordId()).hash(), openTiles.completing(tiles));
            told.add(new LedgerEntry(told.size(), entry.logId(), entry.recordId(), entry.record()));
            if (entry.logName() != null) {
                named.add(entry.logId());
            }
        }
        RootHash mapRoot = RootHash.ofBytes(
                Digest.of(state.mapRoot().bytes(), frontier.encode()).bytes());
        state = new LedgerState(frontier, mapRoot);
        return new LedgerBatch(entries, tiles, state);
    }

    /** Commits the next {@code count} records. */
    public void commit(LedgerStore ledger, int count) throws StaleLedgerException {
        LedgerState before = state;
        ledger.commit(before, next(count));
    }

    /** The signed checkpoint of a state. */
    public static SignedCheckpoint checkpoint(LedgerState state, long epochSeconds) {
        return SignedCheckpoint.sign(
                new TimestampedCheckpoint(
                        new Checkpoint(state.logRoot(), state.treeSize(), state.mapRoot()), epochSeconds),
                KEY);
    }

    /** The publication of a state with notes that name size, time and evidence; stores do not look into notes. */
    public static Publication publication(LedgerState state, long epochSeconds, long evidenceSize) {
        String log = "log note of " + state.treeSize() + " at " + epochSeconds + "\n\n\u2014 test key\n";
        String evidence = "evidence note of " + evidenceSize + " at " + epochSeconds + "\n\n\u2014 test key\n";
        return new Publication(checkpoint(state, epochSeconds), new PublishedNotes(log, evidenceSize, evidence));
    }
}
