package dev.lair.component.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticVersionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0",
                "1.2.3",
                "0.2.0-rc-2023-11-05",
                "1.0.0-alpha.1",
                "1.0.0-0.3.7",
                "1.0.0-x-y-z.--",
                "1.0.0+20130313144700",
                "1.0.0-beta+exp.sha.5114f85",
                "1.0.0+21AF26D3----117B344092BD",
                "1.0.0+007",
                "18446744073709551615.0.0"
            })
    void aVersionPrintsAsItWasRead(String text) {
        assertThat(SemanticVersion.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3.4",
                "v1.2.3",
                "01.2.3",
                "1.02.3",
                "1.2.03",
                "1.2.3-",
                "1.2.3+",
                "1.2.3-01",
                "1.2.3-a..b",
                "1.2.3-a_b",
                "1.2.3+a+b",
                "1.-2.3",
                "1.2.x",
                " 1.2.3",
                "1.2.3 ",
                "18446744073709551616.0.0",
                "١.0.0"
            })
    void whatTheGrammarDoesNotHaveIsRefused(String text) {
        assertThatThrownBy(() -> SemanticVersion.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(SemanticVersion.tryParse(text)).isEmpty();
    }

    @Test
    void aVersionTooLongToPrintIsRefused() {
        String text = "1.0.0-" + "a".repeat(SemanticVersion.MAX_LENGTH);
        assertThatThrownBy(() -> SemanticVersion.parse(text)).hasMessageContaining("at most 256");
    }

    @Test
    void theOrderIsTheOneOfSectionEleven() {
        List<String> ascending = List.of(
                "0.9.9",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "2.0.0",
                "2.1.0",
                "2.1.1",
                "18446744073709551615.0.0");
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                int order = SemanticVersion.parse(ascending.get(i)).compareTo(SemanticVersion.parse(ascending.get(j)));
                assertThat(Integer.signum(order)).isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void buildMetadataHasNoPrecedenceButMakesVersionsDiffer() {
        SemanticVersion plain = SemanticVersion.parse("1.0.0");
        SemanticVersion built = SemanticVersion.parse("1.0.0+a");
        assertThat(plain.comparePrecedence(built)).isZero();
        assertThat(plain).isNotEqualTo(built).isLessThan(built);
        assertThat(built.withoutBuild()).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3, 1",
        "10.0.0+b, 10",
        "0.2.0, 0.2",
        "0.10.7, 0.10",
        "0.0.1, 0.0.1",
        "0.0.1+b, 0.0.1",
        "1.0.0-rc.1, 1.0.0-rc.1",
        "0.2.0-rc+b, 0.2.0-rc"
    })
    void theTrackIsTheFirstNumberThatIsNotZero(String version, String track) {
        assertThat(SemanticVersion.parse(version).track()).isEqualTo(track);
    }
}
