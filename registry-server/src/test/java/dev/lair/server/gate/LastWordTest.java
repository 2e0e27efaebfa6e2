package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wits;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.Publication.Processing;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A record reaches the ledger only as it was judged there: beside all that stands before it, whoever was faster. */
class LastWordTest {

    private static final byte[] FIRST = Wits.importing("a:b/c@1.0.0");

    /** Breaks a track that began with the first. */
    private static final byte[] BREAKING = Wits.importing("a:b/c@1.0.0", "a:b/d@1.0.0");

    private final TestClock clock = new TestClock();
    private final Author author = Author.of("test:one", clock);
    private final Storage memory = MemoryStorage.open(clock);

    /** What happens, once, when the store has answered whether it has a content, and before anybody knows the answer. */
    private final Map<Digest, Callable<?>> behindTheAnswer = new ConcurrentHashMap<>();

    private final AtomicInteger asked = new AtomicInteger();
    private final Storage storage = new Storage(
            memory.ledger(),
            memory.evidence(),
            memory.submissions(),
            memory.snapshots(),
            watched(memory.contents()),
            memory.facts(),
            memory.registry(),
            memory.archive(),
            memory.sharing(),
            () -> {});

    private ContentStore watched(ContentStore contents) {
        return (ContentStore) Proxy.newProxyInstance(
                ContentStore.class.getClassLoader(),
                new Class<?>[] {ContentStore.class},
                (proxy, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(contents, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("find")) {
                        asked.incrementAndGet();
                        Callable<?> meanwhile = behindTheAnswer.remove((Digest) arguments[0]);
                        if (meanwhile != null) {
                            meanwhile.call();
                        }
                    }
                    return answer;
                });
    }

    private BareRegistry registry(String... settings) {
        return BareRegistry.over(storage, clock, settings);
    }

    private void publicSince(BareRegistry registry, byte[] content) throws Exception {
        Author other = Author.of("test:other", clock);
        SignedPackageRecord record = other.release("1.0.0", content);
        registry.publish(other, record);
        assertThat(registry.upload(other, record, content)).isInstanceOf(Published.class);
    }

    private static void assertBreaks(Publication publication) {
        assertThat(publication)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("breaks its version track `0.2`"));
    }

    @Test
    void recordIsJudgedAgainWhenItsNeighboursContentComesBetweenVerdictAndLedger() throws Exception {
        try (BareRegistry registry = registry()) {
            publicSince(registry, BREAKING);
            SignedPackageRecord one = author.release("0.2.0", FIRST);
            SignedPackageRecord behind = author.release("0.2.1", BREAKING);
            registry.publish(author, one);
            behindTheAnswer.put(Digest.of(FIRST), () -> registry.upload(author, one, FIRST));

            assertBreaks(registry.publish(author, behind));

            assertThat(behindTheAnswer).isEmpty();
            assertThat(registry.status(author, one)).get().isInstanceOf(Published.class);
            assertThat(registry.ledger().entry(behind.id())).isEmpty();
        }
    }

    @Test
    void recordIsJudgedAgainWhenTheRecordBeforeItComesBetweenVerdictAndLedger() throws Exception {
        try (BareRegistry registry = registry()) {
            publicSince(registry, BREAKING);
            SignedPackageRecord begin = author.release("0.1.0", FIRST);
            registry.publish(author, begin);
            registry.upload(author, begin, FIRST);
            SignedPackageRecord one = author.release("0.2.0", FIRST);
            SignedPackageRecord behind = author.release("0.2.1", BREAKING);
            behindTheAnswer.put(Digest.of(BREAKING), () -> registry.publish(author, one));

            assertBreaks(registry.publish(author, behind));

            assertThat(registry.status(author, one)).get().isInstanceOf(Published.class);
            assertThat(registry.ledger().entry(behind.id())).isEmpty();
        }
    }

    @Test
    void recordThatAStartLeftOutIsJudgedBeforeItIsLogged() throws Exception {
        SignedPackageRecord one = author.release("0.2.0", FIRST);
        SignedPackageRecord behind = author.release("0.2.1", BREAKING);
        try (BareRegistry registry = registry()) {
            registry.publish(author, one);
            registry.publish(author, behind);
            assertThat(registry.upload(author, behind, BREAKING)).isInstanceOf(Processing.class);
        }
        try (BareRegistry smaller = registry("publish.waiting-records", "1")) {
            assertThat(smaller.upload(author, one, FIRST)).isInstanceOf(Published.class);
            smaller.sweep();
            assertBreaks(smaller.status(author, behind).orElseThrow());
        }
    }

    @Test
    void completeRecordGoesOnAfterAStart() throws Exception {
        SignedPackageRecord one = author.release("0.2.0", FIRST);
        SignedPackageRecord behind = author.release("0.2.1", Wits.importing("a:b/c@1.3.0"));
        try (BareRegistry registry = registry()) {
            registry.publish(author, one);
            registry.publish(author, behind);
            registry.upload(author, behind, Wits.importing("a:b/c@1.3.0"));
        }
        try (BareRegistry again = registry()) {
            assertThat(again.upload(author, one, FIRST)).isInstanceOf(Published.class);
            again.awaitCovered(author, behind);
            assertThat(again.status(author, behind)).get().isInstanceOf(Published.class);
        }
    }

    @Test
    void verdictIsKeptWhenItsRecordIsInTheLedgerAndNotBefore() throws Exception {
        try (BareRegistry registry = registry()) {
            SignedPackageRecord one = author.release("0.2.0", FIRST);
            // Alone on its track: judged for good before its turn.
            SignedPackageRecord behind = author.release("5.0.0", BREAKING);
            registry.publish(author, one);
            registry.publish(author, behind);
            assertThat(registry.upload(author, behind, BREAKING)).isInstanceOf(Processing.class);

            // One thread keeps verdicts in turn: that of a later record is behind all that was to be kept before.
            Author other = Author.of("test:other", clock);
            SignedPackageRecord later = other.release("1.0.0", FIRST);
            registry.publish(other, later);
            registry.upload(other, later, FIRST);
            await().until(() -> memory.facts().ofRelease(later.id(), "1.0.0").isPresent());
            assertThat(memory.facts().ofRelease(behind.id(), "5.0.0")).isEmpty();

            registry.upload(author, one, FIRST);
            await().until(() -> memory.facts().ofRelease(behind.id(), "5.0.0").isPresent());
        }
    }

    /** A hundred releases in each of a hundred records that wait are allowed: no upload may ask for all the others. */
    @Test
    void recordOfManyReleasesIsJudgedInStepsLikeItsReleases() throws Exception {
        int releases = 60;
        List<PackageEntry> entries = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        entries.add(new PackageEntry.Init(author.key().publicKey()));
        for (int i = 0; i < releases; i++) {
            byte[] content = Wits.importing("a:b/c@1.0." + i);
            contents.add(content);
            entries.add(new PackageEntry.Release(SemVer.parse("0.2." + i), Digest.of(content)));
        }
        SignedPackageRecord record = author.write(entries.toArray(PackageEntry[]::new));
        try (BareRegistry registry = registry()) {
            assertThat(registry.publish(author, record)).isInstanceOf(Sourcing.class);
            asked.set(0);
            for (byte[] content : contents.reversed()) {
                registry.upload(author, record, content);
            }
            assertThat(registry.status(author, record)).get().isInstanceOf(Published.class);
            assertThat(asked).hasValueLessThan(8 * releases);
        }
    }
}
