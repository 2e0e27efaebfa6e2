package dev.lair.component.binary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Workspace;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decoding and encoding are inverses: on every binary of the corpus that decodes, and on damaged ones. */
class RoundTripTest {
    private static final long SEED = 20_261_121L;
    private static final int DAMAGED = 20_000;

    /** Written by older tools, with a prefix of names that has the same meaning as the one in use now. */
    private static final List<String> OTHER_PREFIX =
            List.of("simple-nested-optimized.component.wasm", "binary_wit.wasm");

    @Test
    void everyDecodedComponentIsEncodedToTheSameBytes() throws Exception {
        int components = 0;
        List<String> differentBytes = new ArrayList<>();
        for (String folder : List.of("wast", "real", "wit-interfaces", "wit-components", "wit-package-binary")) {
            Path root = Workspace.corpus(folder);
            for (Path file : Workspace.files(root, ".wasm")) {
                byte[] bytes = Files.readAllBytes(file);
                ComponentBinary decoded = decoded(bytes);
                if (decoded == null) {
                    continue; // core modules and invalid cases; that no valid one is among them is CorpusVerdictsTest's
                }
                components++;
                byte[] encoded = ComponentWriter.write(decoded);
                assertThat(decoded(encoded)).as(file.toString()).isEqualTo(decoded);
                if (!Arrays.equals(encoded, bytes)) {
                    differentBytes.add(root.relativize(file).toString());
                }
            }
        }
        assertThat(differentBytes).containsExactlyElementsOf(OTHER_PREFIX);
        assertThat(components).isGreaterThan(1_000);
    }

    @Test
    void whatDecodesFromDamagedBytesHasAStableEncoding() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : Workspace.files(Workspace.corpus("wast"), ".wasm")) {
            byte[] seed = Files.readAllBytes(file);
            if (seed.length > 8) {
                seeds.add(seed);
            }
        }
        Random random = new Random(SEED);
        int decodable = 0;
        for (int round = 0; round < DAMAGED; round++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt(256);
            }
            ComponentBinary decoded = decoded(bytes);
            if (decoded == null) {
                continue;
            }
            decodable++;
            byte[] encoded = ComponentWriter.write(decoded);
            ComponentBinary again = decoded(encoded);
            assertThat(again).as("round %d of seed %d", round, SEED).isNotNull();
            assertThat(ComponentWriter.write(Objects.requireNonNull(again))).isEqualTo(encoded);
        }
        assertThat(decodable).isGreaterThan(DAMAGED / 10);
    }

    private static @Nullable ComponentBinary decoded(byte[] bytes) {
        try {
            return ComponentReader.read(ByteBuffer.wrap(bytes));
        } catch (InvalidComponentException | UncheckedComponentException e) {
            return null;
        }
    }
}
