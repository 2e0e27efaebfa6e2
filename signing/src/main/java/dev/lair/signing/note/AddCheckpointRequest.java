package dev.lair.signing.note;

import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.DecimalText;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.NodeHash;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a log posts to a witness's {@code add-checkpoint} (c2sp.org/tlog-witness; transparency log, section 1):
 *
 * <pre>
 * old SIZE LF                the size that the witness cosigned last, as the log believes; 0 for none
 * (BASE64(hash) LF)*         consistency proof from SIZE to the checkpoint, at most 63 hashes
 * LF
 * NOTE                       the signed checkpoint
 * </pre>
 *
 * {@link #parse} and {@link #format} are inverses. What the numbers and hashes mean is the witness's to judge: old size
 * above the checkpoint's, a proof from size 0 and a wrong proof are well formed here.
 *
 * @param oldSize not negative
 * @param proof nodes of RFC 9162's PROOF, in its order
 * @param checkpoint a signed note; its text is not looked at
 */
public record AddCheckpointRequest(long oldSize, List<NodeHash> proof, SignedNote checkpoint) {

    /** Most hashes of a request. */
    public static final int MAX_PROOF_HASHES = dev.lair.transparency.Limits.MAX_PROOF_HASHES;

    private static final String OLD = "old ";

    /** Checks what the components may be; {@link MalformedNoteException} otherwise. */
    public AddCheckpointRequest {
        proof = List.copyOf(proof);
        if (oldSize < 0) {
            throw new MalformedNoteException("the old size of an add-checkpoint request must not be negative");
        }
        if (proof.size() > MAX_PROOF_HASHES) {
            throw new MalformedNoteException(
                    "an add-checkpoint request has at most " + MAX_PROOF_HASHES + " hashes, not " + proof.size());
        }
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws MalformedNoteException for any other bytes, naming the line and the rule: answer 400
     */
    public static AddCheckpointRequest parse(byte[] body) {
        if (body.length > Limits.ADD_CHECKPOINT_BYTES) {
            throw new MalformedNoteException(
                    "an add-checkpoint request has at most " + Limits.ADD_CHECKPOINT_BYTES + " bytes");
        }
        return parse(NoteText.decode(body)
                .orElseThrow(() -> new MalformedNoteException("an add-checkpoint request must be UTF-8")));
    }

    /** {@link #parse(byte[])} of a text. */
    public static AddCheckpointRequest parse(String body) {
        // The first empty line ends the proof; the note has another.
        int end = body.indexOf("\n\n");
        if (end < 0) {
            throw new MalformedNoteException("an add-checkpoint request must have an empty line before the checkpoint");
        }
        String[] lines = body.substring(0, end).split("\n", -1);
        OptionalLong oldSize =
                lines[0].startsWith(OLD) ? DecimalText.parse(lines[0].substring(OLD.length())) : OptionalLong.empty();
        if (oldSize.isEmpty()) {
            throw malformed(1, "must be `old ` and decimal digits without leading zeros, below 2^63");
        }
        List<NodeHash> proof = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            try {
                proof.add(NodeHash.parseBase64(lines[i]));
            } catch (MalformedDigestException e) {
                throw malformed(i + 1, "must be a hash: 32 bytes in canonical base64");
            }
        }
        return new AddCheckpointRequest(oldSize.getAsLong(), proof, SignedNote.parse(body.substring(end + 2)));
    }

    private static MalformedNoteException malformed(int line, String rule) {
        return new MalformedNoteException("line " + line + " of an add-checkpoint request " + rule);
    }

    /** The proof, for a checkpoint of this size. */
    public ConsistencyProof consistency(long newSize) {
        return new ConsistencyProof(oldSize, newSize, proof);
    }

    /** The body. */
    public String format() {
        StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint.format()).toString();
    }

    /** {@link #format} in UTF-8. */
    public byte[] bytes() {
        return NoteText.utf8(format());
    }
}
