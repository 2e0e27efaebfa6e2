package dev.lair.component.wit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged package binaries are rejected or decode to something that prints; nothing else happens. */
class WitBinaryDamageTest {
    private static final int PACKAGES = 300;
    private static final int DAMAGES = 40;

    @Test
    void damagedBinariesThrowNothingButTheRejections() throws WitException {
        Random random = new Random(7);
        int decoded = 0;
        int refused = 0;
        for (int i = 0; i < PACKAGES; i++) {
            byte[] binary = binary(random.nextLong());
            for (int j = 0; j < DAMAGES && binary.length > 0; j++) {
                if (decodes(damaged(binary, random))) {
                    decoded++;
                } else {
                    refused++;
                }
            }
        }
        assertThat(decoded).as("decoded").isGreaterThan(PACKAGES);
        assertThat(refused).as("refused").isGreaterThan(PACKAGES);
    }

    /** A package's binary; empty where the text is one of the few that do not resolve. */
    private static byte[] binary(long seed) {
        try {
            Resolved resolved =
                    new WitResolver(Features.ALL).resolve(SourceGroup.of("seed", WitGenerator.generate(seed)));
            return WitEncoder.encode(resolved, new EncodeOptions(false, "test", "1"));
        } catch (WitException unresolvable) {
            return new byte[0];
        }
    }

    private static boolean decodes(byte[] binary) {
        try {
            WitPrinter.print(Decoding.decode(binary));
            return true;
        } catch (InvalidComponentException | WitException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        } catch (RuntimeException | StackOverflowError other) {
            throw new AssertionError("throws: " + java.util.HexFormat.of().formatHex(binary), other);
        }
    }

    private static byte[] damaged(byte[] binary, Random random) {
        byte[] copy = binary.clone();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int at = 8 + random.nextInt(copy.length - 8);
            switch (random.nextInt(4)) {
                case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> copy[at] = (byte) random.nextInt(256);
                case 2 -> copy[at] = (byte) (0x63 + random.nextInt(0x1D));
                default -> copy = random.nextInt(20) == 0 ? Arrays.copyOf(copy, at + 1) : copy;
            }
        }
        return copy;
    }
}
