package dev.lair.storage.postgres;

import dev.lair.storage.FactStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Facts in two tables of the database, which all nodes see; each method is one statement or transaction. */
final class FactTables implements FactStore {

    private final Database database;

    FactTables(Database database) {
        this.database = database;
    }

    @Override
    public Optional<byte[]> ofContent(Digest content) {
        return Rows.first(
                database,
                "SELECT body FROM content_fact WHERE digest = ?",
                statement -> statement.setBytes(1, content.bytes()),
                row -> row.getBytes(1));
    }

    @Override
    public void saveContent(Digest content, byte[] body) {
        FactStore.requireBody(body);
        database.write(connection -> Rows.change(
                connection,
                "INSERT INTO content_fact (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
                statement -> {
                    statement.setBytes(1, content.bytes());
                    statement.setBytes(2, body);
                }));
    }

    @Override
    public void forgetContent(Digest content) {
        database.write(connection -> Rows.change(
                connection,
                "DELETE FROM content_fact WHERE digest = ?",
                statement -> statement.setBytes(1, content.bytes())));
    }

    @Override
    public Optional<byte[]> ofRelease(RecordId record, String version) {
        return Rows.first(
                database,
                "SELECT body FROM release_fact WHERE record_id = ? AND version = ?",
                statement -> {
                    statement.setBytes(1, record.bytes());
                    statement.setString(2, version);
                },
                row -> row.getBytes(1));
    }

    @Override
    public void saveRelease(RecordId record, String version, byte[] body) {
        FactStore.requireBody(body);
        database.write(connection -> Rows.change(
                connection,
                "INSERT INTO release_fact (record_id, version, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                statement -> {
                    statement.setBytes(1, record.bytes());
                    statement.setString(2, version);
                    statement.setBytes(3, body);
                }));
    }

    @Override
    public long clear() {
        return database.write(
                connection -> deleteAll(connection, "content_fact") + (long) deleteAll(connection, "release_fact"));
    }

    private static int deleteAll(Connection connection, String table) throws SQLException {
        return Rows.change(connection, "DELETE FROM " + table, statement -> {});
    }
}
