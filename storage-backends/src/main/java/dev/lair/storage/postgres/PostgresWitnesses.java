package dev.lair.storage.postgres;

import dev.lair.storage.StorageException;
import dev.lair.storage.WitnessStore;
import dev.lair.transparency.RootHash;
import java.util.Optional;

/** Witnessed heads in a PostgreSQL database. Check and store are one statement, so of two nodes one wins. */
public final class PostgresWitnesses implements WitnessStore {

    private static final String FIRST =
            "INSERT INTO witness_head (tree_size, root, note, origin) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String NEXT = "UPDATE witness_head SET tree_size = ?, root = ?, note = ?"
            + " WHERE origin = ? AND tree_size = ? AND root = ?";

    private final Database database;

    private PostgresWitnesses(Database database) {
        this.database = database;
    }

    /**
     * Connects, and brings the table to this version; as {@link PostgresStorage#open}.
     *
     * @throws StorageException when the server cannot be reached, refuses the user, or is not fit
     */
    public static PostgresWitnesses open(PostgresSettings settings) {
        return new PostgresWitnesses(Database.open(settings, Database.CommitProbe.NONE, Migration.Tables.WITNESS));
    }

    @Override
    public Optional<Head> head(String origin) {
        return Rows.first(
                database,
                "SELECT tree_size, root, note FROM witness_head WHERE origin = ?",
                statement -> statement.setString(1, origin),
                row -> new Head(row.getLong(1), RootHash.ofBytes(row.getBytes(2)), row.getString(3)));
    }

    @Override
    public boolean replace(String origin, Optional<Head> expected, Head next) {
        return database.write(connection -> Rows.change(connection, expected.isEmpty() ? FIRST : NEXT, statement -> {
                    statement.setLong(1, next.treeSize());
                    statement.setBytes(2, next.root().bytes());
                    statement.setString(3, next.note());
                    statement.setString(4, origin);
                    if (expected.isPresent()) {
                        statement.setLong(5, expected.get().treeSize());
                        statement.setBytes(6, expected.get().root().bytes());
                    }
                }))
                == 1;
    }

    @Override
    public void close() {
        database.close();
    }
}
