package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;

/**
 * Opens the stores that a PostgreSQL database keeps. The server must be version {@value Limits#OLDEST_SERVER_MAJOR} or
 * later, be the primary, sync its commits ({@code fsync} and {@code full_page_writes} on) and have the database in
 * UTF-8; this is asked again in each new session, since a failover brings another server.
 *
 * <p>What is answered survives a crash of that server. It survives a failover only where the standby that takes over was
 * a synchronous one ({@code synchronous_standby_names}); any other failover, and any restored backup, is a fork that only
 * copies of checkpoints elsewhere and witnesses can tell.
 */
public final class PostgresStorage {

    private PostgresStorage() {}

    /**
     * Connects, and brings the tables to this version; nodes that start at once wait for each other.
     *
     * @throws StorageException when the server cannot be reached, refuses the user, or is not fit as above; the message
     *     says which, and never holds the password
     */
    public static PostgresLedger open(PostgresSettings settings) {
        return open(settings, Database.CommitProbe.NONE);
    }

    static PostgresLedger open(PostgresSettings settings, Database.CommitProbe probe) {
        return new PostgresLedger(Database.open(settings, probe, Migration.Tables.LEDGER, Migration.Tables.REGISTRY));
    }
}
