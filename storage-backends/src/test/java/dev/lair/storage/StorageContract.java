package dev.lair.storage;

import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Opens an empty storage for each test of a contract and closes it. */
public abstract class StorageContract {

    protected final TestClock clock = new TestClock();
    protected Storage storage;

    /** Opens an empty storage. */
    protected abstract Storage open(Clock clock) throws Exception;

    @BeforeEach
    final void openStorage() throws Exception {
        storage = open(clock);
    }

    @AfterEach
    final void closeStorage() {
        storage.close();
    }
}
