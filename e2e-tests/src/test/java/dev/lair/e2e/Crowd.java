package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.client.ApiException;
import dev.lair.openapi.warg.model.InclusionResponse;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients who publish until they are told to stop, each through all nodes in turn: a record goes to one node, its content
 * to the next, the checkpoint is asked of one and the proof of the other. A node that is gone or answers 503 or 429 is
 * tried again later; every other refusal is a failure. They note what they were told: every 202 "processing" or
 * "published" and every 201 is a promise, and so is every checkpoint.
 */
final class Crowd implements AutoCloseable {

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(90);

    /** Every so many releases have content of their own, the others content that is there already. */
    private static final int FRESH_CONTENT_EVERY = 3;

    /** Every so many records are proven at once. */
    private static final int PROVEN_EVERY = 4;

    /** A record that the registry promised to keep; {@code leaf} when it said at which leaf. */
    record Promise(
            PackageName name,
            SignedPackageRecord record,
            @Nullable Long leaf) {}

    /** What an answer to one step was worth. */
    private enum Outcome {
        PROMISED,
        LATER
    }

    private final Nodes nodes;
    private final int contentBytes;
    private final SeenCheckpoints checkpoints = new SeenCheckpoints();
    private final Queue<Promise> promises = new ConcurrentLinkedQueue<>();
    private final Map<Digest, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final List<Author> authors = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;

    /** @param contentBytes about the size of each fresh content */
    Crowd(Nodes nodes, int authors, int contentBytes) {
        this.nodes = nodes;
        this.contentBytes = contentBytes;
        for (int i = 0; i < authors; i++) {
            this.authors.add(new Author(i));
        }
    }

    SeenCheckpoints checkpoints() {
        return checkpoints;
    }

    /** Also counts and keeps promises that others were given. */
    void promised(int node, Promise promise) {
        promises.add(promise);
        count(node, "promised");
    }

    int promised() {
        return promises.size();
    }

    /** Promises that this node gave. */
    int promisedBy(int node) {
        return counted(node, "promised");
    }

    /** Publishes and uploads that this node answered with this status. */
    int answered(int node, int status) {
        return counted(node, String.valueOf(status));
    }

    private int counted(int node, String what) {
        AtomicInteger count = answers.get(node + " " + what);
        return count == null ? 0 : count.get();
    }

    private void count(int node, String what) {
        answers.computeIfAbsent(node + " " + what, none -> new AtomicInteger()).incrementAndGet();
    }

    /** Begins; {@code others} run beside the authors until {@link #stop}. */
    void start(List<Callable<Void>> others) {
        authors.forEach(author -> running.add(threads.submit(author::publish)));
        running.add(threads.submit(this::watch));
        others.forEach(other -> running.add(threads.submit(other)));
    }

    void start() {
        start(List.of());
    }

    boolean isStopping() {
        return stopping;
    }

    /** Waits until it is so; fails early when a client failed. */
    void await(String what, Duration within, Callable<Boolean> question) throws Exception {
        Await.isTrue(what + "; so far " + this, within, () -> {
            for (Future<?> client : running) {
                if (client.isDone() && !stopping) {
                    client.get();
                }
            }
            return question.call();
        });
    }

    /** Until these nodes have given so many promises more. */
    void awaitPromises(int more, Duration within, int... of) throws Exception {
        for (int node : of) {
            int goal = promisedBy(node) + more;
            await(more + " more promises of node " + node, within, () -> promisedBy(node) >= goal);
        }
    }

    /** Ends all clients; a failure of any of them is thrown. */
    void stop() throws Exception {
        stopping = true;
        for (Future<?> client : running) {
            client.get(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS);
        }
        running.clear();
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }

    /** Hands in what got no answer, and waits until all that was promised is published. */
    void settle() throws Exception {
        for (Author author : authors) {
            author.finish();
        }
        for (Promise promise : promises) {
            nodes.registry(0).published(promise.name(), promise.record());
        }
    }

    /** Every promise was kept, on every node, and every checkpoint is one of this log. At rest only. */
    Audit check() throws Exception {
        Audit audit = Audit.of(nodes.registry(0));
        for (Registry node : nodes.registries()) {
            Audit same = Audit.of(node);
            assertThat(same.leaves()).isEqualTo(audit.leaves());
            for (Promise promise : promises) {
                check(node, audit, promise);
            }
            for (Map.Entry<Digest, byte[]> content : contents.entrySet()) {
                assertThat(node.download(content.getKey())).isEqualTo(content.getValue());
            }
        }
        checkpoints.check(audit, nodes.registries());
        return audit;
    }

    private static void check(Registry node, Audit audit, Promise promise) throws Exception {
        assertThat(audit.has(promise.name().logId(), promise.record().id()))
                .as("acknowledged record " + promise.record().id() + " is in the ledger")
                .isTrue();
        PackageRecord status = node.status(promise.name(), promise.record());
        assertThat(status.getState()).isEqualTo(RecordState.PUBLISHED);
        if (promise.leaf() != null) {
            assertThat(status.getRegistryIndex()).as("the leaf that was named").isEqualTo(promise.leaf());
        }
    }

    /** A client that only looks: whichever node it asks, what it saw grows. */
    private Void watch() throws Exception {
        Checkpoint last = null;
        long lastTime = 0;
        for (int turn = 0; !stopping; turn++) {
            int node = turn % nodes.count();
            SignedCheckpoint seen = checkpoint(node);
            if (seen != null) {
                Checkpoint now = seen.contents().checkpoint();
                long time = seen.contents().epochSeconds();
                if (last != null && (now.logLength() < last.logLength() || time < lastTime)) {
                    throw new AssertionError("node " + node + " showed " + now + " of second " + time + " after " + last
                            + " of second " + lastTime);
                }
                last = now;
                lastTime = time;
            }
            Await.briefly();
        }
        return null;
    }

    /** Null while the node is gone. */
    @Nullable
    SignedCheckpoint checkpoint(int node) throws Exception {
        try {
            SignedCheckpoint seen = nodes.registry(node).checkpoint();
            checkpoints.add(seen);
            return seen;
        } catch (ApiException e) {
            later(node, e);
            return null;
        }
    }

    /** Counts a refusal that is no fault; anything else is thrown on. */
    void later(int node, ApiException refusal) throws ApiException {
        int status = refusal.getCode();
        if (status == 0) {
            count(node, "gone");
            return;
        }
        if (status != 503 && status != 429) {
            throw new AssertionError(
                    "node " + node + " answered " + status + ": " + refusal.getResponseBody(), refusal);
        }
        assertThat(refusal.getResponseHeaders().firstValue("retry-after"))
                .as("Retry-After of " + refusal.getResponseBody())
                .isPresent();
        count(node, String.valueOf(status));
    }

    /** Clients, promises and refusals, for failures. */
    @Override
    public String toString() {
        return promises.size() + " promises, " + checkpoints.count() + " checkpoints, answers by node " + answers;
    }

    private final class Author {

        private final PackageAuthor author;
        private final int number;
        private int turn;
        private int made;
        private @Nullable SignedPackageRecord record;
        private byte[] content = {};

        Author(int number) {
            this.number = number;
            this.turn = number;
            this.author = new PackageAuthor(Keys.BOB, "test:crowd-" + "abcdefgh".charAt(number));
        }

        Void publish() throws Exception {
            while (!stopping) {
                step();
            }
            return null;
        }

        /** Until the record at hand got its answer. */
        void finish() throws Exception {
            Await.isTrue(
                    "an answer for the last record of " + author.name(), STOPS_WITHIN, () -> record == null || step());
        }

        /** Tries to get an answer for the record at hand, or for a new one. */
        private boolean step() throws Exception {
            SignedPackageRecord current = record;
            if (current == null) {
                if (made % FRESH_CONTENT_EVERY == 0) {
                    content = Wasm.module("crowd " + number + " release " + made + " ".repeat(contentBytes));
                }
                current = author.release("1.0." + made++, content);
                record = current;
            }
            int node = turn++ % nodes.count();
            if (handIn(node, current) == Outcome.LATER) {
                Await.briefly();
                return false;
            }
            contents.put(Digest.of(content), content);
            record = null;
            return true;
        }

        private Outcome handIn(int node, SignedPackageRecord current) throws Exception {
            PackageRecord answer;
            try {
                answer = nodes.registry(node).submit(author.name(), current);
            } catch (ApiException e) {
                later(node, e);
                return Outcome.LATER;
            }
            return switch (answer.getState()) {
                case SOURCING -> upload(node, current, answer);
                case PROCESSING, PUBLISHED -> {
                    promised(node, new Promise(author.name(), current, answer.getRegistryIndex()));
                    prove(current, answer.getRegistryIndex());
                    yield Outcome.PROMISED;
                }
                case REJECTED -> throw new AssertionError("node " + node + " rejected what nobody disputes: " + answer);
            };
        }

        /** To the next node, and to the one that took the record when that is gone. */
        private Outcome upload(int taker, SignedPackageRecord current, PackageRecord answer) throws Exception {
            int next = turn++ % nodes.count();
            String path = Registry.uploadUrl(answer, Digest.of(content));
            String elsewhere = nodes.registry(taker).resolve(path).getRawPath();
            HttpReply reply;
            int node = next;
            try {
                reply = nodes.registry(next).upload(content, elsewhere);
            } catch (IOException e) {
                count(next, "gone");
                node = taker;
                try {
                    reply = nodes.registry(taker).upload(content, elsewhere);
                } catch (IOException alsoGone) {
                    count(taker, "gone");
                    return Outcome.LATER;
                }
            }
            if (reply.status() == 503 || reply.status() == 429) {
                reply.requireErrorForm();
                count(node, String.valueOf(reply.status()));
                return Outcome.LATER;
            }
            if (reply.status() == 405 && node != next) {
                // Whoever is gone may have taken it before: then the record's answer is asked anew.
                count(node, "405");
                return Outcome.LATER;
            }
            String state = reply.status() == 201 ? reply.json().path("state").asString("") : "";
            if (!"processing".equals(state) && !"published".equals(state)) {
                throw new AssertionError(
                        "upload of content for a record that node " + taker + " took, to node " + node + ": " + reply);
            }
            promised(node, new Promise(author.name(), current, null));
            return Outcome.PROMISED;
        }

        /** A published record is covered by what any node shows next, and any node proves it there. */
        private void prove(SignedPackageRecord current, @Nullable Long leaf) throws Exception {
            if (leaf == null || made % PROVEN_EVERY != 0) {
                return;
            }
            SignedCheckpoint seen = checkpoint(turn % nodes.count());
            if (seen == null) {
                return;
            }
            Checkpoint roots = seen.contents().checkpoint();
            assertThat(roots.logLength())
                    .as("the checkpoint after leaf " + leaf + " was published")
                    .isGreaterThan(leaf);
            int prover = (turn + 1) % nodes.count();
            InclusionResponse proofs;
            try {
                proofs = nodes.registry(prover).proveInclusion(roots.logLength(), List.of(leaf));
            } catch (ApiException e) {
                later(prover, e);
                return;
            }
            LogLeaf proven = new LogLeaf(author.name().logId(), current.id());
            LogProofBundle.parse(proofs.getLog())
                    .verifyInclusion(roots.logLength(), roots.logRoot(), Map.of(leaf, proven.hash()));
            MapProofBundle.parse(proofs.getMap())
                    .verifyPresence(
                            List.of(new MapProofBundle.Head(proven.logId(), proven.recordId())), roots.mapRoot());
            count(prover, "proved");
        }
    }
}
