package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.storage.ContentStore;
import dev.lair.storage.LedgerStore;
import dev.lair.storage.Storage;
import dev.lair.storage.Storage.Sharing;
import dev.lair.storage.SubmissionStore;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How often a publish asks the stores: each question is a round trip where they are a database. The calls of this thread
 * only are counted; what the ledger's own threads do is shared by many publishes.
 */
class StoreReadsTest {

    private final TestClock clock = new TestClock();
    private final Author author = Author.of("test:one", clock);
    private final byte[] content = Wasm.component("one");
    private final byte[] second = Wasm.component("two");
    private final Storage memory = MemoryStorage.open(clock);
    private final Thread thread = Thread.currentThread();
    private final List<String> asked = new ArrayList<>();

    private BareRegistry registry(Sharing sharing) {
        return BareRegistry.over(
                new Storage(
                        counted(LedgerStore.class, memory.ledger()),
                        memory.evidence(),
                        counted(SubmissionStore.class, memory.submissions()),
                        memory.snapshots(),
                        counted(ContentStore.class, memory.contents()),
                        memory.archive(),
                        sharing,
                        () -> {}),
                clock);
    }

    /** A proxy of the port itself: no behaviour is put in its place. */
    private <T> T counted(Class<T> port, T store) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (Thread.currentThread() == thread) {
                        asked.add(method.getName());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private List<String> askedSinceThen() {
        List<String> calls = List.copyOf(asked);
        asked.clear();
        return calls;
    }

    @Test
    void publishWhereNoOtherNodeWritesTakesThreeReadsAndItsUploadNone() throws Exception {
        try (BareRegistry registry = registry(Sharing.EXCLUSIVE)) {
            registry.publish(author, author.release("1.0.0", content));
            askedSinceThen();
            Author other = Author.of("test:other", clock);
            SignedPackageRecord record = other.release("1.0.0", second);

            assertThat(registry.publish(other, record)).isInstanceOf(Sourcing.class);
            assertThat(askedSinceThen()).containsExactly("logEntries", "find", "entry", "releasedAt", "save");
            assertThat(registry.upload(other, record, second)).isInstanceOf(Published.class);
            // The bytes are read by a thread of the gate.
            assertThat(askedSinceThen()).containsExactly("put");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsOfAPublishDoNotGrowWithThePackage(Sharing sharing) throws Exception {
        try (BareRegistry registry = registry(sharing)) {
            List<List<String>> rounds = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                byte[] bytes = Wasm.component("round " + round);
                SignedPackageRecord record = author.release("1.0." + round, bytes);
                askedSinceThen();
                registry.publish(author, record);
                registry.upload(author, record, bytes);
                rounds.add(askedSinceThen());
            }
            // The submissions of the rounds before are still stored: nothing has swept.
            assertThat(memory.submissions().open(0, 100).submissions()).hasSize(4);
            assertThat(rounds.get(3)).isEqualTo(rounds.get(1));
            assertThat(rounds.get(1)).hasSizeLessThanOrEqualTo(sharing == Sharing.SHARED ? 15 : 6);
        }
    }

    @Test
    void contentIsNotTouchedRightAfterItsPut() throws Exception {
        try (BareRegistry registry = registry(Sharing.EXCLUSIVE)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            assertThat(askedSinceThen()).contains("put").doesNotContain("touch");
        }
    }

    @Test
    void contentThatIsPublicAlreadyIsNotTouched() throws Exception {
        try (BareRegistry registry = registry(Sharing.EXCLUSIVE)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            registry.upload(author, record, content);
            askedSinceThen();
            assertThat(registry.publish(author, author.release("1.0.1", content)))
                    .isInstanceOf(Published.class);
            assertThat(askedSinceThen()).contains("releasedAt").doesNotContain("touch");
        }
    }

    /** As on two nodes at once: both looked before the first record was stored. */
    @ParameterizedTest
    @EnumSource
    void ofTwoLogsThatTakeOneRecordAtOnceTheFirstKeepsIt(Sharing sharing) throws Exception {
        try (BareRegistry registry = registry(sharing)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            Author stranger = Author.of("test:stranger", clock);
            registry.publish(author, record);

            PublishRequest copy = new PublishRequest(stranger.name(), record);
            for (Set<Digest> missing : List.of(Set.of(Digest.of(content)), Set.<Digest>of())) {
                assertThatThrownBy(() -> registry.intake()
                                .take(copy, missing, registry.intake().stateBefore(stranger.log(), record), true))
                        .isInstanceOf(LedgerException.RecordInOtherLog.class);
            }
            assertThat(registry.status(stranger, record)).isEmpty();
            assertThat(registry.upload(author, record, content)).isInstanceOf(Published.class);
        }
    }
}
