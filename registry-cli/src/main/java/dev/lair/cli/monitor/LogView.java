package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.monitor.Contradiction.Exhibit;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.trust.LogTiles;
import dev.lair.cli.trust.NoteDemand;
import dev.lair.cli.trust.Unproven;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TlogProof;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of the registry's two logs from outside: its newest checkpoint, how that follows from what was seen before, and proofs
 * made of its tiles.
 */
final class LogView {

    private final String prefix;
    private final RegistryTree tree;

    /** @param prefix of its paths, which is also how reports name it */
    LogView(String prefix, RegistryTree tree) {
        this.prefix = prefix;
        this.tree = tree;
    }

    /** The newest checkpoint as the registry gives it, nothing checked. */
    SignedNote newest() throws Fault {
        try {
            return tree.checkpoint(prefix);
        } catch (RegistryRefused e) {
            throw e.fault();
        }
    }

    /** The same after the policy was checked. */
    Head accept(SignedNote note, NoteDemand demand, Instant now, Reporter reporter) throws Fault {
        return new Head(note, demand.require("checkpoint of /" + prefix, note, now, reporter));
    }

    /** A checkpoint must follow from the one before: the same log, not shorter, and at the same size the same. */
    void requireFollows(@Nullable Head before, Head now) throws Contradiction {
        if (before == null) {
            return;
        }
        if (!now.origin().equals(before.origin())) {
            throw contradiction(
                    Kind.FORK,
                    "/" + prefix + " was the log `" + before.origin() + "` and now is `" + now.origin() + "`",
                    before,
                    now);
        }
        if (now.size() < before.size()) {
            throw contradiction(
                    Kind.REWIND,
                    "/" + prefix + " had " + before.size() + " entries when it was last seen and now has " + now.size(),
                    before,
                    now);
        }
        if (now.size() == before.size() && !now.root().equals(before.root())) {
            throw contradiction(
                    Kind.SPLIT_VIEW,
                    "/" + prefix + " signed two trees of " + now.size() + " entries, with root " + before.root()
                            + " when it was last seen and " + now.root() + " now",
                    before,
                    now);
        }
    }

    /** A checkpoint that was seen must be of the beginning of a newer one's tree. */
    void requireBeginsWith(Head before, Head now) throws Fault, Contradiction {
        requireBeginsWith(before.size(), before.root(), before, now);
    }

    /** The same of a tree that nobody signed. */
    void requireBeginsWith(long size, RootHash root, Head now) throws Fault, Contradiction {
        requireBeginsWith(size, root, null, now);
    }

    /** By a proof made of the newer one's tiles, some six requests. */
    private void requireBeginsWith(long size, RootHash root, @Nullable Head seen, Head now)
            throws Fault, Contradiction {
        if (size == 0) {
            return;
        }
        ConsistencyProof proof = built(now.size(), nodes -> ConsistencyProof.build(nodes, size, now.size()));
        try {
            proof.verify(root, now.root());
        } catch (ProofRejected e) {
            throw contradiction(
                            Kind.FORK,
                            "/" + prefix + " of " + now.size() + " entries does not start with the " + size
                                    + " that were seen before: " + e.getMessage(),
                            seen,
                            now)
                    .with(Exhibit.text(prefix + "-consistency.txt", hashes(proof)));
        }
    }

    private static String hashes(ConsistencyProof proof) {
        StringBuilder text = new StringBuilder("old " + proof.oldSize() + "\nnew " + proof.newSize() + "\n");
        proof.hashes().forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.toString();
    }

    /**
     * That an entry stands at its place, as a file which anyone can check offline; empty when the tiles do not show it.
     *
     * @param extra what helps to rebuild the entry
     */
    Optional<TlogProof> proof(long index, byte[] entry, byte[] extra, Head head) {
        try {
            InclusionProof proof = built(head.size(), nodes -> InclusionProof.build(nodes, index, head.size()));
            LeafHash leaf = MerkleHash.leaf(entry);
            proof.verify(leaf, head.root());
            return Optional.of(TlogProof.of(proof, head.note().format()).withExtra(extra));
        } catch (Fault | ProofRejected | IndexOutOfBoundsException notShown) {
            // Evidence is gathered as far as the registry gives it; the finding stands without.
            return Optional.empty();
        }
    }

    /** The leaf hashes {@code [256n, 256n + width)} as the tree has them, 32 bytes each. */
    byte[] leafHashes(long n, int width) throws Fault {
        try {
            return tree.tile(prefix, new TileId(0, n), width);
        } catch (RegistryRefused e) {
            throw Unproven.refusedProof("its tree by tiles", e);
        }
    }

    /** The finding with both checkpoints as its proof. */
    Contradiction contradiction(Kind kind, String what, @Nullable Head before, Head now) {
        Contradiction found = Contradiction.of(kind, what);
        if (before != null) {
            found.with(Exhibit.text(prefix + "-checkpoint-before", before.note().format()));
        }
        return found.with(Exhibit.text(prefix + "-checkpoint", now.note().format()));
    }

    private <T> T built(long size, LogTiles.Maker<T> maker) throws Fault {
        return new LogTiles(tree, prefix).built(size, maker);
    }

    /** The exhibits of an entry, as far as they can be had. */
    List<Exhibit> exhibits(long index, byte[] entry, byte[] extra, Head head) {
        return proof(index, entry, extra, head)
                .map(proof -> List.of(Exhibit.text(prefix + "-" + index + ".tlog-proof", proof.format())))
                .orElse(List.of(new Exhibit(prefix + "-" + index + ".entry", entry)));
    }
}
