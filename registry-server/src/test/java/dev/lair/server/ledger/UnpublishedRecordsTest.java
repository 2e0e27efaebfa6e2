package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerException.Busy;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that are durable and that no checkpoint covers yet are kept in memory, so there must not be ever more. */
class UnpublishedRecordsTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private volatile boolean canSign;

    private OpenLedger open(String... settings) {
        return OpenLedger.open(
                TestSettings.of(settings),
                memory,
                () -> canSign ? Optional.of(OperatorKeyFile.KEY) : Optional.empty(),
                clock);
    }

    @AfterEach
    void checkWhatIsLeft() {
        SoundStorage.require(memory);
    }

    @Test
    void packagesAreBusyWhileTooManyRecordsWaitForACheckpointAndTheOperatorIsNot() {
        try (OpenLedger ledger = open("ledger.queue-records", "2")) {
            Chains chains = new Chains(12, 3);
            List<Appended> promises = new ArrayList<>();
            for (NewRecord record : chains.next(16 * 2 + 1)) {
                Appended promise = ledger.ledger().append(record);
                await(promise.leafIndex());
                promises.add(promise);
            }
            NewRecord refused = chains.next();
            assertThatThrownBy(() -> ledger.ledger().append(refused)).isInstanceOf(Busy.class);
            assertThat(ledger.ledger().entry(refused.recordId())).isEmpty();

            NewRecord any = Chains.record("operator", null, "names the key that signs");
            NewRecord operator = new NewRecord(any.logId(), any.recordId(), null, any.record(), null, List.of());
            promises.add(ledger.ledger().append(operator));
            assertThat(await(promises.getLast().leafIndex())).isEqualTo(33);

            canSign = true;
            ledger.ledger().checkpointSoon();
            promises.forEach(promise -> await(promise.covered()));
            assertThat(ledger.append(refused).contents().checkpoint().logLength())
                    .isEqualTo(35);
        }
    }

    @Test
    void manyRecordsDoNotWaitForTheEndOfALongInterval() {
        canSign = true;
        try (OpenLedger ledger = open("ledger.queue-records", "2", "ledger.checkpoint-interval", "1h")) {
            Chains chains = new Chains(13, 3);
            ledger.append(chains.next());
            List<Appended> promises = new ArrayList<>();
            for (NewRecord record : chains.next(8 * 2 + 1)) {
                Appended promise = ledger.ledger().append(record);
                await(promise.leafIndex());
                promises.add(promise);
            }
            promises.forEach(promise -> await(promise.covered()));
        }
    }
}
