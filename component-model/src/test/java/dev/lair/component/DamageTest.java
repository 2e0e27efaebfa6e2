package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.lair.component.binary.ComponentReader;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
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
    void everyTruncationInsideASectionIsRejected() {
        // Cut between two sections, a component is a shorter component.
        Set<Integer> whole = sectionEnds();
        for (int length = 0; length <= component.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(component, 0, length);
            if (whole.contains(length)) {
                assertThatCode(() -> ComponentReader.read(cut)).doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> ComponentValidator.validate(cut, FeatureSet.all()))
                        .as("cut to %d bytes", length)
                        .isInstanceOf(InvalidComponentException.class)
                        .hasMessageStartingWith("unexpected end-of-file (at offset 0x");
            }
        }
    }

    /** Where the sections of the outermost component end; the first "end" is that of the preamble. */
    private Set<Integer> sectionEnds() {
        Set<Integer> ends = new HashSet<>(Set.of(8));
        for (int at = 8; at < component.length; ends.add(at)) {
            at++; // the id
            int size = 0;
            int shift = 0;
            do {
                size |= (component[at] & 0x7f) << shift;
                shift += 7;
            } while (component[at++] < 0);
            at += size;
        }
        return ends;
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
            if (WasmKind.saysComponent(ByteBuffer.wrap(bytes))) {
                ComponentValidator.validate(ByteBuffer.wrap(bytes), FeatureSet.all());
            } else {
                CoreValidator.validate(ByteBuffer.wrap(bytes));
            }
            return false;
        } catch (InvalidComponentException e) {
            return typed(e, e.offset(), bytes);
        } catch (InvalidWasmException e) {
            return typed(e, e.offset(), bytes);
        } catch (RuntimeException | Error e) {
            return fail(what, e);
        }
    }

    private static boolean typed(Exception rejection, long offset, byte[] bytes) {
        assertThat(rejection).hasMessageMatching("(?s).+ \\(at offset 0x[0-9a-f]+\\)");
        assertThat(offset).isBetween(0L, (long) bytes.length);
        return true;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
