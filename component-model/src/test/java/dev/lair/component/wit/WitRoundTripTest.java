package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import org.junit.jupiter.api.Test;

/** Texts made from seeds: text, model, text and model again are the same, and so are their binaries. */
class WitRoundTripTest {
    private static final int SEEDS = 3_000;
    private static final EncodeOptions OPTIONS = new EncodeOptions(true, "test", "1");

    @Test
    void generatedTextsReadBackAsTheSameModelAndTheSameBinary() throws InvalidComponentException {
        int resolved = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = WitGenerator.generate(seed);
            String printed = "";
            try {
                Resolved first = resolve(text);
                printed = WitPrinter.print(first);
                Resolved second = resolve(printed);
                assertThat(second).as("seed %d", seed).isEqualTo(Ordered.of(first));
                assertThat(WitPrinter.print(second)).as("seed %d", seed).isEqualTo(printed);
                byte[] binary = WitEncoder.encode(second, OPTIONS);
                assertThat(binary).as("seed %d", seed).isEqualTo(WitEncoder.encode(first, OPTIONS));
                Resolved decoded = Decoding.decode(binary);
                assertThat(decoded.main()).as("seed %d", seed).isEqualTo(second.main());
                assertThat(WitEncoder.encode(decoded, OPTIONS))
                        .as("seed %d", seed)
                        .isEqualTo(binary);
                assertThat(WitEncoder.encode(resolve(WitPrinter.print(decoded)), OPTIONS))
                        .as("seed %d, by way of the text of its binary", seed)
                        .isEqualTo(binary);
                resolved++;
            } catch (WitException rejected) {
                assertThat(printed).as(() -> rejected.rendered()).isEmpty();
                assertThat(rejected.getMessage())
                        .as(() -> text + rejected.rendered())
                        .containsAnyOf("incompatible ways", "shadows previously", "differently");
            }
        }
        assertThat(resolved).isGreaterThan(SEEDS / 2);
    }

    private static Resolved resolve(String text) throws WitException {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("generated", text));
    }
}
