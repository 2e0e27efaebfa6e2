package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged texts are rejected with a place or resolve; nothing else happens. */
class WitDamageTest {
    private static final int TEXTS = 400;
    private static final int DAMAGES = 40;
    private static final String PIECES = "{}()<>,;:@/%._-=*\"\\ \n\t\r0azAZ_é\u202e\ud800\0";

    @Test
    void damagedTextsThrowNothingButTheRejection() {
        Random random = new Random(42);
        int rejected = 0;
        for (int i = 0; i < TEXTS; i++) {
            String text = WitGenerator.generate(random.nextLong());
            for (int j = 0; j < DAMAGES; j++) {
                rejected += survives(damaged(text, random)) ? 0 : 1;
            }
        }
        assertThat(rejected).isGreaterThan(TEXTS * DAMAGES / 4);
    }

    /** Whether the text resolves. What resolves must print, and encode or be refused. */
    private static boolean survives(String text) {
        try {
            Resolved resolved = new WitResolver(Features.ALL).resolve(SourceGroup.of("damaged", text));
            WitPrinter.print(resolved);
            WitEncoder.encode(resolved, new EncodeOptions(false, "test", "1"));
            return true;
        } catch (WitException refused) {
            assertThat(refused.rendered()).contains(refused.getMessage());
            return false;
        } catch (RuntimeException | StackOverflowError other) {
            throw new AssertionError("this text throws:\n" + text, other);
        }
    }

    private static String damaged(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0 && out.length() > 1; i--) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> out.delete(at, end);
                case 1 -> out.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 2 -> out.setCharAt(at, PIECES.charAt(random.nextInt(PIECES.length())));
                case 3 -> {
                    int from = random.nextInt(out.length());
                    out.insert(at, out.substring(from, Math.min(out.length(), from + 1 + random.nextInt(80))));
                }
                default -> out.setLength(at);
            }
        }
        return out.toString();
    }
}
