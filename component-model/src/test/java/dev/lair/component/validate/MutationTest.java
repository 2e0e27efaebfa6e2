package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged components give a verdict or the typed rejection, never anything else. */
class MutationTest {
    private static final long SEED = 20_261_121L;
    private static final int ROUNDS = 12_000;
    private static final int SEED_BYTES = 20_000;

    @Test
    void damagedComponentsAreJudgedOrRejected() throws Exception {
        List<byte[]> seeds = seeds();
        Random random = new Random(SEED);
        int rejected = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = mutated(seeds, random);
            rejected += isRejected(bytes, "round " + round + " of seed " + SEED) ? 1 : 0;
        }
        assertThat(rejected).isGreaterThan(ROUNDS / 4).isLessThan(ROUNDS);
    }

    @Test
    void everyFlippedBitOfAComponentIsJudgedOrRejected() throws Exception {
        byte[] component = Files.readAllBytes(Workspace.repository().resolve("examples/greeter/greeter-wit.wasm"));
        int rejected = 0;
        for (int bit = 0; bit < component.length * 8; bit++) {
            byte[] damaged = component.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            rejected += isRejected(damaged, "bit " + bit) ? 1 : 0;
        }
        assertThat(rejected).isGreaterThan(component.length);
    }

    private static List<byte[]> seeds() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (String folder : List.of("wast", "wit-interfaces", "wit-components")) {
            for (Path file : Workspace.files(Workspace.corpus(folder), ".wasm")) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length < SEED_BYTES && bytes[6] == 1) {
                    seeds.add(bytes);
                }
            }
        }
        return seeds;
    }

    private static byte[] mutated(List<byte[]> seeds, Random random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = 8 + random.nextInt(Math.max(1, bytes.length - 8));
            switch (random.nextInt(5)) {
                case 0 -> bytes[Math.min(at, bytes.length - 1)] = (byte) random.nextInt(256);
                case 1 -> bytes[Math.min(at, bytes.length - 1)] += (byte) (random.nextBoolean() ? 1 : -1);
                case 2 -> bytes[Math.min(at, bytes.length - 1)] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                case 3 -> bytes = Arrays.copyOf(bytes, Math.max(9, bytes.length - random.nextInt(8)));
                default -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length);
                    int to = Math.min(at, bytes.length - 1);
                    int count = Math.min(random.nextInt(24), Math.min(other.length - from, bytes.length - to));
                    System.arraycopy(other, from, bytes, to, count);
                }
            }
        }
        return bytes;
    }

    private static boolean isRejected(byte[] bytes, String what) {
        try {
            ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
            return false;
        } catch (InvalidComponentException e) {
            assertThat(e.offset()).as(what).isBetween(0L, (long) bytes.length);
            assertThat(e).hasMessageMatching("(?s).+ \\(at offset 0x[0-9a-f]+\\)");
            return true;
        } catch (RuntimeException | Error e) {
            return fail(what, e);
        }
    }
}
