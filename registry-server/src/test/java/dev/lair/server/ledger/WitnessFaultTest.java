package dev.lair.server.ledger;

import static dev.lair.server.ledger.OpenLedger.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.settings.LairSettings.WitnessMode;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A ledger whose one witness fails while it runs, in each way that a witness can. Fail-closed, what was committed meanwhile
 * is kept and shown once the witness answers again; fail-open, it is shown without a cosignature. No second history either
 * way.
 */
class WitnessFaultTest {

    private static final String WITNESS = "witness.example/faulty";
    private static final Duration TIMEOUT = Duration.ofMillis(400);
    private static final long TIME = 1_800_000_000;

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final Chains chains = new Chains(11, 3);
    private final NotePrivateKey key =
            NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, WITNESS, new SecureRandom());
    private final CountDownLatch over = new CountDownLatch(1);
    private final Semaphore asked = new Semaphore(0);
    private volatile @Nullable Trouble trouble;
    private HttpServer server;

    private enum Trouble {
        /** Takes the request and is gone. */
        DOWN,
        /** Answers when nobody waits any more. */
        SLOW,
        /** 409 with a size from which it takes no proof either. */
        CONFLICT_BEHIND,
        /** 409 with a size that this registry never had. */
        CONFLICT_AHEAD,
        /** 422: says that the proof is wrong. */
        UNPROCESSABLE
    }

    @BeforeEach
    void startWitness() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/add-checkpoint", this::answer);
        server.start();
    }

    @AfterEach
    void stopWitness() {
        over.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        AddCheckpointRequest request =
                AddCheckpointRequest.parse(exchange.getRequestBody().readAllBytes());
        Trouble now = trouble;
        asked.release();
        switch (now) {
            case null -> cosign(exchange, request);
            case DOWN -> {}
            case SLOW -> {
                awaitOver();
                cosign(exchange, request);
            }
            case CONFLICT_BEHIND -> reply(exchange, 409, "0\n");
            case CONFLICT_AHEAD -> reply(exchange, 409, "1000000\n");
            case UNPROCESSABLE -> reply(exchange, 422, "");
        }
        exchange.close();
    }

    private void awaitOver() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private void cosign(HttpExchange exchange, AddCheckpointRequest request) throws IOException {
        NoteSignature line = key.signer().sign(request.checkpoint().text(), TIME);
        reply(exchange, 200, NoteSignature.formatLines(List.of(line)));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private WitnessCircle circle(WitnessMode mode) {
        String policy = "witness one %s http://127.0.0.1:%d/\nquorum one\n"
                .formatted(key.key().text(), server.getAddress().getPort());
        return new WitnessCircle(
                WitnessPolicy.parse(policy), OpenLedger.IDENTITY, mode, TIMEOUT, OpenLedger.noMeters());
    }

    private OpenLedger open(WitnessCircle circle) {
        return OpenLedger.open(TestSettings.of(), memory, () -> Optional.of(OperatorKeyFile.KEY), circle, clock);
    }

    private static boolean isCosigned(OpenLedger ledger) {
        return ledger.ledger().publication().orElseThrow().notes().log().contains(WITNESS);
    }

    @ParameterizedTest
    @EnumSource
    void failClosedKeepsWhatWasCommittedAndShowsItWhenTheWitnessIsBack(Trouble kind) throws Exception {
        try (WitnessCircle circle = circle(WitnessMode.CLOSED);
                OpenLedger ledger = open(circle)) {
            SignedCheckpoint before = ledger.append(chains.next());
            assertThat(isCosigned(ledger)).isTrue();

            trouble = kind;
            asked.drainPermits();
            Appended promise = ledger.ledger().append(chains.next());
            assertThat(await(promise.leafIndex())).isEqualTo(1);
            // Two logs, each asked in two rounds at least: the first round is over, and nothing was shown.
            assertThat(asked.tryAcquire(4, 20, TimeUnit.SECONDS))
                    .as("the witness is asked again")
                    .isTrue();
            assertThat(ledger.ledger().checkpoint()).contains(before);
            assertThat(promise.covered()).isNotDone();
            assertThat(ledger.ledger().failure()).isEmpty();

            trouble = null;
            assertThat(await(promise.covered()).contents().checkpoint().logLength())
                    .isEqualTo(2);
            assertThat(isCosigned(ledger)).isTrue();
        }
        SoundStorage.require(memory);
        try (WitnessCircle circle = circle(WitnessMode.CLOSED);
                OpenLedger restarted = open(circle)) {
            assertThat(restarted.ledger().publishedSize()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failOpenShowsWhatWasCommittedWithoutTheWitness(Trouble kind) {
        try (WitnessCircle circle = circle(WitnessMode.OPEN);
                OpenLedger ledger = open(circle)) {
            ledger.append(chains.next());
            trouble = kind;
            assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                    .isEqualTo(2);
            assertThat(isCosigned(ledger)).isFalse();

            trouble = null;
            assertThat(ledger.append(chains.next()).contents().checkpoint().logLength())
                    .isEqualTo(3);
            assertThat(isCosigned(ledger)).isTrue();
        }
        SoundStorage.require(memory);
    }
}
