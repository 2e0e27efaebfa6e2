package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.Damage;
import dev.lair.transparency.NodeHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parser of the package gets thousands of damaged inputs: it returns what it would write, or its typed rejection. */
class NoteParserFuzzTest {

    private static final int ROUNDS = 20_000;

    /** A parser followed by its inverse. */
    private interface Cycle {
        byte[] run(byte[] input);
    }

    /** A parser, its rejection, and valid inputs to damage. */
    record Target(String name, Cycle cycle, Class<? extends Exception> rejection, List<byte[]> seeds) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Target> parsers() {
        NoteKey key = NoteVectors.LOG.key();
        String line = NoteVectors.text(NoteVectors.W1, "line");
        SignedNote note = SignedNote.parse(NoteVectors.checkpoint(8) + line);
        AddCheckpointRequest request = new AddCheckpointRequest(
                3, List.of(NodeHash.ofBytes(new byte[32]), NodeHash.ofBytes(new byte[32])), note);
        String policy = "# a comment\nlog " + key + " https://log.example/\nwitness a " + NoteVectors.WITNESS_1.key()
                + "\n\ngroup g any a\nquorum g\n";
        return List.of(
                new Target(
                        "note key",
                        in -> bytes(NoteKey.parse(text(in)).text()),
                        MalformedNoteKeyException.class,
                        List.of(bytes(key.text()))),
                new Target(
                        "private note key",
                        in -> bytes(NotePrivateKey.parse(text(in)).text()),
                        MalformedNoteKeyException.class,
                        List.of(bytes(NoteVectors.LOG.text()), bytes(NoteVectors.WITNESS_1.text()))),
                new Target(
                        "note",
                        in -> SignedNote.parse(in).bytes(),
                        MalformedNoteException.class,
                        List.of(note.bytes())),
                new Target(
                        "signature lines",
                        in -> NoteText.utf8(NoteSignature.formatLines(
                                NoteSignature.parseLines(new String(in, StandardCharsets.UTF_8)))),
                        MalformedNoteException.class,
                        List.of(NoteText.utf8(line), NoteText.utf8(line + line))),
                new Target(
                        "add-checkpoint request",
                        in -> AddCheckpointRequest.parse(in).bytes(),
                        MalformedNoteException.class,
                        List.of(request.bytes())),
                new Target(
                        "witnessed size",
                        in -> bytes(WitnessedSize.parse(in).format()),
                        MalformedNoteException.class,
                        List.of(bytes("35225469\n"))),
                new Target(
                        "witness policy",
                        in -> {
                            // Comments and blanks are not kept, so what is written is compared after reading it again.
                            WitnessPolicy read = WitnessPolicy.parse(in);
                            assertThat(WitnessPolicy.parse(read.format())).isEqualTo(read);
                            return in;
                        },
                        MalformedPolicyException.class,
                        List.of(bytes(policy))));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void damagedInputIsRefusedByTypeOrReadAsItself(Target target) {
        for (byte[] seed : target.seeds()) {
            assertThat(target.cycle().run(seed)).isEqualTo(seed);
        }
        Random random = new Random(target.name().hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            byte[] seed = target.seeds().get(random.nextInt(target.seeds().size()));
            byte[] input = random.nextInt(10) == 0 ? noise(random) : Damage.of(seed, random);
            try {
                byte[] output = target.cycle().run(input);
                // Bytes that are not UTF-8 were read as U+FFFD before they came to a parser of text.
                if (NoteText.decode(input).isPresent()) {
                    assertThat(output).isEqualTo(input);
                }
            } catch (RuntimeException e) {
                assertThat(e).as("round %d", round).isExactlyInstanceOf(target.rejection());
            }
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
