package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Validation;
import dev.lair.registry.facts.FactsOf;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What questions for facts cost: how often something is read or derived, and how much together. */
class ToldFactsTest {

    private static final Duration SHORTLY = Duration.ofMillis(20);

    private final Storage memory = MemoryStorage.open(new TestClock());

    /** Calls of the stores, as {@code read} or {@code ofContent}. */
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    private final CountDownLatch reading = new CountDownLatch(1);
    private final ExecutorService askers = Executors.newCachedThreadPool();
    private final AtomicLong nanos = new AtomicLong();
    private final Ticker ticker = nanos::get;
    private boolean isReadingSlow;

    @AfterEach
    void stop() {
        reading.countDown();
        askers.shutdownNow();
    }

    /** A proxy of the port itself: no behaviour is put in its place. */
    private <T> T watched(Class<T> port, T store) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    if (isReadingSlow && method.getName().equals("ofContent")) {
                        reading.await();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Storage over(FactStore facts) {
        return new Storage(
                memory.ledger(),
                memory.evidence(),
                memory.submissions(),
                memory.snapshots(),
                watched(ContentStore.class, memory.contents()),
                watched(FactStore.class, facts),
                memory.registry(),
                memory.archive(),
                memory.sharing(),
                () -> {});
    }

    private Examinations open(FactStore facts) {
        return new Examinations(over(facts), TestSettings.of());
    }

    private ToldFacts told(Examinations examinations, Duration wait) {
        return new ToldFacts(examinations, ticker, wait);
    }

    private Digest put(byte[] content) throws Exception {
        return memory.contents()
                .put(Digest.of(content), new ByteArrayInputStream(content), content.length)
                .digest();
    }

    private long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    private static String text(PressedBytes piece) throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        piece.writeTo(sent);
        return sent.toString(StandardCharsets.UTF_8);
    }

    @Test
    void factsThatCannotBeKeptAreDerivedOnce() throws Exception {
        Digest content = put(Wasm.component("nowhere kept"));
        try (Examinations examinations = open(FactStore.NONE)) {
            ToldFacts told = told(examinations, SHORTLY);
            for (int i = 0; i < 10; i++) {
                assertThat(text(told.of("now", content, ToldFacts.Piece.FACTS).orElseThrow()))
                        .contains("\"verdict\":\"valid\"");
            }
            assertThat(count("read")).isEqualTo(1);
        }
    }

    @Test
    void factsThatAreKeptAreReadOnce() throws Exception {
        Digest content = put(Wits.packageOf("package test:kept@1.0.0; interface i {}"));
        memory.facts().saveContent(content, ApiJson.writeCompressed(facts("then")));
        try (Examinations examinations = open(memory.facts())) {
            ToldFacts told = told(examinations, SHORTLY);
            for (int i = 0; i < 10; i++) {
                assertThat(text(told.of("now", content, ToldFacts.Piece.FACTS).orElseThrow()))
                        .contains("\"reason\":\"then\"");
            }
            assertThat(count("ofContent")).isEqualTo(1);
            assertThat(count("read")).isZero();
        }
    }

    @Test
    void nothingIsToldThatWasRememberedBeforeTheFactsWereRebuilt() throws Exception {
        Digest content = put(Wasm.component("rebuilt"));
        memory.facts().saveContent(content, ApiJson.writeCompressed(facts("then")));
        try (Examinations examinations = open(memory.facts())) {
            ToldFacts told = told(examinations, SHORTLY);
            assertThat(text(told.of("before", content, ToldFacts.Piece.FACTS).orElseThrow()))
                    .contains("then");
            memory.facts().clear();
            memory.facts().saveContent(content, ApiJson.writeCompressed(facts("after it")));
            assertThat(text(told.of("behind", content, ToldFacts.Piece.FACTS).orElseThrow()))
                    .contains("after it");
        }
    }

    @Test
    void factsThatNobodyCanReadAreReplaced() throws Exception {
        Digest content = put(Wasm.component("damaged"));
        memory.facts().saveContent(content, new byte[] {1, 2, 3});
        try (Examinations examinations = open(memory.facts())) {
            told(examinations, SHORTLY).of("now", content, ToldFacts.Piece.FACTS);
            await().until(() -> memory.facts()
                    .ofContent(content)
                    .filter(body -> body.length > 3)
                    .isPresent());
        }
    }

    @Test
    void missingWitIsRememberedToo() throws Exception {
        Digest content = put(Wasm.coreModule("m"));
        try (Examinations examinations = open(FactStore.NONE)) {
            ToldFacts told = told(examinations, SHORTLY);
            for (int i = 0; i < 3; i++) {
                assertThat(told.of("now", content, ToldFacts.Piece.WIT_TEXT)).isEmpty();
            }
            assertThat(count("read")).isEqualTo(1);
        }
    }

    @Test
    void contentThatIsLostIsLookedForAgainOnlyAfterAWhile() throws Exception {
        Digest content = Digest.of(new byte[] {1});
        try (Examinations examinations = open(FactStore.NONE)) {
            ToldFacts told = told(examinations, SHORTLY);
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> told.of("now", content, ToldFacts.Piece.FACTS))
                        .isInstanceOf(ContentNotFoundException.class);
            }
            assertThat(count("find")).isEqualTo(1);
            nanos.addAndGet(GateLimits.TOLD_LOST.toNanos() + 1);
            assertThatThrownBy(() -> told.of("now", content, ToldFacts.Piece.FACTS))
                    .isInstanceOf(ContentNotFoundException.class);
            assertThat(count("find")).isEqualTo(2);
        }
    }

    @Test
    void moreThanTheBudgetIsNotReadTogether() throws Exception {
        isReadingSlow = true;
        try (Examinations examinations = open(memory.facts())) {
            ToldFacts patient = told(examinations, Duration.ofMinutes(1));
            ToldFacts told = told(examinations, SHORTLY);
            List<Digest> contents = List.of(put(Wasm.component("a")), put(Wasm.component("b")));
            List<CompletableFuture<?>> asked = contents.stream()
                    .<CompletableFuture<?>>map(content -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return told.of("now", content, ToldFacts.Piece.FACTS);
                                } catch (ContentNotFoundException e) {
                                    throw new AssertionError(e);
                                }
                            },
                            askers))
                    .toList();
            await().until(() -> count("ofContent") == 2);

            Digest third = put(Wasm.component("c"));
            assertThatThrownBy(() -> told.of("now", third, ToldFacts.Piece.FACTS))
                    .isInstanceOf(GateBusyException.class)
                    .hasMessageContaining("too many facts are read at once");
            assertThat(count("ofContent")).isEqualTo(2);
            reading.countDown();
            for (CompletableFuture<?> each : asked) {
                each.join();
            }
            assertThat(patient.of("now", third, ToldFacts.Piece.FACTS)).isPresent();
        }
    }

    @Test
    void longAnswersOnTheirWayAreBoundedAndShortOnesAreNot() throws Exception {
        try (Examinations examinations = open(FactStore.NONE)) {
            ToldFacts told = told(examinations, SHORTLY);
            ByteBudget.Share all = told.room(GateLimits.TOLD_SENDING_BYTES);
            assertThatThrownBy(() -> told.room(GateLimits.TOLD_SMALL_BYTES + 1))
                    .isInstanceOf(GateBusyException.class)
                    .hasMessageContaining("on their way");
            told.room(GateLimits.TOLD_SMALL_BYTES).close();
            all.close();
            told.room(GateLimits.TOLD_SMALL_BYTES + 1).close();
        }
    }

    @Test
    void longAnswersAreHeldCompressedAndSentAsTheyWere() throws Exception {
        String said = "the same again ".repeat(100_000);
        PressedBytes pressed = PressedBytes.of(said.getBytes(StandardCharsets.UTF_8));
        assertThat(pressed.sizeBytes()).isLessThan(said.length() / 100);
        assertThat(text(pressed)).isEqualTo(said);
        assertThat(text(PressedBytes.of("short".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("short");
    }

    private static ContentFacts facts(String reason) {
        return FactsOf.nothing(
                ContentFacts.COMPONENT, 1, new Validation("0", List.of(), Validation.NOT_CHECKED, reason, null, null));
    }
}
