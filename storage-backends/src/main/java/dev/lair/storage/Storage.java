package dev.lair.storage;

import java.util.Optional;

/**
 * The stores of one registry, opened together and closed together. They may come from two backends: ledger, evidence and
 * submissions belong to one database, accounts to the same or another; contents, snapshots and the archive may be elsewhere. Closing waits for writes
 * that are under way; a store that is used later throws {@link StorageException}. Streams that were handed out stay
 * open.
 */
public final class Storage implements AutoCloseable {

    private final LedgerStore ledger;
    private final EvidenceStore evidence;
    private final SubmissionStore submissions;
    private final SnapshotStore snapshots;
    private final ContentStore contents;
    private final FactStore facts;
    private final RelationalStore registry;
    private final Optional<Archive> archive;
    private final Sharing sharing;
    private final Runnable closing;
    private final Optional<TreeStore> tree;

    /** Whether other processes may write to the same ledger at the same time. */
    public enum Sharing {
        /** This process is the only one, so what it remembers is the truth. */
        EXCLUSIVE,
        /** Any node may write at any time, so what it remembers may be old. */
        SHARED
    }

    /** Bundles stores of a registry that keeps no facts, which are derived whenever somebody asks, and no accounts. */
    public Storage(
            LedgerStore ledger,
            EvidenceStore evidence,
            SubmissionStore submissions,
            SnapshotStore snapshots,
            ContentStore contents,
            Optional<Archive> archive,
            Sharing sharing,
            Runnable closing) {
        this(
                ledger,
                evidence,
                submissions,
                snapshots,
                contents,
                FactStore.NONE,
                RelationalStore.NONE,
                archive,
                sharing,
                closing);
    }

    /** Bundles stores without a place for the tree. */
    public Storage(
            LedgerStore ledger,
            EvidenceStore evidence,
            SubmissionStore submissions,
            SnapshotStore snapshots,
            ContentStore contents,
            FactStore facts,
            RelationalStore registry,
            Optional<Archive> archive,
            Sharing sharing,
            Runnable closing) {
        this(
                ledger,
                evidence,
                submissions,
                snapshots,
                contents,
                facts,
                registry,
                archive,
                Optional.empty(),
                sharing,
                closing);
    }

    /** Bundles stores; {@code closing} runs at each {@link #close}. */
    public Storage(
            LedgerStore ledger,
            EvidenceStore evidence,
            SubmissionStore submissions,
            SnapshotStore snapshots,
            ContentStore contents,
            FactStore facts,
            RelationalStore registry,
            Optional<Archive> archive,
            Optional<TreeStore> tree,
            Sharing sharing,
            Runnable closing) {
        this.ledger = ledger;
        this.evidence = evidence;
        this.submissions = submissions;
        this.snapshots = snapshots;
        this.contents = contents;
        this.facts = facts;
        this.registry = registry;
        this.archive = archive;
        this.tree = tree;
        this.sharing = sharing;
        this.closing = closing;
    }

    /** The ledger. */
    public LedgerStore ledger() {
        return ledger;
    }

    /** The evidence log. */
    public EvidenceStore evidence() {
        return evidence;
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

    /** What was found out about contents and releases, derived. */
    public FactStore facts() {
        return facts;
    }

    /** Accounts, rights, tokens and what else is no part of a log and cannot be derived. */
    public RelationalStore registry() {
        return registry;
    }

    /** Write-once objects outside the ledger's database; empty where there is no such place. */
    public Optional<Archive> archive() {
        return archive;
    }

    /** Where the static tree can be kept beside the registry; empty where there is no such place. */
    public Optional<TreeStore> tree() {
        return tree;
    }

    /** Whether other nodes write too. */
    public Sharing sharing() {
        return sharing;
    }

    /** Releases what the backends hold; a second call does nothing. */
    @Override
    public void close() {
        closing.run();
    }
}
