package dev.lair.server.ledger;

import dev.lair.server.ledger.LedgerMeters.Request;
import dev.lair.server.settings.LairSettings.WitnessMode;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.signing.note.WitnessedSize;
import dev.lair.storage.StorageException;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.NodeHash;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured witnesses, asked over HTTP (transparency log, section 1, "Witness"). All are asked about both logs at
 * once; who does not answer within the time limit is left out of this round, and catches up in a later one: a witness says
 * in its 409 what it saw last, and gets a consistency proof from there.
 */
final class WitnessCircle implements Witnesses, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WitnessCircle.class);

    private final WitnessPolicy logPolicy;
    private final WitnessPolicy evidencePolicy;
    private final WitnessMode mode;
    private final Duration timeout;
    private final LedgerMeters meters;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Where each witness takes checkpoints, by its name in the policy. */
    private final Map<String, URI> addresses = new HashMap<>();

    /** What each witness cosigned last, as far as this process knows; only saves a round trip. */
    private final Map<Seat, Long> seen = new ConcurrentHashMap<>();

    private record Seat(String witness, String origin) {}

    /** {@code policy} names the witnesses and the quorum; the logs in it are replaced by ours. */
    WitnessCircle(WitnessPolicy policy, LogIdentity identity, WitnessMode mode, Duration timeout, LedgerMeters meters) {
        this.logPolicy = about(policy, identity.log());
        this.evidencePolicy = about(policy, identity.evidence());
        policy.witnesses()
                .forEach(witness ->
                        witness.url().ifPresent(url -> addresses.put(witness.name(), address(witness.name(), url))));
        this.mode = mode;
        this.timeout = timeout;
        this.meters = meters;
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private static URI address(String witness, String url) {
        String folder = url.endsWith("/") ? url : url + "/";
        try {
            URI address = new URI(folder + "add-checkpoint");
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "the policy's witness " + witness + " has the URL `" + url + "`, which is no http or https URL");
    }

    private static WitnessPolicy about(WitnessPolicy policy, LogKeys log) {
        return new WitnessPolicy(List.of(), policy.voters(), policy.quorum())
                .withLog(new WitnessPolicy.Log(log.keys().getFirst(), Optional.empty()));
    }

    @Override
    public Round cosign(Head log, Head evidence) throws InterruptedException {
        List<Future<List<NoteSignature>>> logAnswers = ask(log);
        List<Future<List<NoteSignature>>> evidenceAnswers = ask(evidence);
        long deadline = System.nanoTime() + timeout.toNanos();
        SignedNote logNote = log.note().with(collect(logAnswers, deadline));
        SignedNote evidenceNote = evidence.note().with(collect(evidenceAnswers, deadline));
        boolean quorum = isQuorum(logPolicy, logNote) && isQuorum(evidencePolicy, evidenceNote);
        if (!quorum) {
            LOG.warn("too few cosignatures ledger.tree_size={} witness.mode={}", log.treeSize(), mode);
        }
        return new Round(logNote, evidenceNote, quorum || mode == WitnessMode.OPEN);
    }

    private static boolean isQuorum(WitnessPolicy policy, SignedNote note) {
        try {
            return policy.evaluate(note).quorumMet();
        } catch (NoteRejected e) {
            throw new IllegalStateException("our own note does not verify: " + e.getMessage(), e);
        }
    }

    private List<Future<List<NoteSignature>>> ask(Head head) {
        List<Future<List<NoteSignature>>> answers = new ArrayList<>();
        for (WitnessPolicy.Witness witness : logPolicy.witnesses()) {
            Optional.ofNullable(addresses.get(witness.name()))
                    .ifPresent(url -> answers.add(threads.submit(() -> ask(witness, url, head))));
        }
        return answers;
    }

    private static List<NoteSignature> collect(List<Future<List<NoteSignature>>> answers, long deadline)
            throws InterruptedException {
        List<NoteSignature> signatures = new ArrayList<>();
        for (Future<List<NoteSignature>> answer : answers) {
            try {
                signatures.addAll(answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                answer.cancel(true);
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }
        return signatures;
    }

    /** A proof is made of what is stored, and a storage that does not answer is tried again by who publishes. */
    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case StorageException storage -> storage;
            case LedgerException known -> known;
            case null, default ->
                new IllegalStateException("asking a witness failed in a way that it does not know", e.getCause());
        };
    }

    /** The witness's cosignatures; none when it refuses or fails, which is logged. */
    private List<NoteSignature> ask(WitnessPolicy.Witness witness, URI url, Head head) {
        Seat seat = new Seat(witness.name(), head.origin());
        try {
            for (int attempt = 0; attempt < Limits.WITNESS_ATTEMPTS; attempt++) {
                long old = Math.min(seen.getOrDefault(seat, 0L), head.treeSize());
                HttpResponse<InputStream> reply = send(url, request(head, old));
                byte[] body = read(reply);
                switch (reply.statusCode()) {
                    case 200 -> {
                        List<NoteSignature> verified = verified(witness.key(), head, body);
                        seen.put(seat, head.treeSize());
                        meters.asked(witness.name(), Request.COSIGNED);
                        return verified;
                    }
                    case 409 -> {
                        long stored = WitnessedSize.parse(body).treeSize();
                        meters.asked(witness.name(), Request.CONFLICT);
                        if (stored > head.treeSize()) {
                            LOG.warn(
                                    "a witness saw more than is signed now witness.name={} log.origin={} witness.size={}"
                                            + " ledger.tree_size={}",
                                    witness.name(),
                                    head.origin(),
                                    stored,
                                    head.treeSize());
                            return List.of();
                        }
                        seen.put(seat, stored);
                    }
                    default -> {
                        meters.asked(witness.name(), Request.REFUSED);
                        refused(witness, head, "it answered " + reply.statusCode());
                        return List.of();
                    }
                }
            }
            refused(witness, head, "its size changed " + Limits.WITNESS_ATTEMPTS + " times in a row");
        } catch (IOException | MalformedNoteException | NoteRejected e) {
            meters.asked(witness.name(), Request.FAILED);
            refused(witness, head, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            // Out of time: the round ended without it.
            meters.asked(witness.name(), Request.FAILED);
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private static AddCheckpointRequest request(Head head, long old) {
        List<NodeHash> proof = old == 0 || old == head.treeSize()
                ? List.of()
                : ConsistencyProof.build(head.nodes().get(), old, head.treeSize())
                        .hashes();
        return new AddCheckpointRequest(old, proof, head.note());
    }

    private HttpResponse<InputStream> send(URI url, AddCheckpointRequest request)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url)
                        .timeout(timeout)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.bytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static byte[] read(HttpResponse<InputStream> reply) throws IOException {
        try (InputStream body = reply.body()) {
            byte[] bytes = body.readNBytes(Limits.WITNESS_REPLY_BYTES + 1);
            if (bytes.length > Limits.WITNESS_REPLY_BYTES) {
                throw new IOException("its answer is longer than " + Limits.WITNESS_REPLY_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** Only signatures of this witness's key over this very note go into ours. */
    private static List<NoteSignature> verified(NoteKey key, Head head, byte[] body) throws NoteRejected {
        List<NoteSignature> lines = NoteSignature.parseLines(new String(body, StandardCharsets.UTF_8)).stream()
                .filter(line -> line.name().equals(key.name()) && line.keyId() == key.keyId())
                .toList();
        new SignedNote(head.note().text(), lines).verify(List.of(key));
        // One says it all; a witness that sends it a hundred times must not fill the note.
        return List.of(lines.getFirst());
    }

    private static void refused(WitnessPolicy.Witness witness, Head head, String reason) {
        LOG.warn(
                "no cosignature witness.name={} log.origin={} ledger.tree_size={} reason=\"{}\"",
                witness.name(),
                head.origin(),
                head.treeSize(),
                reason);
    }

    @Override
    public void requireNotBehind(Head log, LongSupplier storedNow) throws InterruptedException {
        Map<String, Future<?>> answers = new LinkedHashMap<>();
        for (WitnessPolicy.Witness witness : logPolicy.witnesses()) {
            URI url = addresses.get(witness.name());
            if (url != null) {
                answers.put(witness.name(), threads.submit(() -> requireNotBehind(witness, url, log, storedNow)));
            }
        }
        // The client's own time limit ends with the headers: a body that never ends must not hold up the start. Two
        // requests each.
        long deadline = System.nanoTime() + 2 * timeout.toNanos();
        for (Map.Entry<String, Future<?>> answer : answers.entrySet()) {
            try {
                answer.getValue().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                answer.getValue().cancel(true);
                notAsked(answer.getKey(), "it did not answer in time");
            } catch (ExecutionException e) {
                throw failure(e);
            }
        }
    }

    private void requireNotBehind(WitnessPolicy.Witness witness, URI url, Head log, LongSupplier storedNow) {
        try {
            // Asks with size 0, which every witness that knows the log answers with the size that it saw.
            HttpResponse<InputStream> reply = send(url, request(log, 0));
            byte[] body = read(reply);
            if (reply.statusCode() == 422) {
                throw new LedgerException.Corrupt("witness " + witness.name() + " saw another tree of " + log.treeSize()
                        + " leaves under " + log.origin() + ". " + HighWater.ADVICE);
            }
            if (reply.statusCode() != 409) {
                return;
            }
            long stored = WitnessedSize.parse(body).treeSize();
            if (stored > log.treeSize()) {
                long now = storedNow.getAsLong();
                if (stored > now) {
                    throw new LedgerException.Corrupt("witness " + witness.name() + " cosigned " + stored
                            + " leaves of " + log.origin() + ", but only " + now + " are stored. "
                            + HighWater.ADVICE);
                }
                return;
            }
            seen.put(new Seat(witness.name(), log.origin()), stored);
            HttpResponse<InputStream> consistent = send(url, request(log, stored));
            read(consistent);
            if (consistent.statusCode() == 422) {
                throw new LedgerException.Corrupt("witness " + witness.name() + " cosigned " + stored + " leaves of "
                        + log.origin() + " that are not the ones stored here. " + HighWater.ADVICE);
            }
        } catch (IOException | MalformedNoteException e) {
            notAsked(witness.name(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            // Out of time; said by who waited.
            Thread.currentThread().interrupt();
        }
    }

    private static void notAsked(String witness, String reason) {
        LOG.warn("a witness could not be asked at start witness.name={} reason=\"{}\"", witness, reason);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }
}
