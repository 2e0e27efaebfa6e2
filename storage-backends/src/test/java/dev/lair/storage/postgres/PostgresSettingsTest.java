package dev.lair.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.postgres.CheckedSessions.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings are taken, without a server; and which URLs the tests take from the environment. */
class PostgresSettingsTest {

    private static final String SECRET = "s3cr3t-pa55word";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db/lair",
                "jdbc:postgresql://db1:5432,db2:5433/lair?sslmode=verify-full&targetServerType=primary",
                "jdbc:postgresql://[::1]:5432/lair?connectTimeout=3",
                "jdbc:postgresql:lair"
            })
    void driverUrlsAreTaken(String url) {
        assertThatCode(() -> PostgresSettings.of(url, "lair", "")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://db/lair, begin with",
        "jdbc:sqlite:ledger.db, begin with",
        "jdbc:postgresql://lair:s3cr3t-pa55word@db/lair, settings of their own",
        "jdbc:postgresql://db/lair?password=s3cr3t-pa55word, settings of their own",
        "jdbc:postgresql://db/lair?user=lair&sslpassword=s3cr3t-pa55word, settings of their own",
        "jdbc:postgresql://db:port/lair?sslpassword=s3cr3t-pa55word, no URL of the form",
        "jdbc:postgresql://db/lair?currentSchema=a, setting of its own",
        "'jdbc:postgresql://db1,db2/lair?targetServerType=any', only `primary`",
        "jdbc:postgresql://db/lair?targetServerType=preferSecondary, only `primary`"
    })
    void otherUrlsAreRefusedWithoutShowingASecret(String url, String reason) {
        assertThatThrownBy(() -> PostgresSettings.of(url, "lair", SECRET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @Test
    void otherValuesAreRefused() {
        PostgresSettings good = PostgresSettings.of("jdbc:postgresql://db/lair", "lair", SECRET);
        for (String schema : new String[] {"", "Lair", "1a", "a-b", "a\";drop schema b;--", "a".repeat(64)}) {
            assertThatThrownBy(() -> good.inSchema(schema)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PostgresSettings.of(good.jdbcUrl(), " ", SECRET))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PostgresSettings(good.jdbcUrl(), "lair", SECRET, null, 0, 2))
                .hasMessageContaining("readers");
        assertThatThrownBy(() -> new PostgresSettings(good.jdbcUrl(), "lair", SECRET, null, 1, 1))
                .hasMessageContaining("writers");
    }

    @Test
    void passwordAndParametersAreNotShown() {
        PostgresSettings settings = PostgresSettings.of(
                        "jdbc:postgresql://db1,db2:5433/lair?sslpassword=" + SECRET, "lair", SECRET)
                .inSchema("registry");
        assertThat(settings.toString())
                .doesNotContain(SECRET)
                .contains("postgresql://db1,db2:5433/lair")
                .contains("schema registry");
    }

    @Test
    void urlWinsOverTheTimeOutsOfTheBackendButNotOverItsSafety() {
        CheckedSessions plain =
                new CheckedSessions(PostgresSettings.of("jdbc:postgresql://db1,db2/lair", "lair", ""), Use.WRITE);
        assertThat(plain.getConnectTimeout()).isEqualTo(Limits.CONNECT_TIMEOUT.toSeconds());
        assertThat(plain.getSocketTimeout()).isEqualTo(Limits.SOCKET_TIMEOUT.toSeconds());
        assertThat(plain.getTargetServerType()).isEqualTo("primary");
        assertThat(plain.getServerNames()).containsExactly("db1", "db2");

        CheckedSessions given = new CheckedSessions(
                PostgresSettings.of(
                                "jdbc:postgresql://db/lair?connectTimeout=3&socketTimeout=7&sslmode=verify-full",
                                "lair",
                                SECRET)
                        .inSchema("registry"),
                Use.READ);
        assertThat(given.getConnectTimeout()).isEqualTo(3);
        assertThat(given.getSocketTimeout()).isEqualTo(7);
        assertThat(given.getSslMode()).isEqualTo("verify-full");
        assertThat(given.getCurrentSchema()).isEqualTo("registry");
        assertThat(given.getUrl()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5433/lair?user=u&password=p%40%2B+&sslmode=require,"
                + " jdbc:postgresql://db:5433/lair?sslmode=require, u, p@++",
        "postgresql://u:p%3A%2F@db/lair?sslmode=require, jdbc:postgresql://db/lair?sslmode=require, u, p:/",
        "postgres://u@db/, jdbc:postgresql://db/, u, ''"
    })
    void urlOfTheTestServerIsTakenApart(String url, String jdbcUrl, String user, String password) {
        assertThat(PostgresServer.parse(url)).isEqualTo(PostgresSettings.of(jdbcUrl, user, password));
    }
}
