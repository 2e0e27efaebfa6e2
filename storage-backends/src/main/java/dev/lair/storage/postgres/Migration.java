package dev.lair.storage.postgres;

import dev.lair.storage.postgres.CheckedSessions.Server;
import dev.lair.storage.postgres.CheckedSessions.Use;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tables to this version; the scripts are in {@code db/ledger/postgresql},
 * {@code db/registry/postgresql} and {@code db/witness/postgresql}. Nodes that start at once queue up
 * behind an advisory lock of the database, which the server drops with the session, so a crash leaves no lock. Each
 * script and its row in the history are one transaction: a crash leaves the old version or the new.
 */
final class Migration {

    /** Names the lock among others in the same database: "lairldgr" in ASCII. */
    private static final long LOCK = 0x6c6169726c646772L;

    /** Tables that belong together, with a history of their own. */
    enum Tables {
        LEDGER("classpath:db/ledger/postgresql", "ledger_schema_history"),
        REGISTRY("classpath:db/registry/postgresql", "registry_schema_history"),
        WITNESS("classpath:db/witness/postgresql", "witness_schema_history");

        private final String scripts;
        private final String history;

        Tables(String scripts, String history) {
            this.scripts = scripts;
            this.history = history;
        }
    }

    private Migration() {}

    static Server run(PostgresSettings settings, Tables... tables) throws SQLException {
        CheckedSessions sessions = new CheckedSessions(settings, Use.MIGRATION);
        try (Connection connection = sessions.getConnection();
                Statement statement = connection.createStatement()) {
            Server server = sessions.look(connection);
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            String schema = settings.schema();
            if (schema != null && !exists(connection, schema)) {
                // The name was checked to be a plain identifier.
                statement.execute("CREATE SCHEMA " + schema);
            }
            for (Tables each : tables) {
                migrate(sessions, schema, each);
            }
            return server;
        }
    }

    /** Asked first, because IF NOT EXISTS asks for the right to create one even where it is there. */
    private static boolean exists(Connection connection, String schema) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT 1 FROM pg_namespace WHERE nspname = ?",
                        statement -> statement.setString(1, schema),
                        row -> schema)
                .isPresent();
    }

    private static void migrate(CheckedSessions sessions, @Nullable String schema, Tables tables) {
        FluentConfiguration flyway = Flyway.configure(Migration.class.getClassLoader())
                .dataSource(sessions)
                .locations(tables.scripts)
                .table(tables.history)
                // Other tables of the registry, with a history of their own, may be in the schema already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .loggers("slf4j");
        if (schema != null) {
            flyway.defaultSchema(schema);
        }
        flyway.load().migrate();
    }
}
