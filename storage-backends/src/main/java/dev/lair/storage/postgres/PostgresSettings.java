package dev.lair.storage.postgres;

import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where the database is and who asks.
 *
 * <p>The URL may name several hosts, {@code jdbc:postgresql://db1:5432,db2:5432/lair}, and take any parameter of the
 * driver (TLS above all: {@code sslmode=verify-full}), except those that are settings of their own and those that this
 * backend decides: whatever host answers is used only if it is the primary.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…} without user and password, so that it can be shown
 * @param user role that owns the tables
 * @param password its password; empty where the server asks for none
 * @param schema where the tables are: a lower-case name that is created when it is missing; null for the first schema of
 *     the role's search path
 * @param readers most connections for reads, 1 to {@value Limits#MAX_CONNECTIONS}
 * @param writers most connections for writes, 2 to {@value Limits#MAX_CONNECTIONS}
 */
public record PostgresSettings(
        String jdbcUrl,
        String user,
        String password,
        @Nullable String schema,
        int readers,
        int writers) {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /**
     * Checks all that can be checked without a server.
     *
     * @throws IllegalArgumentException when something is not as above; the message shows neither the password nor the
     *     URL's parameters
     */
    public PostgresSettings {
        requireUrl(jdbcUrl);
        if (user.isBlank()) {
            throw new IllegalArgumentException("the PostgreSQL user is missing: give it as a setting of its own");
        }
        if (schema != null && !SCHEMA.matcher(schema).matches()) {
            throw new IllegalArgumentException("`" + schema + "` is no schema name here: use a lower-case letter or _,"
                    + " then up to 62 lower-case letters, digits or _");
        }
        requireConnections("readers", readers, 1);
        // One writer alone could be busy with a snapshot while the ledger waits.
        requireConnections("writers", writers, 2);
    }

    /** Settings with the default schema and number of connections. */
    public static PostgresSettings of(String jdbcUrl, String user, String password) {
        return new PostgresSettings(jdbcUrl, user, password, null, Limits.READERS, Limits.WRITERS);
    }

    /** The same in another schema. */
    public PostgresSettings inSchema(@Nullable String otherSchema) {
        return new PostgresSettings(jdbcUrl, user, password, otherSchema, readers, writers);
    }

    private static void requireUrl(String jdbcUrl) {
        if (!jdbcUrl.startsWith(PREFIX)) {
            throw new IllegalArgumentException("the PostgreSQL URL does not begin with `" + PREFIX + "//`");
        }
        String shown = withoutParameters(jdbcUrl);
        // Before the driver sees it: it would log the host `user:password@host` as unparsable.
        if (shown.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "the PostgreSQL URL has an @: give user and password as settings of their own");
        }
        Properties parsed = Driver.parseURL(jdbcUrl, null);
        if (parsed == null) {
            throw new IllegalArgumentException("`" + shown
                    + "` is no URL of the form jdbc:postgresql://host[:port][,host[:port]…]/database[?parameters]");
        }
        for (PGProperty own : new PGProperty[] {PGProperty.USER, PGProperty.PASSWORD}) {
            if (own.isPresent(parsed)) {
                throw new IllegalArgumentException("the URL " + shown + " has the parameter `" + own.getName()
                        + "`: give user and password as settings of their own, so that the URL can be shown");
            }
        }
        if (PGProperty.CURRENT_SCHEMA.isPresent(parsed)) {
            throw new IllegalArgumentException(
                    "the URL " + shown + " has the parameter `currentSchema`: give the schema as a setting of its own");
        }
        String target = PGProperty.TARGET_SERVER_TYPE.getOrDefault(parsed);
        if (PGProperty.TARGET_SERVER_TYPE.isPresent(parsed) && !"primary".equals(target)) {
            throw new IllegalArgumentException("the URL " + shown + " has targetServerType=" + target
                    + ": only `primary` is possible, since a standby may answer with an old state");
        }
    }

    private static void requireConnections(String name, int count, int least) {
        if (count < least || count > Limits.MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    "the number of " + name + " is from " + least + " to " + Limits.MAX_CONNECTIONS + ", not " + count);
        }
    }

    private static String withoutParameters(String jdbcUrl) {
        int parameters = jdbcUrl.indexOf('?');
        return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
    }

    /** The parameters of the URL. */
    Properties parameters() {
        return Objects.requireNonNull(Driver.parseURL(jdbcUrl, null), "the URL was checked");
    }

    /** Whether the driver has to look for the primary among hosts. */
    boolean hasSeveralHosts() {
        return withoutParameters(jdbcUrl).indexOf(',') >= 0;
    }

    /** Hosts and database, for messages. */
    String shown() {
        return withoutParameters(jdbcUrl).substring("jdbc:".length()) + (schema == null ? "" : ", schema " + schema);
    }

    /** Without the password and without the URL's parameters, which may hold the password of a key file. */
    @Override
    public String toString() {
        return "PostgresSettings[" + shown() + ", user " + user + ", " + readers + " readers, " + writers + " writers]";
    }
}
