package dev.lair.registry.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceUsesTest {

    @ParameterizedTest
    @CsvSource({
        "wasi:http/types@0.2.3, wasi:http/types, 0.2",
        "wasi:http/types@1.2.3, wasi:http/types, 1",
        "wasi:http/types@0.0.7, wasi:http/types, 0.0.7",
        "wasi:http/types@0.3.0-rc-2025-09-16, wasi:http/types, 0.3.0-rc-2025-09-16",
        "wasi:http/types, wasi:http/types, -",
        "my:app/my-HTTP@1.0.0, my:app/my-http, 1"
    })
    void interfaceIsOnTheTrackOfItsVersion(String named, String item, String track) {
        assertThat(InterfaceUses.of(InterfaceUses.Role.IMPORTS, named)).get().satisfies(use -> {
            assertThat(use.item()).isEqualTo(item);
            assertThat(use.track().text()).isEqualTo(track);
            assertThat(use.named()).isEqualTo(named);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "[method]a.b", "a:b:c/d", "a:b/c/d", "not a name", ""})
    void nameThatNoPathCanSayIsPassedOver(String named) {
        assertThat(InterfaceUses.of(InterfaceUses.Role.IMPORTS, named)).isEqualTo(Optional.empty());
    }
}
