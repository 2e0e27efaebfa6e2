package dev.lair.server.ledger;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileNodes;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a log's tiles in memory never changes what a tree of any size says. */
class LogTilesTest {

    private static final long[] SIZES = {1, 3, 255, 256, 257, 300, 511, 512, 599};

    private final TestClock clock = new TestClock();
    private final Storage storage = MemoryStorage.open(clock);
    private final Chains chains = new Chains(21, 5);

    private void grow(OpenLedger ledger, int records) {
        ledger.appendAtOnce(chains.next(records));
    }

    private OpenLedger open() {
        return OpenLedger.open(TestSettings.of(), storage, () -> Optional.of(OperatorKeyFile.KEY), clock);
    }

    private static RootHash oneByOne(List<LogLeaf> leaves, long size) {
        Frontier frontier = Frontier.empty();
        for (LogLeaf leaf : leaves.subList(0, Math.toIntExact(size))) {
            frontier = frontier.append(leaf.hash());
        }
        return frontier.root();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300, Long.MAX_VALUE})
    void treesOfAllSizesHaveTheirRootsWhileTheLogGrows(long settledSize) {
        LogTiles tiles = LogTiles.of(storage.ledger(), () -> settledSize);
        try (OpenLedger ledger = open()) {
            for (int step : new int[] {3, 252, 1, 1, 43, 211, 1, 88}) {
                grow(ledger, step);
                long now = storage.ledger().state().treeSize();
                for (long size : SIZES) {
                    if (size <= now) {
                        assertThat(Frontier.read(new TileNodes(tiles, size), size)
                                        .root())
                                .as("%d of %d leaves", size, now)
                                .isEqualTo(oneByOne(chains.leaves(), size));
                    }
                }
            }
        }
    }

    @Test
    void leavesThatNoCheckpointCoversAreReadAgainBecauseADatabaseThatFailedOverMayHaveOthers() {
        Storage other = MemoryStorage.open(clock);
        AtomicReference<Storage> primary = new AtomicReference<>(storage);
        AtomicLong settledSize = new AtomicLong(3);
        LogTiles tiles = LogTiles.of(switching(primary), settledSize::get);
        try (OpenLedger ledger = open();
                OpenLedger second =
                        OpenLedger.open(TestSettings.of(), other, () -> Optional.of(OperatorKeyFile.KEY), clock)) {
            grow(ledger, 10);
            second.appendAtOnce(new Chains(22, 5).next(10));
            byte[] ours = tiles.leafHashes(0, 10);

            primary.set(other);
            byte[] theirs = tiles.leafHashes(0, 10);
            assertThat(theirs).isNotEqualTo(ours);

            settledSize.set(10);
            assertThat(tiles.leafHashes(0, 10)).isEqualTo(theirs);
            primary.set(storage);
            assertThat(tiles.leafHashes(0, 10)).as("covered, so never replaced").isEqualTo(theirs);
        }
    }

    /** The store of the database that is the primary now. */
    private static LedgerStore switching(AtomicReference<Storage> primary) {
        return (LedgerStore) Proxy.newProxyInstance(
                LedgerStore.class.getClassLoader(),
                new Class<?>[] {LedgerStore.class},
                (proxy, method, arguments) ->
                        method.invoke(requireNonNull(primary.get()).ledger(), arguments));
    }

    @Test
    void leavesThatAreMissingAreNotMadeUp() {
        LogTiles tiles = LogTiles.of(storage.ledger(), () -> Long.MAX_VALUE);
        try (OpenLedger ledger = open()) {
            grow(ledger, 10);
            assertThat(tiles.leafHashes(0, 10)).hasSize(320);
            assertThat(tiles.leafHashes(0, 12)).hasSize(320);
            assertThat(tiles.leafHashes(8, 12)).hasSize(64);
            assertThat(tiles.leafHashes(256, 3)).isEmpty();
        }
    }

    @Test
    void servedPartialTileIsTheBeginningOfTheFullOne() {
        LogTiles tiles = LogTiles.of(storage.ledger(), () -> Long.MAX_VALUE);
        try (OpenLedger ledger = open()) {
            grow(ledger, 200);
            byte[] young = tiles.served(new TileId(0, 0), 200);
            grow(ledger, 100);
            assertThat(tiles.served(new TileId(0, 0), 200)).isEqualTo(young);
            assertThat(tiles.served(new TileId(0, 0), 256)).startsWith(young);
        }
    }
}
