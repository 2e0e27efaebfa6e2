package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefPatternTest {

    private static boolean allows(String pattern, String ref, boolean refProtected) {
        return RefPattern.parse(pattern).orElseThrow().allows(ref, refProtected);
    }

    @ParameterizedTest
    @CsvSource({
        "refs/tags/v*, refs/tags/v1.2.0, true",
        "refs/tags/v*, refs/tags/v, true",
        "refs/tags/v*, refs/tags/v1/x, false",
        "refs/tags/v*, refs/tags/w1, false",
        "refs/tags/v*, refs/heads/v1, false",
        "refs/tags/v*, xrefs/tags/v1, false",
        "refs/tags/v**, refs/tags/v1/x, true",
        "refs/heads/main, refs/heads/main, true",
        "refs/heads/main, refs/heads/Main, false",
        "refs/heads/main, refs/heads/main2, false",
        "refs/heads/main, refs/heads/mai, false",
        "refs/heads/*/release, refs/heads/a/release, true",
        "refs/heads/*/release, refs/heads/a/b/release, false",
        "refs/heads/**/release, refs/heads/a/b/release, true",
        "refs/heads/r.1, refs/heads/rx1, false",
        "refs/tags/*.*.*, refs/tags/1.2.3, true",
        "refs/tags/*.*.*, refs/tags/1.2, false"
    })
    void starsStandForWhatIsBetweenSlashesAndAllElseForItself(String pattern, String ref, boolean allowed) {
        assertThat(allows(pattern, ref, false)).isEqualTo(allowed);
    }

    @Test
    void protectedDemandsTheForgesGuard() {
        assertThat(allows("protected", "refs/heads/x", true)).isTrue();
        assertThat(allows("protected", "refs/heads/x", false)).isFalse();
        assertThat(allows("protected refs/tags/v*", "refs/tags/v1", true)).isTrue();
        assertThat(allows("protected refs/tags/v*", "refs/tags/v1", false)).isFalse();
        assertThat(allows("protected refs/tags/v*", "refs/heads/v1", true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protected", "protected refs/tags/v*", "refs/heads/main"})
    void patternPrintsAsItWasRead(String text) {
        assertThat(RefPattern.parse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v*",
                "*",
                "main",
                "refs/pull/1/merge",
                "refs/",
                "refs/tags/",
                "refs/tags/a b",
                "protected ",
                "protected  refs/tags/a",
                "Protected",
                "refs/tags/[a-z]",
                "refs/tags/a?",
                "refs/tags/a\n"
            })
    void anythingElseIsNoPattern(String text) {
        assertThat(RefPattern.parse(text)).isEmpty();
    }

    @Test
    void manyStarsCostNoMoreThanBothLengths() {
        String pattern = "refs/tags/" + "*a".repeat(120) + "b";
        String ref = "refs/tags/" + "a".repeat(1000);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(allows(pattern, ref, true)).isFalse());
    }
}
