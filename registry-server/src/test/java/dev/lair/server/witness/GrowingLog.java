package dev.lair.server.witness;

import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.RootHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A small log that asks to be witnessed; two with different leaves are two futures of one name. */
final class GrowingLog {

    private final String origin;
    private final NotePrivateKey key;
    private final List<LeafHash> leaves = new ArrayList<>();

    GrowingLog(NotePrivateKey key) {
        this.origin = key.key().name();
        this.key = key;
    }

    /** Leaves are appended until there are so many; {@code kind} tells one future from another. */
    GrowingLog to(int size, String kind) {
        while (leaves.size() < size) {
            leaves.add(MerkleHash.leaf((kind + leaves.size()).getBytes(StandardCharsets.UTF_8)));
        }
        return this;
    }

    private NodeReader nodes() {
        return new NodeReader() {
            @Override
            public NodeHash node(int level, long index) {
                return level == 0
                        ? NodeHash.ofBytes(leaves.get((int) index).bytes())
                        : MerkleHash.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
            }
        };
    }

    RootHash root() {
        return Frontier.read(nodes(), leaves.size()).root();
    }

    SignedNote note() {
        return SignedNote.sign(new CheckpointText(origin, leaves.size(), root()).format(), 1, List.of(key.signer()));
    }

    /** A request as an honest log makes it, from {@code old} leaves to all. */
    AddCheckpointRequest request(long old) {
        List<NodeHash> proof = old == 0 || old == leaves.size()
                ? List.of()
                : ConsistencyProof.build(nodes(), old, leaves.size()).hashes();
        return new AddCheckpointRequest(old, proof, note());
    }
}
