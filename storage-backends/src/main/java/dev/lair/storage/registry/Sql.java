package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Runs single statements of one transaction. Parameters are text, {@code long}, {@code int}, {@code boolean} (as 0 or 1),
 * {@link Instant} (as milliseconds), bytes, {@link Digest} (as its 32 bytes) and enums (as their names in lower case): what
 * both databases keep without a dialect.
 */
final class Sql {

    /** Makes a value of the current row. */
    @FunctionalInterface
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Carries the database's exception through lambdas of callers; {@link RegistryStore} unpacks it. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SQLException reason;

        Failed(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    private final Connection connection;

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Rows that a statement changed. */
    int change(String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    <T> List<T> all(String sql, Mapper<T> mapper, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            List<T> mapped = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    mapped.add(mapper.map(rows));
                }
            }
            return mapped;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    <T> Optional<T> first(String sql, Mapper<T> mapper, Object... parameters) {
        return all(sql, mapper, parameters).stream().findFirst();
    }

    long count(String sql, Object... parameters) {
        return first(sql, row -> row.getLong(1), parameters).orElse(0L);
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            switch (parameters[i]) {
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case Boolean flag -> statement.setInt(i + 1, flag ? 1 : 0);
                case Instant time -> statement.setLong(i + 1, time.toEpochMilli());
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Digest digest -> statement.setBytes(i + 1, digest.bytes());
                case Enum<?> word -> statement.setString(i + 1, word.name().toLowerCase(Locale.ROOT));
                default ->
                    throw new IllegalArgumentException(
                            "parameter " + (i + 1) + " is a " + parameters[i].getClass() + ", which no column takes");
            }
        }
    }

    /** A column of milliseconds. */
    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    /** The same where 0 says that it never happened. */
    static Optional<Instant> timeOrNever(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** What {@link #timeOrNever} reads. */
    static long millisOrZero(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(0L);
    }

    static Digest digest(ResultSet row, String column) throws SQLException {
        return Digest.ofBytes(row.getBytes(column));
    }

    static boolean flag(ResultSet row, String column) throws SQLException {
        return row.getInt(column) != 0;
    }

    /** A column of an enum's names in lower case. */
    static <E extends Enum<E>> E word(ResultSet row, String column, Class<E> type) throws SQLException {
        return Enum.valueOf(type, row.getString(column).toUpperCase(Locale.ROOT));
    }

    /** A column of words with blanks between them. */
    static List<String> words(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    /** What {@link #words} reads; the words have no blanks. */
    static String joined(List<String> words) {
        for (String word : words) {
            if (word.isEmpty() || word.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("`" + word + "` is no single word");
            }
        }
        return String.join(" ", words);
    }
}
