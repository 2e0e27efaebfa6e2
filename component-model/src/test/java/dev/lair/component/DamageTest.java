package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged binaries: the answer is a result or the typed rejection, never anything else. */
class DamageTest {
    private static final long SEED = 20_260_101L;
    private static final int FUZZ_ROUNDS = 6_000;

    private final byte[] component = read(Workspace.repository().resolve("examples/greeter/greeter.wasm"));

    @Test
    void everyTruncationInsideASectionIsRejected() throws Exception {
        // Cut between two sections, a component is a shorter component.
        Set<Long> whole = new HashSet<>(Set.of(8L, (long) component.length));
        for (WasmSection section :
                WasmStructure.check(ByteBuffer.wrap(component)).sections()) {
            whole.add(section.offset() + section.sizeBytes());
        }

        for (int length = 0; length <= component.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(component, 0, length);
            if (whole.contains((long) length)) {
                assertThat(WasmStructure.check(cut).sizeBytes()).isEqualTo(length);
            } else {
                assertThatThrownBy(() -> WasmStructure.check(cut))
                        .as("cut to %d bytes", length)
                        .isInstanceOf(InvalidWasmException.class)
                        .hasMessageStartingWith("unexpected end-of-file (at offset 0x");
            }
        }
    }

    @Test
    void everyFlippedBitGivesAResultOrTheTypedRejection() {
        int rejected = 0;
        for (int at = 0; at < component.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = component.clone();
                damaged[at] ^= (byte) (1 << bit);
                rejected += isRejected(damaged, "bit " + bit + " of byte " + at) ? 1 : 0;
            }
        }
        assertThat(rejected).isGreaterThan(component.length);
    }

    @Test
    void fuzzedBinariesGiveAResultOrTheTypedRejection() {
        Path resources = Workspace.repository().resolve("component-model/src/test/resources");
        List<byte[]> seeds = Workspace.files(resources, ".hex").stream()
                .map(HexFile::read)
                .map(file -> {
                    byte[] bytes = new byte[file.bytes().remaining()];
                    file.bytes().get(0, bytes);
                    return bytes;
                })
                .toList();
        Random random = new Random(SEED);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            byte[] seed = round % 2 == 0 ? component : seeds.get(random.nextInt(seeds.size()));
            isRejected(mutated(seed, random), "round " + round + " of seed " + SEED);
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] bytes = Arrays.copyOf(seed, Math.max(1, seed.length + random.nextInt(9) - 4));
        int edits = 1 + random.nextInt(6);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                default ->
                    System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), random.nextInt(bytes.length - at));
            }
        }
        return bytes;
    }

    private static boolean isRejected(byte[] bytes, String what) {
        try {
            WasmStructure.check(ByteBuffer.wrap(bytes));
            return false;
        } catch (InvalidWasmException e) {
            assertThat(e).hasMessageMatching("(?s).+ \\(at offset 0x[0-9a-f]+\\)");
            assertThat(e.offset()).isBetween(0L, (long) bytes.length);
            return true;
        } catch (RuntimeException | Error e) {
            return fail(what, e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
