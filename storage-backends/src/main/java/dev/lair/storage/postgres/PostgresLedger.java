package dev.lair.storage.postgres;

import dev.lair.signing.SealedFiles;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.FactStore;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.RelationalStore;
import dev.lair.storage.SnapshotStore;
import dev.lair.storage.StorageException;
import dev.lair.storage.SubmissionStore;

/**
 * What one PostgreSQL database keeps of a registry: everything but the contents. All stores share the database's
 * connections and end with them; any number of nodes may have the same database open.
 *
 * <p><b>Failure.</b> No error stops the stores for good. After a {@link StorageException} of a write, the next reading of
 * the state that it would have moved ({@link LedgerStore#state}, {@link LedgerStore#latestPublication},
 * {@link EvidenceStore#state}) is final: it waits until a commit that is still on its way is settled, or fails itself.
 */
public final class PostgresLedger implements AutoCloseable {

    private final Database database;
    private final LedgerStore ledger;
    private final EvidenceStore evidence;
    private final SubmissionStore submissions;
    private final SnapshotStore snapshots;
    private final SealedFiles sealedFiles;
    private final FactStore facts;
    private final RelationalStore registry;

    PostgresLedger(Database database) {
        this.database = database;
        EvidenceTables evidenceTables = new EvidenceTables(database);
        this.ledger = new LedgerTables(database, evidenceTables.stateRow());
        this.evidence = evidenceTables;
        this.submissions = new SubmissionTable(database);
        this.snapshots = new SnapshotTables(database);
        this.sealedFiles = new SealedFileTable(database);
        this.facts = new FactTables(database);
        this.registry = new RegistryTransactions(database);
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

    /** Snapshots of the map, for a registry without a bucket. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /** What was found out about contents and releases, derived. */
    public FactStore facts() {
        return facts;
    }

    /** Accounts, rights and tokens. */
    public RelationalStore registry() {
        return registry;
    }

    /** The files of the key store that all nodes share. */
    public SealedFiles sealedFiles() {
        return sealedFiles;
    }

    /**
     * Waits for statements that run and closes the connections; a second call does nothing. Snapshots that are being
     * read stay open.
     */
    @Override
    public void close() {
        database.close();
    }
}
