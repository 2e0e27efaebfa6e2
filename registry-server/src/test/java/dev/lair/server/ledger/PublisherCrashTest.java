package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static dev.lair.server.ledger.OpenLedger.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.ledger.LedgerException.Stopped;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.EvidenceBatch;
import dev.lair.storage.EvidenceStore;
import dev.lair.storage.StaleEvidenceException;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageStoppedException;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.LogProofBundle;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The steps of a publication that lie outside the ledger's own tables (see {@link Publisher}), each stopped: the evidence
 * log, the copies outside the database, the witnesses. {@link LedgerCrashTest} stops at commit and publication.
 */
class PublisherCrashTest {

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final Archive archive = memory.archive().orElseThrow();
    private final AtomicReference<@Nullable String> file = new AtomicReference<>();
    private final Chains chains = new Chains(43, 4);
    private volatile @Nullable Stop stop;

    /** Where the process ends. */
    private enum Stop {
        BEFORE_THE_EVIDENCE,
        BEHIND_THE_EVIDENCE,
        BEFORE_THE_ARCHIVE,
        BEHIND_THE_ARCHIVE,
        BEFORE_THE_HIGH_WATER_FILE,
        BEHIND_THE_HIGH_WATER_FILE,
        BEFORE_THE_WITNESSES,
        BEHIND_THE_WITNESSES
    }

    private void at(Stop place) {
        if (stop == place) {
            throw new StorageStoppedException("the process ends " + place, new IOException("gone"));
        }
    }

    private final EvidenceStore evidence = new EvidenceStore() {
        @Override
        public Frontier state() {
            return memory.evidence().state();
        }

        @Override
        public void append(Frontier expected, EvidenceBatch batch) throws StaleEvidenceException {
            at(Stop.BEFORE_THE_EVIDENCE);
            memory.evidence().append(expected, batch);
            at(Stop.BEHIND_THE_EVIDENCE);
        }

        @Override
        public List<byte[]> entries(long fromIndex, long untilIndex) {
            return memory.evidence().entries(fromIndex, untilIndex);
        }

        @Override
        public Optional<byte[]> tile(int level, long index) {
            return memory.evidence().tile(level, index);
        }
    };

    private final Archive stoppingArchive = new Archive() {
        @Override
        public boolean putIfAbsent(String path, byte[] bytes) throws ArchiveConflictException {
            at(Stop.BEFORE_THE_ARCHIVE);
            boolean isNew = archive.putIfAbsent(path, bytes);
            at(Stop.BEHIND_THE_ARCHIVE);
            return isNew;
        }

        @Override
        public Optional<byte[]> get(String path) {
            return archive.get(path);
        }

        @Override
        public Optional<String> firstAfter(String prefix, String after) {
            return archive.firstAfter(prefix, after);
        }
    };

    private final HighWater.Mark mark = new HighWater.Mark() {
        @Override
        public Optional<String> read() {
            return Optional.ofNullable(file.get());
        }

        @Override
        public void replace(String note) {
            at(Stop.BEFORE_THE_HIGH_WATER_FILE);
            file.set(note);
            at(Stop.BEHIND_THE_HIGH_WATER_FILE);
        }
    };

    private final Witnesses witnesses = new Witnesses() {
        @Override
        public Round cosign(Head log, Head stated) throws InterruptedException {
            at(Stop.BEFORE_THE_WITNESSES);
            Round round = NONE.cosign(log, stated);
            at(Stop.BEHIND_THE_WITNESSES);
            return round;
        }

        @Override
        public void requireNotBehind(Head log, LongSupplier storedNow) {}
    };

    private OpenLedger open() {
        Storage storage = new Storage(
                memory.ledger(),
                evidence,
                memory.submissions(),
                memory.snapshots(),
                memory.contents(),
                Optional.of(stoppingArchive),
                Storage.Sharing.EXCLUSIVE,
                () -> {});
        HighWater highWater =
                new HighWater(Optional.of(mark), Optional.of(stoppingArchive), OpenLedger.IDENTITY.generation());
        return new OpenLedger(new Ledger(
                TestSettings.of(),
                storage,
                () -> Optional.of(OperatorKeyFile.KEY),
                OpenLedger.IDENTITY,
                highWater,
                witnesses,
                clock,
                OpenLedger.noMeters()));
    }

    @ParameterizedTest
    @EnumSource
    void crashLeavesRecordsThatTheNextStartCovers(Stop place) throws Exception {
        SignedCheckpoint seen;
        try (OpenLedger ledger = open()) {
            seen = ledger.append(chains.next());
            stop = place;
            Appended promise = ledger.ledger().append(chains.next());
            assertThat(await(promise.leafIndex())).isEqualTo(1);
            assertThat(awaitFailure(promise.covered())).isInstanceOf(Stopped.class);
            assertThat(ledger.ledger().checkpoint()).contains(seen);
        }
        SoundStorage.require(memory);

        stop = null;
        try (OpenLedger restarted = open()) {
            Checkpoint after = restarted.append(chains.next()).contents().checkpoint();
            assertThat(after.logLength()).isEqualTo(3);
            Checkpoint before = seen.contents().checkpoint();
            LogProofBundle.consistency(restarted.ledger().nodes(3), before.logLength(), 3)
                    .verifyConsistency(before.logLength(), before.logRoot(), 3, after.logRoot());
        }
        SoundStorage.require(memory);
    }
}
