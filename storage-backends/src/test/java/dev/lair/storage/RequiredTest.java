package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class RequiredTest {

    private static final Required.Search<String> NOTHING = () -> {
        throw new Required.Missing("no such server (RequiredTest says so)");
    };

    @Test
    void whatIsFoundIsUsed() {
        assertThat(Required.orSkip("s3", () -> "found", Map.of(Required.VARIABLE, "s3")))
                .isEqualTo("found");
    }

    @Test
    void missingThingSkips() {
        for (Map<String, String> environment :
                List.of(Map.<String, String>of(), Map.of(Required.VARIABLE, "postgres,s33"))) {
            assertThatThrownBy(() -> Required.orSkip("s3", NOTHING, environment))
                    .isInstanceOf(TestAbortedException.class)
                    .hasMessageContaining("no such server");
        }
    }

    @Test
    void missingThingThatIsRequiredFails() {
        assertThatThrownBy(() -> Required.orSkip("s3", NOTHING, Map.of(Required.VARIABLE, "postgres, s3")))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("no such server");
    }
}
