package dev.lair.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemVerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0",
                "1.2.3",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-0.3.7",
                "1.0.0-x-y-z.--",
                "1.0.0+20130313144700",
                "1.0.0-beta+exp.sha.5114f85",
                "1.0.0+001",
                "18446744073709551615.0.0"
            })
    void versionIsItsOwnText(String text) {
        assertThat(SemVer.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3.4",
                "01.2.3",
                "1.02.3",
                "1.2.3-01",
                "1.2.3-",
                "1.2.3+",
                "1.2.3-a..b",
                "v1.2.3",
                " 1.2.3",
                "1.2.3 ",
                "1.2.x",
                "1.2.-3",
                "+1.2.3",
                "18446744073709551616.0.0",
                "1.2.3-ä",
                "1.2.3+a+b",
                "١.2.3"
            })
    void textThatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> SemVer.parse(text)).isInstanceOf(MalformedVersionException.class);
    }

    @Test
    void orderIsSemverOrgsThenBuildMetadata() {
        List<SemVer> ordered = List.of(
                        "0.9.0",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-beta",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0-rc.1",
                        "1.0.0",
                        "1.0.0+1",
                        "1.0.0+01",
                        "1.0.0+2",
                        "1.0.0+a",
                        "1.0.0+b",
                        "1.0.1",
                        "1.1.0",
                        "2.0.0",
                        "9223372036854775808.0.0")
                .stream()
                .map(SemVer::parse)
                .toList();
        List<SemVer> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(7));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(ordered);
    }

    @Test
    void buildMetadataIsPartOfTheIdentity() {
        assertThat(SemVer.parse("1.0.0+a")).isNotEqualTo(SemVer.parse("1.0.0+b"));
    }
}
