package dev.lair.storage.postgres;

import dev.lair.storage.Required;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL server for tests, one for all tests of a JVM, in this order:
 *
 * <ol>
 *   <li>the one that the environment names: {@code LAIR_TEST_POSTGRES_URL}, as {@code jdbc:postgresql://…?user=…} or
 *       {@code postgresql://user:password@host/database}, whose user may create databases, or at least schemas; a
 *       server for tests only, since some of them end sessions;
 *   <li>a container, where a Docker engine answers;
 *   <li>packaged binaries as a process on the loopback address ({@link PostgresProcess}).
 * </ol>
 *
 * <p>Where none can be had the test is skipped, see {@link Required}. The server syncs its commits like a real one. Each
 * caller gets a database of its own; what was started is stopped when the JVM ends.
 */
public final class PostgresServer {

    /** Names a server that may be used. */
    public static final String VARIABLE = "LAIR_TEST_POSTGRES_URL";

    private static final String IMAGE = "postgres:18";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static @Nullable PostgresServer shared;
    private static @Nullable String missing;

    private final String description;
    private final PostgresSettings admin;

    private PostgresServer(String description, PostgresSettings admin) {
        this.description = description;
        this.admin = admin;
    }

    /** The server of this JVM, found or started at the first call. Skips the calling test when there is none. */
    public static PostgresServer orSkip() {
        return Required.orSkip("postgres", PostgresServer::shared);
    }

    private static synchronized PostgresServer shared() throws Required.Missing {
        if (missing != null) {
            throw new Required.Missing(missing);
        }
        PostgresServer found = shared;
        if (found == null) {
            try {
                found = find(System.getenv());
                shared = found;
                System.err.println("PostgreSQL for tests: " + found.description);
            } catch (Required.Missing e) {
                missing = e.getMessage();
                throw e;
            }
        }
        return found;
    }

    private static PostgresServer find(Map<String, String> environment) throws Required.Missing {
        String url = environment.get(VARIABLE);
        if (url != null && !url.isBlank()) {
            PostgresSettings given = parse(url.strip());
            return new PostgresServer(VARIABLE + ", " + given, given);
        }
        String docker = "no Docker engine answers";
        if (DockerClientFactory.instance().isDockerAvailable()) {
            try {
                return container();
            } catch (RuntimeException e) {
                // Most likely the image is neither here nor to be had.
                docker = "Docker does not run " + IMAGE + " (" + e.getMessage() + ")";
            }
        }
        try {
            PostgresProcess process = PostgresProcess.start();
            return new PostgresServer("a process, " + process.settings(), process.settings());
        } catch (Required.Missing e) {
            throw new Required.Missing(VARIABLE + " is not set, " + docker
                    + ", and the packaged server does not start here: " + e.getMessage());
        }
    }

    @SuppressWarnings("resource") // Lives as long as the JVM; Testcontainers removes it then.
    private static PostgresServer container() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        // Its own default is fsync=off.
        container.setCommand("postgres", "-c", "fsync=on");
        container.start();
        PostgresSettings settings =
                PostgresSettings.of(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        return new PostgresServer("container " + IMAGE + ", " + settings, settings);
    }

    /** Takes user and password out of a URL of either form. */
    static PostgresSettings parse(String url) {
        String rest = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        int scheme = rest.indexOf("://");
        if (scheme < 0) {
            throw new IllegalArgumentException(VARIABLE + " is no URL with `://` in it");
        }
        String hosts = rest.substring(scheme + 3);
        String user = "";
        String password = "";
        int path = indexOrEnd(hosts, '/');
        int at = hosts.substring(0, path).lastIndexOf('@');
        if (at >= 0) {
            String[] credentials = hosts.substring(0, at).split(":", 2);
            user = decode(credentials[0]);
            password = credentials.length > 1 ? decode(credentials[1]) : "";
            hosts = hosts.substring(at + 1);
        }
        int query = indexOrEnd(hosts, '?');
        StringBuilder kept = new StringBuilder();
        for (String parameter : hosts.substring(query).replaceFirst("^\\?", "").split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else if (!parameter.isEmpty()) {
                kept.append(kept.isEmpty() ? '?' : '&').append(parameter);
            }
        }
        return PostgresSettings.of("jdbc:postgresql://" + hosts.substring(0, query) + kept, user, password);
    }

    private static int indexOrEnd(String text, char sign) {
        int index = text.indexOf(sign);
        return index < 0 ? text.length() : index;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Which server this is, without its password. */
    public String description() {
        return description;
    }

    /**
     * A new database, or schemas of the given one where the user may not create databases.
     *
     * @throws SQLException when it cannot be made
     */
    public FreshDatabase createDatabase() throws SQLException {
        String name = String.format(
                Locale.ROOT,
                "lair_test_%d_%d_%d",
                ProcessHandle.current().pid(),
                System.nanoTime() & 0xffff_ffffL,
                DATABASES.incrementAndGet());
        try (Connection connection = connect(admin);
                Statement statement = connection.createStatement()) {
            if (!mayCreateDatabases(connection)) {
                return FreshDatabase.schemasOf(admin, name);
            }
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'");
            return FreshDatabase.whole(admin, inDatabase(admin, name), name);
        }
    }

    private static boolean mayCreateDatabases(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static PostgresSettings inDatabase(PostgresSettings settings, String name) {
        String url = settings.jdbcUrl();
        int query = indexOrEnd(url, '?');
        int slash = url.indexOf('/', url.indexOf("://") + 3);
        String hosts = slash < 0 || slash > query ? url.substring(0, query) : url.substring(0, slash);
        return new PostgresSettings(
                hosts + "/" + name + url.substring(query),
                settings.user(),
                settings.password(),
                settings.schema(),
                settings.readers(),
                settings.writers());
    }

    /** A plain connection, without the checks of the backend. */
    static Connection connect(PostgresSettings settings) throws SQLException {
        return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
    }
}
