package dev.lair.component.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.names.SemanticVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionStepTest {
    @ParameterizedTest
    @CsvSource({
        "1.2.3,      1.9.0,      SAME_TRACK,   2.0.0",
        "1.2.3,      2.0.0,      OTHER_TRACK,  2.0.0",
        "0.2.3,      0.2.9,      SAME_TRACK,   0.3.0",
        "0.2.3,      0.3.0,      OTHER_TRACK,  0.3.0",
        "0.0.1,      0.0.2,      OTHER_TRACK,  0.0.2",
        "1.0.0-rc.1, 1.0.0,      OTHER_TRACK,  1.0.0",
        "1.0.0-rc.1, 1.0.0-rc.2, OTHER_TRACK,  1.0.0",
        "1.0.0,      1.0.0+b,    SAME_VERSION, 2.0.0",
    })
    void relationAndNextTrack(String from, String to, VersionStep.Relation relation, String next) {
        VersionStep step = new VersionStep(SemanticVersion.parse(from), SemanticVersion.parse(to));
        assertThat(step.relation()).isEqualTo(relation);
        assertThat(step.nextTrack()).hasToString(next);
        assertThat(step.isBackwards()).isFalse();
        assertThat(new VersionStep(step.to(), step.from()).isBackwards())
                .isEqualTo(relation != VersionStep.Relation.SAME_VERSION);
    }

    @Test
    void neighboursAreThoseOfTheTrack() {
        List<SemanticVersion> released = Stream.of("0.1.9", "0.2.0", "0.2.3", "0.2.9", "0.3.0", "0.2.5-rc.1", "1.0.0")
                .map(SemanticVersion::parse)
                .toList();
        assertThat(TrackNeighbours.of(SemanticVersion.parse("0.2.5"), released))
                .isEqualTo(new TrackNeighbours(SemanticVersion.of(0, 2, 3), SemanticVersion.of(0, 2, 9)));
        assertThat(TrackNeighbours.of(SemanticVersion.parse("0.2.10"), released))
                .isEqualTo(new TrackNeighbours(SemanticVersion.of(0, 2, 9), null));
        assertThat(TrackNeighbours.of(SemanticVersion.parse("0.2.5-rc.2"), released))
                .isEqualTo(new TrackNeighbours(null, null));
        assertThat(TrackNeighbours.of(SemanticVersion.parse("2.0.0"), released))
                .isEqualTo(new TrackNeighbours(null, null));
    }
}
