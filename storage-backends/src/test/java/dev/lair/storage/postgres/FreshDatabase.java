package dev.lair.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database that nobody else uses, or, where the user may not create one, schemas of the given database. Closing drops
 * what was made, and ends the sessions in the database.
 */
public final class FreshDatabase implements AutoCloseable {

    private final PostgresSettings admin;
    private final PostgresSettings settings;
    private final @Nullable String database;
    private final String schemaPrefix;
    private final List<String> schemas = new ArrayList<>();

    private FreshDatabase(
            PostgresSettings admin, PostgresSettings settings, @Nullable String database, String schemaPrefix) {
        this.admin = admin;
        this.settings = settings;
        this.database = database;
        this.schemaPrefix = schemaPrefix;
    }

    static FreshDatabase whole(PostgresSettings admin, PostgresSettings settings, String database) {
        return new FreshDatabase(admin, settings, database, "t");
    }

    static FreshDatabase schemasOf(PostgresSettings admin, String prefix) {
        FreshDatabase made = new FreshDatabase(admin, admin.inSchema(prefix), null, prefix + "_");
        made.schemas.add(prefix);
        return made;
    }

    /** How to open it. */
    public PostgresSettings settings() {
        return settings;
    }

    /** How to open an empty schema of it, another one at each call. */
    public synchronized PostgresSettings emptySchema() {
        String schema = schemaPrefix + (schemas.size() + 1);
        schemas.add(schema);
        return settings.inSchema(schema);
    }

    /** Whether it is a database of its own, so that a test may change its defaults. */
    public boolean isWhole() {
        return database != null;
    }

    /** A plain connection, without the checks of the backend, to look behind the stores with. */
    public Connection connect() throws SQLException {
        return PostgresServer.connect(settings);
    }

    /** Runs one statement on a connection of its own. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        try (Connection connection = PostgresServer.connect(admin);
                Statement statement = connection.createStatement()) {
            if (database != null) {
                statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
                return;
            }
            for (String schema : schemas) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
    }
}
