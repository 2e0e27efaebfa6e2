package dev.lair.cli.trust;

import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.report.Fault;
import dev.lair.transparency.NodeReader;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileNodes;
import dev.lair.transparency.TileSource;

/** The tiles of one of a registry's logs, to make proofs of. */
public final class LogTiles {

    private final RegistryTree tree;
    private final String prefix;

    /** @param prefix of its paths: log or evidence */
    public LogTiles(RegistryTree tree, String prefix) {
        this.tree = tree;
        this.prefix = prefix;
    }

    /**
     * Makes something of a tree's nodes.
     *
     * @param <T> what is made
     */
    public interface Maker<T> {
        T make(NodeReader nodes);
    }

    /** What {@code maker} makes of the tree of this size, whose tiles are fetched as they are asked for. */
    public <T> T built(long size, Maker<T> maker) throws Fault {
        try {
            return maker.make(new TileNodes(new Tiles(size), size));
        } catch (Unfetched e) {
            throw e.fault;
        }
    }

    /** Carries a fault through the interface of tiles, which knows no checked exceptions. */
    private static final class Unfetched extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Fault fault;

        Unfetched(Fault fault) {
            super(fault);
            this.fault = fault;
        }
    }

    private final class Tiles implements TileSource {

        private final long treeSize;

        Tiles(long treeSize) {
            this.treeSize = treeSize;
        }

        @Override
        public byte[] fullTile(int level, long n) {
            return fetch(new TileId(level, n));
        }

        @Override
        public byte[] partialTile(int level, long n, int width) {
            return fetch(new TileId(level, n));
        }

        @Override
        public byte[] leafHashes(long first, int count) {
            return fetch(new TileId(0, first / 256));
        }

        private byte[] fetch(TileId tile) {
            try {
                return tree.tile(prefix, tile, tile.widthAt(treeSize));
            } catch (RegistryRefused e) {
                throw new Unfetched(Unproven.refusedProof("its tree by tiles", e));
            } catch (Fault e) {
                throw new Unfetched(e);
            }
        }
    }
}
