package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That the other tests are what they claim to be. */
class HarnessIT {

    @Test
    void whatDoesNotComeInTimeIsAFailure() {
        assertThatThrownBy(() -> Await.answer("nothing", Duration.ofMillis(50), Optional::empty))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void noClassOfServerStorageOrClientIsHere() {
        for (String name : List.of("dev.lair.server.LairServer", "dev.lair.storage.Storage", "dev.lair.cli.Lair")) {
            assertThat(isHere(name)).as(name).isFalse();
        }
        assertThat(isHere("dev.lair.registry.PackageName")).isTrue();
    }

    private static boolean isHere(String className) {
        try {
            Class.forName(className, false, HarnessIT.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
