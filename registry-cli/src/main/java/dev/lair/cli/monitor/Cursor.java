package dev.lair.cli.monitor;

import dev.lair.signing.note.NoteKey;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a registry was checked, as JSON in {@code monitor/cursor.json}. All that it covers passed every check; it holds
 * enough to go on without asking for any of it again, and the signed checkpoints, so that one that contradicts them later
 * can be shown together with them.
 *
 * <p>Package logs are not in it. The map, which has to be kept anyway to check its root, names the newest record of each;
 * so a log that grows is fetched again, and hangs by its hashes on a record that was proven. That costs one request for
 * many logs, bounded by what the logs that move hold, where keeping the outcome of every log on disk would cost a second
 * format of the state machine and a gigabyte per million packages.
 *
 * @param formatVersion 1
 * @param registry base URL
 * @param size records that were checked
 * @param frontier right edge of the log at that size
 * @param mapRoot root of the map at that size
 * @param operatorHead newest operator record; null before the first
 * @param logNote newest checkpoint of the log that was accepted; covers {@code size} or more
 * @param evidenceSize entries of the evidence log that were checked
 * @param evidenceFrontier right edge of the evidence log at that size
 * @param evidenceClaim size that the last of these states, -1 before the first
 * @param evidenceNote newest checkpoint of the evidence log that was accepted
 * @param logKeys keys of the log as it stated them on first use
 * @param evidenceKeys the same of the evidence log
 * @param snapshotSize records after which the map was as in {@code map-<size>.snapshot}; 0 without a snapshot
 * @param snapshotFrontier right edge of the log at that size
 */
@SuppressWarnings("ArrayRecordComponent")
public record Cursor(
        int formatVersion,
        String registry,
        long size,
        byte[] frontier,
        RootHash mapRoot,
        @Nullable RecordId operatorHead,
        String logNote,
        long evidenceSize,
        byte[] evidenceFrontier,
        long evidenceClaim,
        String evidenceNote,
        List<String> logKeys,
        List<String> evidenceKeys,
        long snapshotSize,
        byte[] snapshotFrontier) {

    static final int FORMAT_VERSION = 1;

    /** Checks what must fit together; {@link IllegalArgumentException} otherwise. */
    public Cursor {
        if (formatVersion != FORMAT_VERSION) {
            throw new IllegalArgumentException("its format version is " + formatVersion + ", not " + FORMAT_VERSION);
        }
        Frontier.decode(size, frontier);
        Frontier.decode(evidenceSize, evidenceFrontier);
        Frontier.decode(snapshotSize, snapshotFrontier);
        if (snapshotSize > size
                || size > Head.ofKept(logNote).size()
                || evidenceSize > Head.ofKept(evidenceNote).size()) {
            throw new IllegalArgumentException("its sizes do not fit together");
        }
        logKeys.forEach(NoteKey::parse);
        evidenceKeys.forEach(NoteKey::parse);
        logKeys = List.copyOf(logKeys);
        evidenceKeys = List.copyOf(evidenceKeys);
    }
}
