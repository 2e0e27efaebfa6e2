package dev.lair.storage.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds a column of many rows as one array parameter (a null is a null), for {@code unnest} and {@code ANY}. */
final class Column {

    private Column() {}

    static <T> void ofBytes(
            PreparedStatement statement, int at, Collection<T> rows, Function<T, byte @Nullable []> value)
            throws SQLException {
        bind(statement, at, "bytea", rows.stream().map(value).toArray(byte[][]::new));
    }

    static <T> void ofLongs(PreparedStatement statement, int at, Collection<T> rows, Function<T, @Nullable Long> value)
            throws SQLException {
        bind(statement, at, "bigint", rows.stream().map(value).toArray(Long[]::new));
    }

    static <T> void ofTexts(
            PreparedStatement statement, int at, Collection<T> rows, Function<T, @Nullable String> value)
            throws SQLException {
        bind(statement, at, "text", rows.stream().map(value).toArray(String[]::new));
    }

    private static void bind(PreparedStatement statement, int at, String type, @Nullable Object[] values)
            throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(at, connection.createArrayOf(type, values));
    }
}
