package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.server.ledger.LedgerException.Corrupt;
import dev.lair.server.settings.LairSettings.WitnessMode;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.storage.StorageException;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RootHash;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A round of witnesses: who answers is taken in, who does not is left out, and the policy says whether that is enough. */
class WitnessCircleTest {

    private static final long TIME = 1_800_000_000;

    private final MeterRegistry counted = new SimpleMeterRegistry();
    private final List<HttpServer> servers = new ArrayList<>();
    private final StringBuilder policy = new StringBuilder();
    private final Map<String, NotePrivateKey> keys = new HashMap<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private interface Answer {
        void to(HttpExchange exchange, AddCheckpointRequest request, NotePrivateKey key) throws IOException;
    }

    @AfterEach
    void stop() {
        never.countDown();
        servers.forEach(server -> server.stop(0));
    }

    private void witness(String name, Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        NotePrivateKey key = NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, name, new SecureRandom());
        keys.put(name, key);
        server.createContext("/w/add-checkpoint", exchange -> {
            AddCheckpointRequest request =
                    AddCheckpointRequest.parse(exchange.getRequestBody().readAllBytes());
            answer.to(exchange, request, key);
            exchange.close();
        });
        server.start();
        servers.add(server);
        policy.append("witness %s %s http://127.0.0.1:%d/w%n"
                .formatted(name, key.key().text(), server.getAddress().getPort()));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void cosign(HttpExchange exchange, AddCheckpointRequest request, NotePrivateKey key)
            throws IOException {
        NoteSignature line = key.signer().sign(request.checkpoint().text(), TIME);
        reply(exchange, 200, NoteSignature.formatLines(List.of(line)));
    }

    private double asked(String witness, String outcome) {
        return counted.get("lair.witness.requests")
                .tag("witness", witness)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private WitnessCircle circle(String quorum, WitnessMode mode, Duration timeout) {
        String text = (policy + quorum + "\n").replace("\r", "");
        return new WitnessCircle(
                WitnessPolicy.parse(text), OpenLedger.IDENTITY, mode, timeout, new LedgerMeters(counted));
    }

    /** Both logs with so many leaves; leaf i is the number i as text. */
    private Witnesses.Head head(LogKeys log, long size) {
        Frontier frontier = Frontier.empty();
        Map<String, NodeHash> found = new HashMap<>();
        for (long i = 0; i < size; i++) {
            frontier = frontier.append(
                    MerkleHash.leaf(String.valueOf(i).getBytes(StandardCharsets.UTF_8)),
                    (level, index, hash) -> found.put(level + "/" + index, hash));
        }
        RootHash root = frontier.root();
        return new Witnesses.Head(log.origin(), size, root, log.sign(size, root, TIME), () -> (level, index) -> {
            NodeHash node = found.get(level + "/" + index);
            if (node == null) {
                throw new IndexOutOfBoundsException("no node " + index + " at level " + level);
            }
            return node;
        });
    }

    private Witnesses.Round cosign(WitnessCircle circle, long size) throws InterruptedException {
        return circle.cosign(head(OpenLedger.IDENTITY.log(), size), head(OpenLedger.IDENTITY.evidence(), 1));
    }

    private List<String> cosigners(Witnesses.Round round) {
        return round.log().signatures().stream()
                .map(NoteSignature::name)
                .filter(keys::containsKey)
                .toList();
    }

    @Test
    void everyWitnessThatAnswersIsInTheNote() throws Exception {
        witness("one", WitnessCircleTest::cosign);
        witness("two", WitnessCircleTest::cosign);
        try (WitnessCircle circle =
                circle("group both all one two\nquorum both", WitnessMode.CLOSED, Duration.ofSeconds(20))) {
            Witnesses.Round round = cosign(circle, 5);
            assertThat(cosigners(round)).containsExactlyInAnyOrder("one", "two");
            assertThat(round.mayPublish()).isTrue();
            assertThat(round.evidence().signatures()).hasSize(4);
        }
    }

    @Test
    void witnessThatSawLessGetsAConsistencyProofFromThere() throws Exception {
        List<Long> asked = new CopyOnWriteArrayList<>();
        witness("one", (exchange, request, key) -> {
            asked.add(request.oldSize());
            long size = CheckpointText.parse(request.checkpoint().text()).treeSize();
            if (size == 7 && request.oldSize() != 3) {
                reply(exchange, 409, "3\n");
            } else {
                assertThat(request.proof()).hasSize(size == 7 ? 4 : 0);
                cosign(exchange, request, key);
            }
        });
        try (WitnessCircle circle = circle("quorum one", WitnessMode.CLOSED, Duration.ofSeconds(20))) {
            assertThat(cosign(circle, 7).mayPublish()).isTrue();
            assertThat(asked).contains(0L, 3L);
        }
        assertThat(asked("one", "conflict")).isEqualTo(1);
        // Of both logs.
        assertThat(asked("one", "cosigned")).isEqualTo(2);
    }

    @Test
    void everyAnswerOfAWitnessIsCountedByItsOutcome() throws Exception {
        witness("refusing", (exchange, request, key) -> reply(exchange, 422, ""));
        witness("lying", (exchange, request, key) -> reply(exchange, 200, "— lying AAAAAAAA\n"));
        try (WitnessCircle circle = circle("quorum none", WitnessMode.OPEN, Duration.ofSeconds(20))) {
            cosign(circle, 4);
            assertThat(asked("refusing", "refused")).isEqualTo(2);
            assertThat(asked("lying", "failed")).isEqualTo(2);
        }
    }

    @Test
    void withoutAQuorumOnlyFailOpenPublishes() throws Exception {
        witness("good", WitnessCircleTest::cosign);
        witness("refusing", (exchange, request, key) -> reply(exchange, 422, ""));
        witness("broken", (exchange, request, key) -> reply(exchange, 500, "<html>"));
        witness("silent", (exchange, request, key) -> await());
        witness("lying", (exchange, request, key) -> reply(exchange, 200, "— lying AAAAAAAA\n"));
        String quorum = "group two 2 good refusing broken silent lying\nquorum two";
        try (WitnessCircle open = circle(quorum, WitnessMode.OPEN, Duration.ofMillis(700));
                WitnessCircle closed = circle(quorum, WitnessMode.CLOSED, Duration.ofMillis(700))) {
            assertThat(cosigners(cosign(open, 4))).containsExactly("good");
            assertThat(cosign(open, 4).mayPublish()).isTrue();
            assertThat(cosign(closed, 4).mayPublish()).isFalse();
        }
    }

    private void await() {
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Test
    void oneWitnessCannotFillTheNote() throws Exception {
        witness("loud", (exchange, request, key) -> {
            NoteSignature line = key.signer().sign(request.checkpoint().text(), TIME);
            reply(exchange, 200, NoteSignature.formatLines(Collections.nCopies(99, line)));
        });
        try (WitnessCircle circle = circle("quorum loud", WitnessMode.CLOSED, Duration.ofSeconds(20))) {
            Witnesses.Round round = cosign(circle, 4);
            assertThat(cosigners(round)).containsExactly("loud");
            assertThat(round.mayPublish()).isTrue();
        }
    }

    @Test
    void startIsRefusedWhenAWitnessSawMore() throws Exception {
        witness("one", (exchange, request, key) -> reply(exchange, 409, "9\n"));
        try (WitnessCircle circle = circle("quorum one", WitnessMode.OPEN, Duration.ofSeconds(20))) {
            Witnesses.Head head = head(OpenLedger.IDENTITY.log(), 4);
            assertThatThrownBy(() -> circle.requireNotBehind(head, () -> 4))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("cosigned 9 leaves");
            // Another node went on meanwhile.
            circle.requireNotBehind(head, () -> 12);
        }
    }

    @Test
    void startIsRefusedWhenAWitnessSawAnotherTree() throws Exception {
        witness("one", (exchange, request, key) -> reply(exchange, request.oldSize() == 0 ? 409 : 422, "3\n"));
        try (WitnessCircle circle = circle("quorum one", WitnessMode.OPEN, Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> circle.requireNotBehind(head(OpenLedger.IDENTITY.log(), 4), () -> 4))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("not the ones stored here");
        }
    }

    @Test
    void startDoesNotWaitForAWitnessThatIsDown() throws Exception {
        witness("one", WitnessCircleTest::cosign);
        servers.getFirst().stop(0);
        try (WitnessCircle circle = circle("quorum one", WitnessMode.OPEN, Duration.ofSeconds(5))) {
            circle.requireNotBehind(head(OpenLedger.IDENTITY.log(), 4), () -> 4);
            assertThat(cosign(circle, 4).mayPublish()).isTrue();
        }
    }

    @Test
    void startDoesNotWaitForAnAnswerThatNeverEnds() throws Exception {
        witness("endless", (exchange, request, key) -> {
            exchange.sendResponseHeaders(409, 0);
            exchange.getResponseBody().write('4');
            exchange.getResponseBody().flush();
            await();
        });
        witness("good", (exchange, request, key) -> reply(exchange, 409, "9\n"));
        String quorum = "group either 1 endless good\nquorum either";
        try (WitnessCircle circle = circle(quorum, WitnessMode.OPEN, Duration.ofMillis(500))) {
            Witnesses.Head head = head(OpenLedger.IDENTITY.log(), 4);
            // And hears the one behind it.
            Throwable refusal = OpenLedger.awaitFailure(CompletableFuture.runAsync(
                    () -> requireNotBehind(circle, head, 4),
                    task -> Thread.ofVirtual().start(task)));
            assertThat(refusal).isInstanceOf(Corrupt.class).hasMessageContaining("cosigned 9 leaves");
            OpenLedger.await(CompletableFuture.runAsync(
                    () -> requireNotBehind(circle, head, 12),
                    task -> Thread.ofVirtual().start(task)));
        }
    }

    private static void requireNotBehind(WitnessCircle circle, Witnesses.Head head, long stored) {
        try {
            circle.requireNotBehind(head, () -> stored);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void storageThatFailsWhileAProofIsMadeIsAStorageFailureAndNoFaultOfOurs() throws Exception {
        witness("one", (exchange, request, key) -> reply(exchange, 409, "3\n"));
        try (WitnessCircle circle = circle("quorum one", WitnessMode.OPEN, Duration.ofSeconds(20))) {
            Witnesses.Head sound = head(OpenLedger.IDENTITY.log(), 7);
            Witnesses.Head unread = new Witnesses.Head(sound.origin(), 7, sound.root(), sound.note(), () -> {
                throw new StorageException("the connection broke");
            });
            assertThatThrownBy(() -> circle.cosign(unread, head(OpenLedger.IDENTITY.evidence(), 1)))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("the connection broke");
        }
    }

    @Test
    void policyWithAUrlThatIsNoneIsRefusedAtOnce() {
        policy.append("witness one %s mailto:somebody%n"
                .formatted(NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, "one", new SecureRandom())
                        .key()
                        .text()));
        assertThatThrownBy(() -> circle("quorum one", WitnessMode.OPEN, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no http or https URL");
    }
}
