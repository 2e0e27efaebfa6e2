package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.settings.LairSettings.LedgerSettings;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.SparseMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class MapHistoryTest {

    private static final int ADDERS = 4;
    private static final int ROUNDS = 20_000;

    @Test
    void whoAddAtOnceNeverDropTheNewestMap() {
        Storage memory = MemoryStorage.open(new TestClock());
        LedgerSettings settings =
                TestSettings.of("ledger.retained-checkpoints", "1").ledger();
        try (MapHistory history =
                new MapHistory(memory.ledger(), new MapSnapshots(memory.snapshots(), memory.ledger()), settings)) {
            CyclicBarrier start = new CyclicBarrier(ADDERS);
            List<CompletableFuture<Void>> adders = new ArrayList<>();
            for (int adder = 0; adder < ADDERS; adder++) {
                int first = adder;
                adders.add(CompletableFuture.runAsync(
                        () -> {
                            awaitAll(start);
                            for (long i = 0; i < ROUNDS; i++) {
                                history.add(i * ADDERS + first, SparseMap.empty());
                            }
                        },
                        task -> Thread.ofPlatform().start(task)));
            }
            assertThatCode(() -> adders.forEach(OpenLedger::await)).doesNotThrowAnyException();
        }
    }

    private static void awaitAll(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
