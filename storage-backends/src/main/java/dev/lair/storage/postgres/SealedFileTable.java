package dev.lair.storage.postgres;

import dev.lair.signing.SealedFiles;
import dev.lair.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Key store files as rows, so that all nodes share them. Each method is one statement, and each write is durable when it
 * returns; a write that ends without an answer is an {@link IOException}, and may have happened.
 */
final class SealedFileTable implements SealedFiles {

    private static final String PART = "[a-z0-9][a-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(PART + "(/" + PART + ")?");

    private final Database database;

    SealedFileTable(Database database) {
        this.database = database;
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
        requireName(name);
        return withStorage(
                name,
                () -> Rows.first(
                        database,
                        "SELECT bytes FROM sealed_file WHERE name = ?",
                        statement -> statement.setString(1, name),
                        row -> row.getBytes(1)));
    }

    @Override
    public void writeNew(String name, byte[] bytes) throws IOException {
        if (write("INSERT INTO sealed_file (name, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", name, bytes) == 0) {
            throw new FileAlreadyExistsException(describe(name));
        }
    }

    @Override
    public void replace(String name, byte[] bytes) throws IOException {
        write(
                "INSERT INTO sealed_file (name, bytes) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
                name,
                bytes);
    }

    @Override
    public boolean replaceIf(String name, byte[] expected, byte[] bytes) throws IOException {
        requireFit(name, bytes);
        // Of two that replace the same bytes the second waits for the first, finds other bytes, and changes no row.
        return withStorage(
                        name,
                        () -> database.write(connection -> Rows.change(
                                connection,
                                "UPDATE sealed_file SET bytes = ? WHERE name = ? AND bytes = ?",
                                statement -> {
                                    statement.setBytes(1, bytes);
                                    statement.setString(2, name);
                                    statement.setBytes(3, expected);
                                })))
                > 0;
    }

    private static void requireFit(String name, byte[] bytes) {
        requireName(name);
        if (bytes.length > Limits.SEALED_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "a file of a key store has at most " + Limits.SEALED_FILE_BYTES + " bytes, not " + bytes.length);
        }
    }

    private int write(String sql, String name, byte[] bytes) throws IOException {
        requireFit(name, bytes);
        return withStorage(
                name,
                () -> database.write(connection -> Rows.change(connection, sql, statement -> {
                    statement.setString(1, name);
                    statement.setBytes(2, bytes);
                })));
    }

    @Override
    public boolean delete(String name) throws IOException {
        requireName(name);
        return withStorage(
                        name,
                        () -> database.write(connection -> Rows.change(
                                connection,
                                "DELETE FROM sealed_file WHERE name = ?",
                                statement -> statement.setString(1, name))))
                > 0;
    }

    @Override
    public List<String> list(String folder) throws IOException {
        requireName(folder);
        return withStorage(
                folder,
                () -> Rows.all(
                        database,
                        "SELECT name FROM sealed_file WHERE starts_with(name, ?) ORDER BY name",
                        statement -> statement.setString(1, folder + "/"),
                        row -> row.getString(1)));
    }

    @Override
    public String describe(String name) {
        return "table sealed_file of " + database.shown() + (name.isEmpty() ? "" : ", row " + name);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no file of a key store is named `" + name + "`");
        }
    }

    /** Access to a table that speaks of {@link StorageException}. */
    @FunctionalInterface
    private interface Access<T> {
        T run();
    }

    private <T> T withStorage(String name, Access<T> access) throws IOException {
        try {
            return access.run();
        } catch (StorageException e) {
            throw new IOException(describe(name) + ": " + e.getMessage(), e);
        }
    }
}
