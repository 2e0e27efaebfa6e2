package dev.lair.cli.monitor;

import dev.lair.cli.client.RegistryTree;
import dev.lair.cli.monitor.Contradiction.Kind;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.registry.tree.TreePaths;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MapSnapshot;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.Tile;
import java.util.List;
import java.util.Optional;

/**
 * Brings back the map of a cursor: the newest snapshot, and the leaves behind it out of the registry's entry bundles. They
 * are the ones that were checked when they make the cursor's right edge; no record and no signature is looked at again.
 */
final class Restart {

    private final RegistryTree tree;
    private final MonitorFolder folder;
    private final Reporter reporter;

    Restart(RegistryTree tree, MonitorFolder folder, Reporter reporter) {
        this.tree = tree;
        this.folder = folder;
        this.reporter = reporter;
    }

    /** The map after the records that the cursor covers. */
    SparseMap map(Cursor cursor) throws Fault, Contradiction {
        Optional<MapSnapshot> snapshot =
                cursor.snapshotSize() == 0 ? Optional.empty() : folder.snapshot(cursor.snapshotSize());
        if (cursor.snapshotSize() > 0 && snapshot.isEmpty()) {
            reporter.warn("the monitor's snapshot of the map is missing or damaged; all leaves are read again");
        }
        SparseMap map = snapshot.map(MapSnapshot::map).orElse(SparseMap.empty());
        Frontier frontier = snapshot.isEmpty()
                ? Frontier.empty()
                : Frontier.decode(cursor.snapshotSize(), cursor.snapshotFrontier());
        try (Ahead<List<byte[]>> bundles = new Ahead<>(
                        frontier.treeSize() / Tile.WIDTH,
                        Math.ceilDiv(cursor.size(), Tile.WIDTH),
                        n -> tree.entries(
                                TreePaths.LOG, n, (int) Math.min(Tile.WIDTH, cursor.size() - n * Tile.WIDTH)));
                Reporter.Progress progress =
                        reporter.start("read leaves", cursor.size() - frontier.treeSize(), Reporter.Unit.RECORDS)) {
            while (frontier.treeSize() < cursor.size()) {
                List<byte[]> bundle = bundles.next();
                for (byte[] entry : bundle.subList((int) (frontier.treeSize() % Tile.WIDTH), bundle.size())) {
                    LogLeaf leaf = leaf(frontier.treeSize(), entry);
                    frontier = frontier.append(MerkleHash.leaf(entry));
                    map = map.with(leaf.logId(), leaf.recordId());
                }
                progress.advance(bundle.size());
            }
        }
        if (!frontier.equals(Frontier.decode(cursor.size(), cursor.frontier()))) {
            throw Contradiction.of(
                    Kind.FORK,
                    "the registry now gives other leaves below " + cursor.size() + " than when they were checked");
        }
        if (!map.root().equals(cursor.mapRoot())) {
            throw ExitCode.LOCAL.fault(
                    "the monitor's snapshot and cursor do not belong together; check the registry from"
                            + " its first record with: lair monitor --restart");
        }
        return map;
    }

    /** The leaf of an entry of the main log. */
    static LogLeaf leaf(long index, byte[] entry) throws Contradiction {
        try {
            return RegistryTree.leaf(entry);
        } catch (IllegalArgumentException e) {
            throw Contradiction.at(
                            index, Kind.WRONG_RECORD, "entry " + index + " of the log is no leaf: " + e.getMessage())
                    .with(new Contradiction.Exhibit("log-" + index + ".entry", entry));
        }
    }
}
