package dev.lair.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.CheckpointRefusedException;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.LedgerState;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.NewEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.StaleLedgerException;
import dev.lair.transparency.LogLeaf;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes with connections of their own upon one database. */
class PostgresNodesTest {

    private static final int ROUNDS = 20;
    private static final int BATCH = 3;

    @RegisterExtension
    private static final ServerSchemas SCHEMAS = new ServerSchemas();

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private PostgresSettings settings;
    private PostgresLedger one;
    private PostgresLedger two;

    @BeforeEach
    void openTwice() {
        settings = SCHEMAS.next();
        one = PostgresStorage.open(settings);
        two = PostgresStorage.open(settings);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        one.close();
        two.close();
    }

    /** Commits batches of its own, each upon what the ledger has by then, and answers how often it came too late. */
    private static Callable<Integer> sequencer(String name, LedgerStore ledger, CyclicBarrier first) {
        return () -> {
            int late = 0;
            for (int round = 0; round < ROUNDS; ) {
                LedgerScript script = retell(ledger);
                LedgerState before = script.state();
                List<NewEntry> entries = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    entries.add(LedgerScript.entry(i, name + " " + round + " " + i));
                }
                if (round == 0 && late == 0) {
                    first.await();
                }
                try {
                    ledger.commit(before, script.next(entries));
                    round++;
                } catch (StaleLedgerException e) {
                    assertThat(e.stored().treeSize()).isGreaterThan(before.treeSize());
                    late++;
                }
            }
            return late;
        };
    }

    /** Tells the story of a ledger, in the batches that its sequencers made. */
    private static LedgerScript retell(LedgerStore ledger) {
        LedgerScript script = new LedgerScript();
        List<LedgerEntry> entries = ledger.entries(0, Long.MAX_VALUE);
        for (int from = 0; from < entries.size(); from += BATCH) {
            script.next(entries.subList(from, from + BATCH).stream()
                    .map(entry -> new NewEntry(entry.logId(), entry.recordId(), entry.record(), null, List.of()))
                    .toList());
        }
        assertThat(entries).isEqualTo(script.told());
        return script;
    }

    @Test
    void twoSequencersLeaveNoGapAndNoDouble() throws Exception {
        CyclicBarrier first = new CyclicBarrier(2);
        Future<Integer> lateOne = threads.submit(sequencer("one", one.ledger(), first));
        Future<Integer> lateTwo = threads.submit(sequencer("two", two.ledger(), first));

        assertThat(lateOne.get() + lateTwo.get()).isPositive();
        LedgerScript all = retell(one.ledger());
        assertThat(one.ledger().state()).isEqualTo(all.state());
        assertThat(two.ledger().state()).isEqualTo(all.state());
        assertThat(all.told()).hasSize(2 * ROUNDS * BATCH);
        assertThat(two.ledger().leaves(0, Long.MAX_VALUE))
                .doesNotHaveDuplicates()
                .isEqualTo(all.told().stream().map(LedgerEntry::leaf).toList());
    }

    @Test
    void nodeThatIsKilledLosesNothingAndHoldsNobodyUp() throws Exception {
        long acknowledged = CommittingNode.run(settings).killAfter(30);
        // A commit that was sent is settled when its lock is free.
        SCHEMAS.database().execute("SELECT size FROM " + settings.schema() + ".log_state FOR SHARE");

        LedgerScript script = new LedgerScript();
        while (script.state().treeSize() < one.ledger().state().treeSize()) {
            script.next(CommittingNode.BATCH);
        }
        assertThat(script.state().treeSize()).isBetween(acknowledged, acknowledged + CommittingNode.BATCH);
        assertThat(one.ledger().leaves(0, Long.MAX_VALUE))
                .isEqualTo(script.told().stream().map(LedgerEntry::leaf).toList());
        script.commit(one.ledger(), CommittingNode.BATCH);
        assertThat(two.ledger().state()).isEqualTo(script.state());
    }

    @Test
    void publicationsOfTwoNodesNeverRunBackwards() throws Exception {
        LedgerScript script = new LedgerScript();
        for (int round = 0; round < ROUNDS; round++) {
            script.commit(one.ledger(), 1);
            Publication smaller = LedgerScript.publication(script.state(), 1_800_000_000, 0);
            script.commit(one.ledger(), 1);
            Publication larger = LedgerScript.publication(script.state(), 1_800_000_000, 0);
            CyclicBarrier together = new CyclicBarrier(2);
            Future<?> publishing = threads.submit(() -> {
                together.await();
                one.ledger().publish(larger);
                return null;
            });
            together.await();
            try {
                two.ledger().publish(smaller);
            } catch (CheckpointRefusedException late) {
                assertThat(late).hasMessageContaining("comes after one of");
            }
            publishing.get();
            assertThat(two.ledger().latestPublication()).contains(larger);
            assertThat(two.ledger().latestCheckpoint()).contains(larger.checkpoint());
        }
    }

    @Test
    void whatOneNodeWritesTheOtherReads() throws Exception {
        LedgerScript script = new LedgerScript();
        script.commit(one.ledger(), 2);
        assertThat(two.ledger().leaves(0, 9))
                .isEqualTo(script.told().stream().map(LedgerEntry::leaf).toList())
                .hasOnlyElementsOfType(LogLeaf.class);
        one.snapshots().save(2, out -> out.write("first".getBytes(UTF_8)));
        try (InputStream reading = two.snapshots().open(2)) {
            one.snapshots().save(2, out -> out.write("second".getBytes(UTF_8)));
            one.snapshots().delete(2);
            assertThat(reading.readAllBytes()).isEqualTo("first".getBytes(UTF_8));
        }
        assertThat(two.snapshots().sizes()).isEmpty();
    }

    @Test
    void ofTwoNewFilesOfOneNameOneWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "keys/" + round + ".key";
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<byte[]>> wins = new ArrayList<>();
            for (PostgresLedger node : List.of(one, two)) {
                byte[] mine = {(byte) wins.size()};
                wins.add(threads.submit(() -> {
                    together.await();
                    try {
                        node.sealedFiles().writeNew(name, mine);
                        return mine;
                    } catch (FileAlreadyExistsException e) {
                        return new byte[0];
                    }
                }));
            }
            byte[] first = wins.get(0).get();
            byte[] second = wins.get(1).get();
            assertThat(first.length + second.length).isEqualTo(1);
            assertThat(one.sealedFiles().read(name))
                    .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(first.length == 1 ? first : second));
        }
    }

    @Test
    void sealedFilesAreListedByFolderAndReplacedAndDeleted() throws Exception {
        for (String name : List.of("keys/b.key", "key-store", "keys/a.key", "keysx", "notes/a.key")) {
            one.sealedFiles().writeNew(name, name.getBytes(UTF_8));
        }
        assertThat(two.sealedFiles().list("keys")).containsExactly("keys/a.key", "keys/b.key");
        assertThat(two.sealedFiles().list("none")).isEmpty();
        two.sealedFiles().replace("keys/a.key", new byte[0]);
        two.sealedFiles().replace("keys/c.key", new byte[] {7});
        assertThat(one.sealedFiles().read("keys/a.key"))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
        assertThat(one.sealedFiles().replaceIf("keys/c.key", new byte[] {6}, new byte[] {8}))
                .isFalse();
        assertThat(one.sealedFiles().replaceIf("keys/c.key", new byte[] {7}, new byte[] {8}))
                .isTrue();
        assertThat(two.sealedFiles().read("keys/c.key")).hasValue(new byte[] {8});
        assertThat(one.sealedFiles().replaceIf("keys/d.key", new byte[0], new byte[] {8}))
                .isFalse();
        assertThat(one.sealedFiles().delete("keys/c.key")).isTrue();
        assertThat(one.sealedFiles().delete("keys/c.key")).isFalse();
        assertThat(two.sealedFiles().read("keys/c.key")).isEmpty();
        assertThat(one.sealedFiles().describe("keys/a.key")).contains("sealed_file", "keys/a.key");
        for (String name : List.of("", "/", "../x", "a/b/c", "A", ".a", "a//b")) {
            assertThatThrownBy(() -> one.sealedFiles().read(name)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> one.sealedFiles().replace("large", new byte[4097]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
