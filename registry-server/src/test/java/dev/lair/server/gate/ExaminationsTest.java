package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.api.WitModel;
import dev.lair.registry.facts.FactsOf;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often contents are looked at, how many bytes together, and for how long somebody waits. */
class ExaminationsTest {

    private static final Asker ASKER = new Asker("key of somebody");
    private static final Asker OTHER = new Asker("key of another");
    private static final Asker THIRD = new Asker("key of a third");

    /** A deadline that is over when somebody begins to wait: what is not there at once is not waited for, and no time passes. */
    private static final String[] OVER = {"publish.validation-deadline", "1ns"};

    private final Storage memory = MemoryStorage.open(new TestClock());
    private final Queue<Digest> looked = new ConcurrentLinkedQueue<>();

    /** Looks that stand until they are let go. */
    private final Map<Digest, CountDownLatch> standing = new ConcurrentHashMap<>();

    private final ExecutorService askers = Executors.newCachedThreadPool();
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

    @AfterEach
    void stop() {
        standing.values().forEach(CountDownLatch::countDown);
        askers.shutdownNow();
    }

    /** A proxy of the port itself: no behaviour is put in its place. */
    private ContentStore watched(ContentStore contents) {
        return (ContentStore) Proxy.newProxyInstance(
                ContentStore.class.getClassLoader(),
                new Class<?>[] {ContentStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        Digest digest = (Digest) arguments[0];
                        looked.add(digest);
                        CountDownLatch stands = standing.get(digest);
                        if (stands != null) {
                            stands.await();
                        }
                    }
                    try {
                        return method.invoke(contents, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Digest put(byte[] content) {
        try {
            return memory.contents()
                    .put(Digest.of(content), new ByteArrayInputStream(content), content.length)
                    .digest();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private CountDownLatch stand(Digest content) {
        CountDownLatch latch = new CountDownLatch(1);
        standing.put(content, latch);
        return latch;
    }

    private CompletableFuture<Validity> ask(Examinations examinations, Digest content, Asker asker) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return examinations.examined(content, asker).validity();
                    } catch (ContentNotFoundException e) {
                        throw new CompletionException(e);
                    }
                },
                askers);
    }

    private Examinations open(String... settings) {
        return new Examinations(storage, TestSettings.of(settings));
    }

    @Test
    void contentIsLookedAtOnceWhoeverAsks() throws Exception {
        try (Examinations examinations = open(OVER)) {
            Digest content = put(Wasm.component("one"));
            CountDownLatch stands = stand(content);
            for (Asker asker : List.of(ASKER, OTHER, THIRD)) {
                // Each has begun a look, or joined the one that stands, when it is told to come again.
                assertThatThrownBy(() -> examinations.examined(content, asker)).isInstanceOf(GateBusyException.class);
            }
            stands.countDown();
            await().until(() -> examinations.bytesInWork() == 0);
            for (Asker asker : List.of(ASKER, OTHER, THIRD)) {
                assertThat(examinations.examined(content, asker).validity()).isEqualTo(Validity.VALID);
            }
            assertThat(looked).containsExactly(content);
        }
    }

    @Test
    void oneAuthorsContentsAreLookedAtOneAtATimeAndLeaveAThreadToOthers() throws Exception {
        try (Examinations examinations = open("publish.validation-threads", "2")) {
            Digest first = put(Wasm.component("first"));
            Digest second = put(Wasm.component("second"));
            CountDownLatch stands = stand(first);
            CompletableFuture<Validity> one = ask(examinations, first, ASKER);
            await().until(() -> looked.size() == 1);
            CompletableFuture<Validity> two = ask(examinations, second, ASKER);
            await().until(() -> examinations.waiting() == 1);

            Digest others = put(Wasm.component("others"));
            assertThat(ask(examinations, others, OTHER).get()).isEqualTo(Validity.VALID);
            assertThat(looked).containsExactly(first, others);

            stands.countDown();
            assertThat(one.get()).isEqualTo(Validity.VALID);
            assertThat(two.get()).isEqualTo(Validity.VALID);
            assertThat(looked).containsExactly(first, others, second);
        }
    }

    @Test
    void authorWhoseOtherContentIsStillLookedAtIsToldToComeAgain() throws Exception {
        try (Examinations examinations = open(OVER)) {
            Digest first = put(Wasm.component("first"));
            Digest second = put(Wasm.component("second"));
            CountDownLatch stands = stand(first);
            assertThatThrownBy(() -> examinations.examined(first, ASKER)).isInstanceOf(GateBusyException.class);
            assertThatThrownBy(() -> examinations.examined(second, ASKER))
                    .isInstanceOf(GateBusyException.class)
                    .hasMessageContaining("another content of key of somebody is validated now", "try again later");
            stands.countDown();
            await().until(() -> examinations.bytesInWork() == 0);
            assertThat(looked).containsExactly(first);
        }
    }

    @Test
    void whoeverWaitedForItsTurnFindsWhatAnotherFoundMeanwhile() throws Exception {
        try (Examinations examinations = open("publish.validation-threads", "2")) {
            Digest first = put(Wasm.component("first"));
            Digest second = put(Wasm.component("second"));
            CountDownLatch stands = stand(first);
            CompletableFuture<Validity> one = ask(examinations, first, ASKER);
            await().until(() -> looked.size() == 1);
            CompletableFuture<Validity> two = ask(examinations, second, ASKER);
            await().until(() -> examinations.waiting() == 1);
            assertThat(ask(examinations, second, OTHER).get()).isEqualTo(Validity.VALID);
            // Nothing of the other's look is left to join: what is in work is the first.
            await().until(() -> examinations.bytesInWork() == 1024);
            stands.countDown();
            assertThat(one.get()).isEqualTo(Validity.VALID);
            assertThat(two.get()).isEqualTo(Validity.VALID);
            assertThat(looked).containsExactly(first, second);
        }
    }

    @Test
    void contentThatDoesNotFitTheBudgetWaitsForItsTurn() throws Exception {
        try (Examinations examinations = open("publish.validation-bytes", "2KB", "publish.validation-threads", "4")) {
            Digest first = put(Wasm.component("first"));
            Digest second = put(Wasm.component("second"));
            Digest third = put(Wasm.component("third"));
            CountDownLatch stands = stand(first);
            CountDownLatch standsToo = stand(second);
            CompletableFuture<Validity> one = ask(examinations, first, ASKER);
            CompletableFuture<Validity> two = ask(examinations, second, OTHER);
            await().until(() -> looked.size() == 2);
            CompletableFuture<Validity> three = ask(examinations, third, THIRD);
            await().until(() -> examinations.waiting() == 1);
            assertThat(looked).doesNotContain(third);
            assertThat(examinations.bytesInWork()).isEqualTo(2048);

            stands.countDown();
            assertThat(three.get()).isEqualTo(Validity.VALID);
            assertThat(one.get()).isEqualTo(Validity.VALID);
            standsToo.countDown();
            assertThat(two.get()).isEqualTo(Validity.VALID);
            await().until(() -> examinations.bytesInWork() == 0);
        }
    }

    @Test
    void contentLargerThanTheBudgetIsLookedAtAlone() throws Exception {
        try (Examinations examinations = open("publish.validation-bytes", "1KB")) {
            byte[] large = new byte[5000];
            byte[] module = Wasm.coreModule("large");
            System.arraycopy(module, 0, large, 0, module.length);
            // Sections of no size behind it: custom ones without a name, which is invalid, and looked at all the same.
            assertThat(ask(examinations, put(large), ASKER).get()).isEqualTo(Validity.INVALID);
        }
    }

    @Test
    void whoeverWaitsTooLongIsToldToComeAgainAndFindsTheVerdict() throws Exception {
        try (Examinations examinations = open(OVER)) {
            Digest content = put(Wasm.component("slow"));
            CountDownLatch stands = stand(content);
            assertThatThrownBy(() -> examinations.examined(content, ASKER))
                    .isInstanceOf(GateBusyException.class)
                    .hasMessageContaining("lair.publish.validation-deadline");
            stands.countDown();
            await().until(() -> examinations.bytesInWork() == 0);
            assertThat(examinations.examined(content, ASKER).validation().verdict())
                    .isEqualTo(Validation.VALID);
            assertThat(looked).containsExactly(content);
        }
    }

    @Test
    void uploadWhoseValidationTakesTooLongLeavesItsRecordWaiting() throws Exception {
        TestClock clock = new TestClock();
        Author author = Author.of("test:slow", clock);
        byte[] content = Wasm.component("slow");
        CountDownLatch stands = stand(Digest.of(content));
        try (BareRegistry registry = BareRegistry.over(storage, clock, OVER)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            assertThatThrownBy(() -> registry.upload(author, record, content)).isInstanceOf(GateBusyException.class);
            assertThat(registry.publish(author, record)).isInstanceOf(Publication.Sourcing.class);
            stands.countDown();
            await().until(() -> registry.gate().examinations().bytesInWork() == 0);
            assertThat(registry.upload(author, record, content)).isInstanceOf(Publication.Published.class);
            assertThat(looked).containsExactly(Digest.of(content));
        }
    }

    @Test
    void recordForWhoseLastWordTheGateIsTooBusyWaitsAndKeepsNobodyElseWaiting() throws Exception {
        TestClock clock = new TestClock();
        Author author = Author.of("test:one", clock);
        byte[] first = Wits.importing("a:b/c@1.0.0");
        byte[] second = Wits.importing("a:b/c@1.0.0", "a:b/d@1.0.0");
        SignedPackageRecord one = author.release("0.2.0", first);
        SignedPackageRecord behind = author.release("0.2.1", second);
        try (BareRegistry registry = BareRegistry.over(storage, clock)) {
            registry.publish(author, one);
            registry.publish(author, behind);
            registry.upload(author, behind, second);
        }
        CountDownLatch stands = stand(Digest.of(second));
        try (BareRegistry busy = BareRegistry.over(storage, clock, OVER)) {
            CountDownLatch standsToo = stand(Digest.of(first));
            assertThatThrownBy(() -> busy.upload(author, one, first)).isInstanceOf(GateBusyException.class);
            standsToo.countDown();
            await().until(() -> busy.gate().examinations().bytesInWork() == 0);
            assertThat(busy.upload(author, one, first)).isInstanceOf(Publication.Published.class);
            assertThat(busy.status(author, behind)).get().isInstanceOf(Publication.Processing.class);

            stands.countDown();
            await().until(() -> busy.gate().examinations().bytesInWork() == 0);
            busy.sweep();
            assertThat(busy.status(author, behind)).get().isInstanceOf(Publication.Rejected.class);
        }
    }

    @Test
    void whoeverFindsNoRoomInTimeIsToldToComeAgain() throws Exception {
        try (Examinations examinations =
                open("publish.validation-deadline", "1ns", "publish.validation-bytes", "1KB")) {
            Digest first = put(Wasm.component("first"));
            Digest second = put(Wasm.component("second"));
            CountDownLatch stands = stand(first);
            assertThatThrownBy(() -> examinations.examined(first, ASKER)).isInstanceOf(GateBusyException.class);
            assertThatThrownBy(() -> examinations.examined(second, OTHER))
                    .isInstanceOf(GateBusyException.class)
                    .hasMessageContaining("too many bytes wait");
            stands.countDown();
            await().until(() -> examinations.bytesInWork() == 0);
            assertThat(looked).containsExactly(first);
        }
    }

    @Test
    void contentThatIsNotHereIsLookedForAgain() throws Exception {
        try (Examinations examinations = open()) {
            byte[] later = Wasm.component("later");
            assertThatThrownBy(() -> examinations.examined(Digest.of(later), ASKER))
                    .isInstanceOf(ContentNotFoundException.class);
            assertThat(examinations.examined(put(later), ASKER).validation().verdict())
                    .isEqualTo(Validation.VALID);
        }
    }

    @Test
    void factsOfTodaysValidatorSpareTheLookAfterARestart() throws Exception {
        Digest content = put(Wasm.component("kept"));
        ContentFacts facts;
        try (Examinations examinations = open()) {
            facts = examinations.facts(content);
            await().until(() -> memory.facts().ofContent(content).isPresent());
        }
        looked.clear();
        try (Examinations examinations = open()) {
            assertThat(examinations.examined(content, ASKER).kind()).isEqualTo(ContentKind.COMPONENT);
            assertThat(examinations.facts(content)).isEqualTo(facts);
            assertThat(looked).isEmpty();
        }
    }

    @Test
    void factsOfAnOlderValidatorAreToldAndNotTrusted() throws Exception {
        Digest content = put(Wasm.component("old"));
        ContentFacts old = FactsOf.nothing(
                ContentKind.COMPONENT.word(),
                1,
                new Validation("0", List.of(), Validation.NOT_CHECKED, "then", null, null));
        memory.facts().saveContent(content, ApiJson.writeCompressed(old));
        try (Examinations examinations = open()) {
            assertThat(examinations.facts(content)).isEqualTo(old);
            assertThat(looked).isEmpty();
            assertThat(examinations.examined(content, ASKER).validation().validator())
                    .isEqualTo(ValidatorVersion.CURRENT);
            assertThat(looked).containsExactly(content);
        }
    }

    @Test
    void factsUnderOtherFeaturesAreNotTrusted() throws Exception {
        Digest content = put(Wasm.component("features"));
        try (Examinations examinations = open("publish.features", "error-context")) {
            examinations.examined(content, ASKER);
            await().until(() -> memory.facts().ofContent(content).isPresent());
        }
        looked.clear();
        try (Examinations examinations = open()) {
            examinations.examined(content, ASKER);
            assertThat(looked).containsExactly(content);
        }
    }

    @Test
    void damagedFactsAreFoundOutAgain() throws Exception {
        Digest content = put(Wasm.component("damaged"));
        memory.facts().saveContent(content, new byte[] {1, 2, 3});
        try (Examinations examinations = open()) {
            assertThat(examinations.facts(content).validation().verdict()).isEqualTo(Validation.VALID);
        }
    }

    @Test
    void factsOfRefusedContentAreNotKept() throws Exception {
        Digest content = put(new byte[] {1, 2, 3});
        try (Examinations examinations = open()) {
            assertThat(examinations.examined(content, ASKER).validation().verdict())
                    .isEqualTo(Validation.INVALID);
            await().until(() -> examinations.bytesInWork() == 0);
            assertThat(memory.facts().ofContent(content)).isEmpty();
        }
    }

    private static ContentFacts facts(String witText, List<ContentFacts.Extern> imports) {
        Validation valid = new Validation("1", List.of(), Validation.VALID, null, null, null);
        ContentFacts small = FactsOf.nothing(ContentKind.COMPONENT.word(), 1, valid);
        return new ContentFacts(
                small.kind(),
                1,
                valid,
                small.metadata(),
                null,
                null,
                new ContentFacts.Wit(witText, new WitModel("test:one", List.of())),
                imports,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void factsThatAreTooLongAreToldWithoutWhatIsTooLongAndSaySo() {
        String tooLong = "x".repeat(GateLimits.FACTS_BYTES);
        List<ContentFacts.Extern> one = List.of(new ContentFacts.Extern("a:b/c", "instance", null));
        ContentFacts fine = facts("world", one);
        assertThat(Examinations.bounded(fine)).isSameAs(fine);

        ContentFacts longWit = Examinations.bounded(facts(tooLong, one));
        assertThat(longWit.wit()).isNull();
        assertThat(longWit.imports()).isEqualTo(one);
        assertThat(longWit.gaps()).containsExactly("the WIT is too long to be told; derive it from the content");

        ContentFacts longImports =
                Examinations.bounded(facts("world", List.of(new ContentFacts.Extern("a:b/c", "instance", tooLong))));
        assertThat(longImports.imports()).isEmpty();
        assertThat(longImports.gaps()).singleElement().asString().contains("too much inside");
        assertThat(Examinations.body(longImports).length).isLessThan(FactStore.MAX_BODY_BYTES);
    }
}
