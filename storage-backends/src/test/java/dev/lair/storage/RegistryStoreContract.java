package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.QuotaRows;
import dev.lair.storage.registry.QuotaRows.Held;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@link RelationalStore} promises, and that the statements of {@link RegistryRows} run on it. */
public abstract class RegistryStoreContract extends StorageContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final int RACERS = 50;

    /** The tables of the registry under test. */
    protected final RegistryStore registry() {
        return RegistryStore.over(storage.registry());
    }

    private static AuditRows.Act act(String namespace, String subject) {
        return new AuditRows.Act(NOW, "acc_one", "token-created", namespace, subject, "{}", "request-1");
    }

    private List<AuditRows.Row> newest(int limit) {
        return registry().read(rows -> rows.audit().all(Long.MAX_VALUE, limit));
    }

    @Test
    void auditRowsComeBackNewestFirstAndByNamespace() {
        registry().write(rows -> {
            rows.audit().add(act("one", "a"));
            rows.audit().add(act("two", "b"));
            rows.audit().add(act("one", "c"));
            return null;
        });

        List<AuditRows.Row> ofOne = registry().read(rows -> rows.audit().ofNamespace("one", Long.MAX_VALUE, 10));
        assertThat(ofOne).extracting(AuditRows.Row::act).containsExactly(act("one", "c"), act("one", "a"));
        long newest = ofOne.getFirst().id();
        List<AuditRows.Row> older = registry().read(rows -> rows.audit().ofNamespace("one", newest, 10));
        assertThat(older).extracting(AuditRows.Row::act).containsExactly(act("one", "a"));
        assertThat(newest(2)).extracting(row -> row.act().subject()).containsExactly("c", "b");
    }

    @Test
    void auditRowsAreNeitherChangedNorRemoved() {
        registry().write(rows -> {
            rows.audit().add(act("one", "a"));
            return null;
        });

        for (String statement : List.of("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit")) {
            assertThatThrownBy(() -> execute(statement)).isInstanceOf(StorageException.class);
        }
        assertThat(newest(10)).hasSize(1);
    }

    private int execute(String sql) {
        return storage.registry().write(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    @Test
    void exceptionOfTheCallerRollsEverythingBack() {
        assertThatThrownBy(() -> registry().write(rows -> {
                    rows.audit().add(act("one", "a"));
                    throw new IllegalStateException("changed my mind");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("changed my mind");

        assertThat(newest(10)).isEmpty();
        registry().write(rows -> {
            rows.audit().add(act("one", "b"));
            return null;
        });
        assertThat(newest(10)).hasSize(1);
    }

    /** Read, add one, write: what a transaction read is still true when it commits, or fifty would lose some. */
    @Test
    void racingTransactionsHaveTheEffectOfRunningOneByOne() throws Exception {
        execute("INSERT INTO package_rule (package, trusted_only, set_by, set_at) VALUES ('a:b', 0, 'x', 0)");
        List<Callable<Integer>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            racers.add(() -> storage.registry().write(connection -> {
                long seen;
                try (Statement read = connection.createStatement();
                        ResultSet row = read.executeQuery("SELECT set_at FROM package_rule WHERE package = 'a:b'")) {
                    row.next();
                    seen = row.getLong(1);
                }
                try (PreparedStatement write =
                        connection.prepareStatement("UPDATE package_rule SET set_at = ? WHERE package = 'a:b'")) {
                    write.setLong(1, seen + 1);
                    return write.executeUpdate();
                }
            }));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            for (Future<Integer> each : threads.invokeAll(racers)) {
                assertThat(each.get()).isOne();
            }
        }

        long counted = storage.registry().read(connection -> {
            try (Statement read = connection.createStatement();
                    ResultSet row = read.executeQuery("SELECT set_at FROM package_rule")) {
                row.next();
                return row.getLong(1);
            }
        });
        assertThat(counted).isEqualTo(RACERS);
    }

    @Test
    void itemsOfANamespaceAreCountedOnceAndUntilTheyAreDropped() {
        Held content = new Held("one", "sha256:aa", QuotaRows.Kind.CONTENT, 70);
        Held name = new Held("one", "one:a", QuotaRows.Kind.PACKAGE, 1);
        Instant until = NOW.plusSeconds(60);
        assertThat(registry().<Boolean>write(rows -> rows.quotas().hold(content, until)))
                .isTrue();
        assertThat(registry().<Boolean>write(rows -> rows.quotas().hold(content, until.minusSeconds(1))))
                .isFalse();
        assertThat(registry().<Boolean>write(rows -> rows.quotas().hold(name, until)))
                .isTrue();
        assertThat(registry().<QuotaRows.Use>read(rows -> rows.quotas().use("one")))
                .isEqualTo(new QuotaRows.Use(70, 1));
        assertThat(registry().<List<Held>>read(rows -> rows.quotas().overdue(until.minusMillis(1), 9)))
                .isEmpty();
        assertThat(registry().<List<Held>>read(rows -> rows.quotas().overdue(until, 9)))
                .containsExactly(name, content);

        registry().write(rows -> {
            rows.quotas().keep(name);
            rows.quotas().drop(name, until);
            rows.quotas().drop(content, until.minusMillis(1));
            return name;
        });
        assertThat(registry().<QuotaRows.Use>read(rows -> rows.quotas().use("one")))
                .as("kept, and held until then")
                .isEqualTo(new QuotaRows.Use(70, 1));
        registry().write(rows -> {
            rows.quotas().drop(content, until);
            return content;
        });
        assertThat(registry().<QuotaRows.Use>read(rows -> rows.quotas().use("one")))
                .isEqualTo(new QuotaRows.Use(0, 1));
        assertThat(registry().<QuotaRows.Use>read(rows -> rows.quotas().use("two")))
                .isEqualTo(new QuotaRows.Use(0, 0));
    }

    @Test
    void daysAreCountedApartAndForgotten() {
        registry().write(rows -> rows.quotas().add("acc_one", 5, new QuotaRows.Daily(1, 10)));
        QuotaRows.Daily second = registry().write(rows -> rows.quotas().add("acc_one", 5, new QuotaRows.Daily(1, 0)));
        registry().write(rows -> rows.quotas().add("acc_one", 6, new QuotaRows.Daily(0, 7)));
        assertThat(second).isEqualTo(new QuotaRows.Daily(2, 10));
        registry().write(rows -> rows.quotas().forgetDaysBefore(6));
        assertThat(registry().<QuotaRows.Daily>read(rows -> rows.quotas().daily("acc_one", 5)))
                .isEqualTo(new QuotaRows.Daily(0, 0));
        assertThat(registry().<QuotaRows.Daily>read(rows -> rows.quotas().daily("acc_one", 6)))
                .isEqualTo(new QuotaRows.Daily(0, 7));
    }
}
