package dev.lair.storage;

/**
 * One backend's stores, opened together and closed together. Closing waits for writes that are under way; a store that
 * is used later throws {@link StorageException}. Streams that were handed out stay open.
 */
public final class Storage implements AutoCloseable {

    private final LedgerStore ledger;
    private final SubmissionStore submissions;
    private final SnapshotStore snapshots;
    private final ContentStore contents;
    private final Runnable closing;

    /** Bundles the stores of a backend; {@code closing} runs at each {@link #close}. */
    public Storage(
            LedgerStore ledger,
            SubmissionStore submissions,
            SnapshotStore snapshots,
            ContentStore contents,
            Runnable closing) {
        this.ledger = ledger;
        this.submissions = submissions;
        this.snapshots = snapshots;
        this.contents = contents;
        this.closing = closing;
    }

    /** The ledger. */
    public LedgerStore ledger() {
        return ledger;
    }

    /** Records that are not in the ledger yet. */
    public SubmissionStore submissions() {
        return submissions;
    }

    /** Snapshots of the map. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** Released and uploaded bytes. */
    public ContentStore contents() {
        return contents;
    }

    /** Releases what the backend holds; a second call does nothing. */
    @Override
    public void close() {
        closing.run();
    }
}
