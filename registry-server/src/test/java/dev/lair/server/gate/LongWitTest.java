package dev.lair.server.gate;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.validate.FeatureSet;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.server.Wits;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A short binary can say very much: a long name stands wherever a type of its owner is used. */
class LongWitTest {

    /** Its WIT as JSON would have 120 million characters. */
    private static byte[] binary() {
        String owner = "a".repeat(20_000);
        String params = IntStream.range(0, 600).mapToObj(n -> "p" + n + ": t").collect(joining(", "));
        String functions = IntStream.range(0, 10)
                .mapToObj(n -> "f" + n + ": func(" + params + ");")
                .collect(joining(" "));
        return Wits.packageOf(
                "package test:one@1.0.0; interface " + owner + " { record t { x: u8 } " + functions + " }");
    }

    @Test
    void modelBeyondTheBoundIsLeftOutAndSaidSo() {
        byte[] binary = binary();
        assertThat(binary).hasSizeLessThan(200_000);

        ContentFacts facts =
                Examination.of(ByteBuffer.wrap(binary), FeatureSet.stable()).facts();

        assertThat(facts.validation().verdict()).isEqualTo(Validation.VALID);
        assertThat(facts.wit()).isNull();
        assertThat(facts.gaps()).contains(ContentFacts.WIT_CUT);
    }

    @Test
    void factsThatAreStillTooLongAreCutUntilTheyFitAndAreJudgedFromNoMore() {
        String[] names = IntStream.range(0, 200)
                .mapToObj(n -> "test:" + "b".repeat(50_000) + n + "/i@1.0.0")
                .toArray(String[]::new);

        ContentFacts facts =
                Examinations.bounded(Examination.of(ByteBuffer.wrap(Wits.importing(names)), FeatureSet.stable())
                        .facts());

        assertThat(ApiJson.write(facts)).hasSizeLessThan(GateLimits.FACTS_BYTES);
        assertThat(facts.lacksItems()).isTrue();
    }
}
