package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    @ParameterizedTest
    @CsvSource({
        "*, 1.0.0, true",
        "*, 1.0.0-rc.1, false",
        "1.2.3, 1.2.3, true",
        "1.2.3, 1.2.4, false",
        "=1.2.3, 1.2.3, true",
        "1.2.3, 1.2.3+build, false",
        "1.2.3+build, 1.2.3+build, true",
        "1.0.0-rc.1, 1.0.0-rc.1, true",
        "^1.2.3, 1.2.3, true",
        "^1.2.3, 1.2.2, false",
        "^1.2.3, 1.9.0, true",
        "^1.2.3, 2.0.0, false",
        "^1.2.3, 2.0.0-alpha, false",
        "^1.2.3, 1.3.0-alpha, false",
        "^1.2.3-beta.1, 1.2.3-beta.2, true",
        "^1.2.3-beta.1, 1.2.4-beta.2, false",
        "^1.2.3-beta.1, 1.2.3-alpha, false",
        "^1.2.3-beta.1, 1.3.0, true",
        "^0.2.3, 0.2.9, true",
        "^0.2.3, 0.3.0, false",
        "^0.0.3, 0.0.3, true",
        "^0.0.3, 0.0.4, false",
        "^0.0.0, 0.0.0, true",
        "~1.2.3, 1.2.9, true",
        "~1.2.3, 1.3.0, false",
        "~1.2.3, 1.2.2, false",
        ">=1.2.3, 9.0.0, true",
        ">=1.2.3, 1.2.3, true",
        ">=1.2.3, 1.2.2, false",
        ">=1.2.3, 9.0.0-rc.1, false",
        "^1.2.3, 1.2.3+build, true"
    })
    void contains(String range, String version, boolean expected) {
        assertThat(VersionRange.parse(range).contains(SemVer.parse(version))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "^1.2",
                "^",
                "~",
                ">=",
                ">1.0.0",
                "<2.0.0",
                "1.x",
                "1.*",
                "^ 1.0.0",
                "^1.0.0 ",
                "^1.0.0, <2",
                "v1.0.0",
                "latest",
                "^1.0.0+build",
                "==1.0.0",
                "**"
            })
    void anythingElseIsRefusedAndTheFormsAreNamed(String range) {
        assertThatThrownBy(() -> VersionRange.parse(range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + range + "` is not a version or range")
                .hasMessageContaining("write 1.2.3, ^1.2.3, ~1.2.3, >=1.2.3 or *");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "1.2.3", "^1.2.3", "~1.2.3-rc.1", ">=0.0.0"})
    void printsAsItIsWritten(String range) {
        assertThat(VersionRange.parse(range)).hasToString(range);
    }
}
