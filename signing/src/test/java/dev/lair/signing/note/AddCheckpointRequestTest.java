package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.Alterations;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RootHash;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** c2sp.org/tlog-witness, "add-checkpoint": the messages, and what a witness of a few lines makes of them. */
class AddCheckpointRequestTest {

    private static final JsonNode REQUESTS = NoteVectors.at(NoteVectors.OWN, "witness_requests");
    private static final String GOOD = NoteVectors.text(REQUESTS.get(6), "body");
    private static final String NOTE = NoteVectors.checkpoint(7);
    private static final NodeHash HASH = NodeHash.ofBytes(new byte[32]);

    static List<JsonNode> vectors() {
        return REQUESTS.valueStream().toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyVectorIsAnsweredAsRecorded(JsonNode vector) throws ProofRejected {
        String state = NoteVectors.text(vector, "state");
        String stored = state.startsWith("cosigned ") ? state.substring("cosigned ".length()) : "0";
        assertThat(NoteVectors.text(vector, "expect"))
                .startsWith(answer(Long.parseLong(stored), NoteText.utf8(NoteVectors.text(vector, "body"))));
    }

    /** The steps of the protocol, in its order, over what a witness has stored for the vectors' log. */
    private static String answer(long stored, byte[] body) throws ProofRejected {
        AddCheckpointRequest request;
        CheckpointText checkpoint;
        try {
            request = AddCheckpointRequest.parse(body);
            checkpoint = CheckpointText.parse(request.checkpoint().text());
        } catch (IllegalArgumentException malformed) {
            return "400";
        }
        if (!checkpoint.origin().equals(NoteVectors.ORIGIN)) {
            return "404";
        }
        try {
            request.checkpoint().verify(List.of(NoteVectors.LOG.key()));
        } catch (NoteRejected e) {
            return "403";
        }
        if (request.oldSize() > checkpoint.treeSize()) {
            return "400";
        }
        if (request.oldSize() != stored) {
            return "409, body '" + new WitnessedSize(stored).format().replace("\n", "\\n") + "', Content-Type "
                    + WitnessedSize.CONTENT_TYPE;
        }
        try {
            if (stored > 0) {
                RootHash old = NoteVectors.checkpointText((int) stored).root();
                request.consistency(checkpoint.treeSize()).verify(old, checkpoint.root());
            }
        } catch (ProofRejected e) {
            return "422";
        }
        return "200";
    }

    @Test
    void partsOfARequestAreThoseOfItsText() {
        AddCheckpointRequest request = AddCheckpointRequest.parse(NoteText.utf8(GOOD));
        assertThat(request.oldSize()).isEqualTo(3);
        assertThat(request.proof()).hasSize(4);
        assertThat(request.checkpoint()).isEqualTo(SignedNote.parse(NOTE));
        assertThat(request.bytes()).isEqualTo(NoteText.utf8(GOOD));
        assertThat(new AddCheckpointRequest(3, request.proof(), SignedNote.parse(NOTE)))
                .isEqualTo(request);
    }

    @Test
    void sixtyThreeHashesAreReadAndOneMoreRefused() {
        SignedNote note = SignedNote.parse(NOTE);
        AddCheckpointRequest longest = new AddCheckpointRequest(1, Collections.nCopies(63, HASH), note);
        assertThat(AddCheckpointRequest.parse(longest.bytes())).isEqualTo(longest);
        assertThatThrownBy(() -> new AddCheckpointRequest(1, Collections.nCopies(64, HASH), note))
                .isInstanceOf(MalformedNoteException.class);
        String tooMany = longest.format().replaceFirst("\n\n", "\n" + HASH.base64() + "\n\n");
        assertThatThrownBy(() -> AddCheckpointRequest.parse(tooMany))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("63");
        assertThatThrownBy(() -> new AddCheckpointRequest(-1, List.of(), note))
                .isInstanceOf(MalformedNoteException.class);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|empty line",
                "'\\n'|empty line",
                "'old 3\\nNOTE'|line 2",
                "'\\n\\nNOTE'|line 1",
                "'old\\n\\nNOTE'|line 1",
                "'old \\n\\nNOTE'|line 1",
                "'old 03\\n\\nNOTE'|line 1",
                "'old -3\\n\\nNOTE'|line 1",
                "'old  3\\n\\nNOTE'|line 1",
                "'old 3 \\n\\nNOTE'|line 1",
                "'old 3\\r\\n\\nNOTE'|line 1",
                "'OLD 3\\n\\nNOTE'|line 1",
                "'new 3\\n\\nNOTE'|line 1",
                "' old 3\\n\\nNOTE'|line 1",
                "'old 9223372036854775808\\n\\nNOTE'|line 1",
                "'old 3\\nAA==\\n\\nNOTE'|line 2",
                "'old 3\\nHASH\\nHASH \\n\\nNOTE'|line 3",
                "'old 3\\nHASH=\\n\\nNOTE'|line 2",
                "'old 3\\n\\nHASH\\n\\nNOTE\\n'|line feed",
                "'old 3\\n\\n'|empty line",
                "'old 3\\n\\ntext\\n'|empty line"
            },
            delimiter = '|')
    void otherShapesAreRefusedWithTheirPlace(String text, String place) {
        String input = text.translateEscapes().replace("NOTE", NOTE).replace("HASH", HASH.base64());
        assertThatThrownBy(() -> AddCheckpointRequest.parse(NoteText.utf8(input)))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining(place);
    }

    @Test
    void oversizedAndForeignBytesAreRefused() {
        assertThatThrownBy(() -> AddCheckpointRequest.parse(new byte[Limits.ADD_CHECKPOINT_BYTES + 1]))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("at most");
        byte[] body = NoteText.utf8(GOOD);
        body[2] = (byte) 0xff;
        assertThatThrownBy(() -> AddCheckpointRequest.parse(body))
                .isInstanceOf(MalformedNoteException.class)
                .hasMessageContaining("UTF-8");
    }

    /** No damaged request gets the good one's cosignature for another tree. */
    @Test
    void eachDamagedByteOfTheGoodRequestIsRefusedOrLeavesWhatIsSigned() throws ProofRejected {
        for (byte[] altered : Alterations.of(NoteText.utf8(GOOD))) {
            if (answer(3, altered).equals("200")) {
                assertThat(AddCheckpointRequest.parse(altered).checkpoint().text())
                        .isEqualTo(SignedNote.parse(NOTE).text());
            }
        }
    }

    // The answer 409.

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 35225469, Long.MAX_VALUE})
    void witnessedSizesReadBack(long size) {
        assertThat(WitnessedSize.parse(NoteText.utf8(new WitnessedSize(size).format())))
                .isEqualTo(new WitnessedSize(size));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "3",
                "33",
                "03\n",
                "-3\n",
                "3\n\n",
                " 3\n",
                "3 \n",
                "3\r\n",
                "9223372036854775808\n",
                "<html>\n"
            })
    void otherBodiesAreNoWitnessedSize(String body) {
        assertThatThrownBy(() -> WitnessedSize.parse(NoteText.utf8(body))).isInstanceOf(MalformedNoteException.class);
        assertThatThrownBy(() -> new WitnessedSize(-1)).isInstanceOf(MalformedNoteException.class);
    }

    @Test
    void answersOfTheVectorsAreNamedByTheirStatus() {
        Map<String, Long> counted = new java.util.TreeMap<>();
        vectors()
                .forEach(vector ->
                        counted.merge(NoteVectors.text(vector, "expect").substring(0, 3), 1L, Long::sum));
        assertThat(counted).isEqualTo(Map.of("200", 3L, "400", 1L, "403", 1L, "404", 1L, "409", 1L, "422", 1L));
    }
}
