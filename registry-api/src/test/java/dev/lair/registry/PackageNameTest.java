package dev.lair.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class PackageNameTest {

    static Stream<String> valid() {
        return Vectors.part("packageNames").get("valid").valueStream().map(JsonNode::asString);
    }

    static Stream<String> invalid() {
        return Stream.concat(
                Vectors.part("packageNames").get("invalid").valueStream().map(JsonNode::asString),
                Vectors.part("packageNames")
                        .get("versionDependent")
                        .valueStream()
                        .map(JsonNode::asString));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validNameIsItsOwnText(String name) {
        assertThat(PackageName.parse(name)).hasToString(name);
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalidNameIsRefused(String name) {
        assertThatThrownBy(() -> PackageName.parse(name)).isInstanceOf(MalformedNameException.class);
    }

    @Test
    void logIdIsTheReferences() {
        for (JsonNode vector : Vectors.part("logIds").get("packages")) {
            assertThat(PackageName.parse(vector.get("name").asString()).logId())
                    .hasToString(vector.get("logId").asString());
        }
    }

    @Test
    void nameOf128CharactersIsAcceptedAndLongerIsRefused() {
        String longest = "a:" + "b".repeat(126);
        assertThat(PackageName.parse(longest)).hasToString(longest);
        assertThatThrownBy(() -> PackageName.parse(longest + "b")).isInstanceOf(MalformedNameException.class);
    }

    @Test
    void hostileNameIsRefusedQuickly() {
        assertThatThrownBy(() -> PackageName.parse("a:" + "b-".repeat(500_000) + "!"))
                .isInstanceOf(MalformedNameException.class)
                .message()
                .hasSizeLessThan(300);
    }
}
