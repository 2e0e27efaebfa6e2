package dev.lair.registry.tree;

import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MapProof;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry's map says of one package at a published checkpoint: its newest record, or that there is none. JSON,
 * written and read by {@link dev.lair.registry.warg.WargJson}.
 *
 * <p>The map root is not in a C2SP checkpoint; an entry of the evidence log names it, and {@code evidence} proves that entry
 * against the evidence log's cosigned checkpoint. To check an answer: verify the note in the proof and that it is recent
 * (signing module), then {@link #verify}.
 *
 * @param logId the package's log
 * @param head its newest record; null when no such package exists
 * @param siblings of the map proof, from the leaf side to the root; null for an empty subtree
 * @param checkpoint the entry of the evidence log, in the text of {@link CheckpointEvidence}
 * @param evidence the {@code .tlog-proof} of that entry
 */
public record MapAnswer(
        LogId logId, @Nullable RecordId head, List<@Nullable NodeHash> siblings, String checkpoint, String evidence) {

    /** The answer of a map whose root {@code checkpoint} states. */
    public static MapAnswer of(
            LogId logId, Optional<RecordId> head, MapProof proof, CheckpointEvidence checkpoint, TlogProof evidence) {
        return new MapAnswer(logId, head.orElse(null), proof.siblings(), checkpoint.format(), evidence.format());
    }

    /** The proof of the evidence, nothing of which is verified. */
    public TlogProof evidenceProof() throws ProofRejected {
        return TlogProof.parse(evidence);
    }

    /**
     * Checks the answer against a checkpoint of the evidence log.
     *
     * @param evidenceSize number of leaves that the verified note in {@link #evidence} states
     * @param evidenceRoot root that it states
     * @return the checkpoint of the main log at which the answer holds
     * @throws ProofRejected when entry or map are not what the evidence log says
     * @throws IllegalArgumentException when the evidence log itself has a malformed entry, or there are too many siblings
     */
    public CheckpointEvidence verify(long evidenceSize, RootHash evidenceRoot) throws ProofRejected {
        // Step 1: the evidence log has this entry.
        evidenceProof()
                .inclusion(evidenceSize)
                .verify(MerkleHash.leaf(checkpoint.getBytes(StandardCharsets.UTF_8)), evidenceRoot);
        CheckpointEvidence stated = CheckpointEvidence.parse(checkpoint);
        // Step 2: the map with the root that the entry states has this head, or none.
        MapProof proof = new MapProof(siblings);
        if (head == null) {
            proof.verifyAbsence(logId, stated.mapRoot());
        } else {
            proof.verifyPresence(logId, head, stated.mapRoot());
        }
        return stated;
    }
}
