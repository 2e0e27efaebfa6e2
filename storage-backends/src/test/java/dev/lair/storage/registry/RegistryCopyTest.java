package dev.lair.storage.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.RelationalStore;
import dev.lair.storage.StorageException;
import dev.lair.storage.memory.MemoryStorage;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistryCopyTest {

    private final RelationalStore from = MemoryStorage.open(Clock.systemUTC()).registry();
    private final RelationalStore to = MemoryStorage.open(Clock.systemUTC()).registry();

    private static void act(RelationalStore store, String subject) {
        RegistryStore.over(store).write(rows -> {
            rows.audit().add(new AuditRows.Act(Instant.EPOCH, "acc_one", "tried", "one", subject, "{}", "r"));
            return null;
        });
    }

    private static List<String> subjects(RelationalStore store) {
        return RegistryStore.over(store).read(rows -> rows.audit().all(Long.MAX_VALUE, 10)).stream()
                .map(row -> row.act().subject())
                .toList();
    }

    @Test
    void rowsAreThereInTheirOrderAndASecondRunCopiesNothing() {
        act(from, "a");
        act(from, "b");

        assertThat(RegistryCopy.run(from, to)).isEqualTo(2);
        assertThat(subjects(to)).containsExactly("b", "a");
        assertThat(RegistryCopy.run(from, to)).isZero();
        act(to, "c");
        assertThat(subjects(to)).containsExactly("c", "b", "a");
    }

    @Test
    void targetWithOtherRowsIsRefused() {
        act(from, "a");
        act(to, "other");
        act(to, "another");

        assertThatThrownBy(() -> RegistryCopy.run(from, to)).isInstanceOf(StorageException.class);
        assertThat(subjects(to)).containsExactly("another", "other");
    }

    /** A table that is added to the schema and forgotten in the list would be lost by a move. */
    @Test
    void everyTableOfTheSchemaIsInTheList() {
        List<String> tables = from.read(connection -> {
            List<String> names = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'"
                            + " AND name NOT LIKE 'sqlite_%' AND name <> 'registry_schema_history'")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        });
        List<String> known = new ArrayList<>(RegistryCopy.TABLES);
        known.addAll(RegistryCopy.DERIVED);
        assertThat(known).containsExactlyInAnyOrderElementsOf(tables);
    }
}
