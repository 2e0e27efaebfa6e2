package dev.lair.server.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a command that failed says, in one line. */
class FaultsTest {

    @Test
    void aKeyThatIsNoSettingIsNamedWithTheOneThatWasProbablyMeant() {
        Throwable fault = catchThrowable(() -> StoredRegistry.settings(Map.of("lair.publish.max-contents", "64MB")));
        assertThat(Faults.describe(fault))
                .contains("`lair.publish.max-contents` is no setting")
                .contains("(did you mean `lair.publish.max-content`?)")
                .contains("docs/OPERATIONS.md");
    }

    @Test
    void aCommandsSettingsAreRefusedAsTheServersAre() {
        Throwable fault = catchThrowable(() -> StoredRegistry.settings(Map.of("lair.stroage", "postgres")));
        assertThat(Faults.describe(fault)).contains("`lair.stroage`").contains("`lair.storage`");
        Throwable value = catchThrowable(() -> StoredRegistry.settings(Map.of("lair.ledger.batch-records", "0")));
        assertThat(Faults.describe(value)).contains("lair.ledger.batch-records must be 1 to 4096");
    }
}
