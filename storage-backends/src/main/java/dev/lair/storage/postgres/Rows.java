package dev.lair.storage.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs one statement: maps the rows of a query, counts those of a change. */
final class Rows {

    /** Sets the parameters of a statement. */
    @FunctionalInterface
    interface Binder {
        Binder NOTHING = statement -> {};

        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Makes a value of the current row. */
    @FunctionalInterface
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private Rows() {}

    static <T> List<T> all(Connection connection, String sql, Binder binder, Mapper<T> mapper) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            List<T> mapped = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    mapped.add(mapper.map(rows));
                }
            }
            return mapped;
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, Binder binder, Mapper<T> mapper)
            throws SQLException {
        return all(connection, sql, binder, mapper).stream().findFirst();
    }

    static <T> List<T> all(Database database, String sql, Binder binder, Mapper<T> mapper) {
        return database.read(connection -> all(connection, sql, binder, mapper));
    }

    static <T> Optional<T> first(Database database, String sql, Binder binder, Mapper<T> mapper) {
        return all(database, sql, binder, mapper).stream().findFirst();
    }

    static <K, T> Map<K, T> byKey(List<T> rows, Function<T, K> key) {
        return rows.stream().collect(Collectors.toMap(key, Function.identity()));
    }

    /** Answers how many rows were inserted, updated or deleted. */
    static int change(Connection connection, String sql, Binder binder) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(statement);
            return statement.executeUpdate();
        }
    }
}
