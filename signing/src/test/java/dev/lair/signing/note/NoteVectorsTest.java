package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TlogProof;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every vector of C2SP's formats that is about notes gives the value that is recorded. */
class NoteVectorsTest {

    static List<NoteVectors.Foreign> foreign() {
        return NoteVectors.foreignNotes();
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void notesOfOthersVerifyAndReadBackUnchanged(NoteVectors.Foreign foreign) throws NoteRejected {
        SignedNote note = SignedNote.parse(NoteText.utf8(foreign.note()));
        assertThat(note.format()).isEqualTo(foreign.note());
        assertThat(note.verify(List.of(foreign.key())))
                .containsExactly(new VerifiedSignature(foreign.key(), OptionalLong.empty()));
    }

    @Test
    void goPrivateKeyIsReadWrittenAndSignsGosNote() {
        JsonNode vector = NoteVectors.at(NoteVectors.ROOT, "notes_verified").get(1);
        NotePrivateKey key = NotePrivateKey.parse(NoteVectors.text(vector, "skey"));
        assertThat(key.text()).isEqualTo(NoteVectors.text(vector, "skey"));
        assertThat(key.key().text()).isEqualTo(NoteVectors.text(vector, "vkey"));
        String note = NoteVectors.text(vector, "note");
        assertThat(SignedNote.sign(SignedNote.parse(note).text(), 0, List.of(key.signer()))
                        .format())
                .isEqualTo(note);
    }

    @Test
    void keysOfTheVectorsHaveTheirRecordedText() {
        assertThat(NoteVectors.LOG.key().text()).isEqualTo(NoteVectors.text(NoteVectors.OWN, "log_vkey"));
        assertThat(NoteVectors.WITNESS_1.key().text()).isEqualTo(NoteVectors.text(NoteVectors.W1, "vkey"));
        assertThat(NoteVectors.WITNESS_2.key().text()).isEqualTo(NoteVectors.text(NoteVectors.W2, "vkey"));
        assertThat(NoteVectors.WITNESS_2.key().keyIdHex()).isEqualTo(NoteVectors.text(NoteVectors.W2, "key_id"));
        assertThat(Digest.of(NoteVectors.WITNESS_2.key().publicKey()).hex())
                .isEqualTo(NoteVectors.text(NoteVectors.W2, "public_key_sha256"));
        for (NoteKey key : NoteVectors.allKeys()) {
            assertThat(NoteKey.parse(key.text())).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 8})
    void checkpointsOfTheLogAreSignedByteForByte(int size) {
        String expected = NoteVectors.checkpoint(size);
        String root = NoteVectors.at(NoteVectors.at(NoteVectors.ROOT, "rfc6962_8leaf"), "roots_by_size")
                .get(size)
                .asString();
        CheckpointText checkpoint = new CheckpointText(NoteVectors.ORIGIN, size, RootHash.parse("sha256:" + root));
        assertThat(SignedNote.sign(checkpoint.format(), 1, List.of(NoteVectors.LOG.signer()))
                        .format())
                .isEqualTo(expected);
        assertThat(CheckpointText.parse(SignedNote.parse(expected).text())).isEqualTo(checkpoint);
    }

    @Test
    void ed25519CosignatureHasTheRecordedMessageAndLine() {
        String text = NoteVectors.checkpointText(8).format();
        assertThat(CosignatureV1.message(NoteVectors.TIME, text))
                .isEqualTo(NoteText.utf8(NoteVectors.text(NoteVectors.W1, "signed_message")));
        assertThat(NoteVectors.WITNESS_1.signer().sign(text, NoteVectors.TIME).line())
                .isEqualTo(NoteVectors.text(NoteVectors.W1, "line"));
    }

    @Test
    void mlDsaCosignatureHasTheRecordedMessageAndItsLineVerifies() throws NoteRejected {
        CheckpointText checkpoint = NoteVectors.checkpointText(8);
        String name = NoteVectors.text(NoteVectors.W2, "name");
        assertThat(NoteKeyType.COSIGNATURE_ML_DSA_44.message(name, checkpoint.format(), NoteVectors.TIME))
                .isEqualTo(NoteVectors.hex(NoteVectors.text(NoteVectors.W2, "signed_message_hex")));
        String line = NoteVectors.text(NoteVectors.W2, "line");
        assertThat(line.length())
                .isEqualTo(
                        NoteVectors.at(NoteVectors.W2, "signature_line_chars").asInt());
        SignedNote note = SignedNote.parse(NoteVectors.checkpoint(8) + line);
        assertThat(note.verify(List.of(NoteVectors.WITNESS_2.key())))
                .containsExactly(new VerifiedSignature(NoteVectors.WITNESS_2.key(), OptionalLong.of(NoteVectors.TIME)));
    }

    @Test
    void tlogProofOfTheVectorsIsCheckedFromNoteToLeaf() throws NoteRejected, ProofRejected {
        String text = NoteVectors.text(NoteVectors.OWN, "tlog_proof_index5");
        TlogProof proof = TlogProof.parse(text);
        assertThat(proof.format()).isEqualTo(text);
        SignedNote note = SignedNote.parse(proof.checkpoint());
        assertThat(note).isEqualTo(NoteVectors.cosigned());
        assertThat(note.verify(NoteVectors.allKeys())).hasSize(3);
        CheckpointText checkpoint = CheckpointText.parse(note.text());
        String leaf = NoteVectors.at(NoteVectors.at(NoteVectors.ROOT, "rfc6962_8leaf"), "leaves_hex")
                .get(5)
                .asString();
        proof.inclusion(checkpoint.treeSize()).verify(MerkleHash.leaf(NoteVectors.hex(leaf)), checkpoint.root());
    }

    @Test
    void witnessRequestsAreReadAndWrittenUnchanged() throws ProofRejected {
        JsonNode requests = NoteVectors.at(NoteVectors.OWN, "witness_requests");
        assertThat(requests.size()).isEqualTo(8);
        for (JsonNode request : requests) {
            String body = NoteVectors.text(request, "body");
            assertThat(AddCheckpointRequest.parse(NoteText.utf8(body)).format()).isEqualTo(body);
        }
        // The seventh is the good one from 3 to 7 leaves.
        AddCheckpointRequest good =
                AddCheckpointRequest.parse(NoteText.utf8(NoteVectors.text(requests.get(6), "body")));
        CheckpointText to = CheckpointText.parse(good.checkpoint().text());
        good.consistency(to.treeSize()).verify(NoteVectors.checkpointText(3).root(), to.root());
        assertThat(good.proof()).hasSize(4).doesNotContain(NodeHash.ofBytes(new byte[32]));
    }

    @Test
    void timesOfMoreThan63BitsAreNone() {
        byte[] body = new byte[72];
        body[0] = 0x7f;
        assertThat(TimestampedSignature.parse(body))
                .hasValueSatisfying(read -> assertThat(read.format()).isEqualTo(body));
        body[0] = (byte) 0x80;
        assertThat(TimestampedSignature.parse(body)).isEmpty();
        assertThat(TimestampedSignature.parse(new byte[7])).isEmpty();
    }
}
