package dev.lair.storage;

/**
 * The signed notes that are served for a checkpoint (transparency log, section 1), cosignatures included.
 *
 * @param log note over the log's size and root
 * @param evidenceSize leaves of the evidence log that {@code evidence} covers; the last one states this checkpoint
 * @param evidence note over the evidence log
 */
public record PublishedNotes(String log, long evidenceSize, String evidence) {

    public PublishedNotes {
        if (evidenceSize < 0) {
            throw new IllegalArgumentException("a log has no " + evidenceSize + " leaves");
        }
    }
}
