package dev.lair.storage.registry;

import dev.lair.storage.RelationalStore;
import dev.lair.storage.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves all tables that nothing can make again into another database, in one transaction there: a crash leaves the target empty, and moving again
 * begins again. Audit rows keep their order and get new ids.
 */
public final class RegistryCopy {

    /** Every table, those that others refer to first. */
    static final List<String> TABLES = List.of(
            "account",
            "account_identity",
            "account_password",
            "organisation_member",
            "session",
            "device_login",
            "provider_login",
            "api_token",
            "namespace",
            "namespace_role",
            "publisher",
            "used_identity_token",
            "trusted_token",
            "package_rule",
            "publish_request",
            "attestation",
            "readme",
            "release_readme",
            "upload",
            "namespace_quota",
            "namespace_item",
            "namespace_use",
            "daily_use",
            "download",
            "audit");

    /** Tables that follow from the ledger: the target makes its own. */
    static final List<String> DERIVED = List.of(
            "catalog_state",
            "catalog_package",
            "catalog_release",
            "catalog_use",
            "catalog_dependency",
            "catalog_change");

    private static final int BATCH = 500;

    private RegistryCopy() {}

    /**
     * Copies all rows; nobody may write to {@code from} meanwhile.
     *
     * @return rows that were copied; 0 when the target has just as many already
     * @throws StorageException when the target holds other rows
     */
    public static long run(RelationalStore from, RelationalStore to) {
        Map<String, Long> here = from.read(RegistryCopy::counts);
        return to.write(target -> {
            Map<String, Long> there = counts(target);
            if (there.equals(here)) {
                return 0L;
            }
            if (there.values().stream().anyMatch(rows -> rows > 0)) {
                throw new StorageException("the target holds accounts of another registry: name an empty database");
            }
            return from.read(source -> {
                long copied = 0;
                for (String table : TABLES) {
                    copied += copy(table, source, target);
                }
                return copied;
            });
        });
    }

    private static Map<String, Long> counts(Connection connection) {
        Sql sql = new Sql(connection);
        Map<String, Long> counts = new LinkedHashMap<>();
        TABLES.forEach(table -> counts.put(table, sql.count("SELECT count(*) FROM " + table)));
        return counts;
    }

    private static long copy(String table, Connection source, Connection target) throws SQLException {
        boolean numbered = table.equals("audit");
        long copied = 0;
        try (Statement select = source.createStatement();
                ResultSet rows = select.executeQuery("SELECT * FROM " + table + (numbered ? " ORDER BY id" : ""))) {
            ResultSetMetaData columns = rows.getMetaData();
            StringBuilder names = new StringBuilder();
            StringBuilder marks = new StringBuilder();
            int first = numbered ? 2 : 1;
            for (int i = first; i <= columns.getColumnCount(); i++) {
                names.append(i == first ? "" : ", ").append(columns.getColumnName(i));
                marks.append(i == first ? "?" : ", ?");
            }
            String insert = "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")";
            try (PreparedStatement statement = target.prepareStatement(insert)) {
                while (rows.next()) {
                    for (int i = first; i <= columns.getColumnCount(); i++) {
                        statement.setObject(i - first + 1, rows.getObject(i));
                    }
                    statement.addBatch();
                    copied++;
                    if (copied % BATCH == 0) {
                        statement.executeBatch();
                    }
                }
                statement.executeBatch();
            }
        }
        return copied;
    }
}
