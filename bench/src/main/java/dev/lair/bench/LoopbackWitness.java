package dev.lair.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lair.signing.note.AddCheckpointRequest;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.signing.note.WitnessedSize;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.ProofRejected;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A witness inside the bench (c2sp.org/tlog-witness): it checks the log's signature and the consistency proof, and keeps
 * what it cosigns in a synced file before it answers, like one that somebody relies on.
 */
final class LoopbackWitness implements AutoCloseable {

    static {
        // Its server sends head and body apart; without this the second waits for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final String QUORUM = "all-of-them";

    private final String name;
    private final NotePrivateKey key;
    private final List<NoteKey> logKeys;
    private final Path folder;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Clock clock = Clock.systemUTC();

    /** Guarded by this. */
    private final Map<String, CheckpointText> seen = new HashMap<>();

    LoopbackWitness(String name, List<NoteKey> logKeys, Path folder) throws IOException {
        this.name = name;
        this.key =
                NotePrivateKey.generate(NoteKeyType.COSIGNATURE_ED25519, "witness.example/" + name, new SecureRandom());
        this.logKeys = List.copyOf(logKeys);
        this.folder = Files.createDirectories(folder);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/add-checkpoint", this::addCheckpoint);
        server.setExecutor(threads);
        server.start();
    }

    /** A policy that wants every one of these. */
    static WitnessPolicy policy(List<LoopbackWitness> witnesses) {
        List<WitnessPolicy.Voter> voters = new ArrayList<>();
        for (LoopbackWitness witness : witnesses) {
            voters.add(new WitnessPolicy.Witness(witness.name, witness.key.key(), Optional.of(witness.url())));
        }
        voters.add(new WitnessPolicy.Group(
                QUORUM,
                witnesses.size(),
                witnesses.stream().map(witness -> witness.name).toList()));
        return new WitnessPolicy(List.of(), voters, QUORUM);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private record Answer(int status, String body) {}

    private void addCheckpoint(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = answer(AddCheckpointRequest.parse(exchange.getRequestBody().readAllBytes()));
        } catch (MalformedNoteException | MalformedCheckpointException e) {
            answer = new Answer(400, e.getMessage() + "\n");
        } catch (NoteRejected e) {
            answer = new Answer(403, e.getMessage() + "\n");
        }
        if (answer.status() == 409) {
            exchange.getResponseHeaders().set("Content-Type", WitnessedSize.CONTENT_TYPE);
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Answer answer(AddCheckpointRequest request) throws NoteRejected, IOException {
        SignedNote note = request.checkpoint();
        note.verify(logKeys);
        CheckpointText checkpoint = CheckpointText.parse(note.text());
        if (request.oldSize() > checkpoint.treeSize()) {
            return new Answer(400, "the old size is larger than the checkpoint's\n");
        }
        NoteSignature cosignature =
                key.signer().sign(note.text(), clock.instant().getEpochSecond());
        synchronized (this) {
            CheckpointText last = seen.get(checkpoint.origin());
            long known = last == null ? 0 : last.treeSize();
            if (known != request.oldSize()) {
                return new Answer(409, new WitnessedSize(known).format());
            }
            if (!extendsLast(request, last, checkpoint)) {
                return new Answer(422, "the proof does not lead from what was cosigned to this checkpoint\n");
            }
            keep(note, checkpoint.origin());
            seen.put(checkpoint.origin(), checkpoint);
        }
        return new Answer(200, NoteSignature.formatLines(List.of(cosignature)));
    }

    private static boolean extendsLast(
            AddCheckpointRequest request, @Nullable CheckpointText last, CheckpointText next) {
        if (last == null) {
            return request.proof().isEmpty();
        }
        if (last.treeSize() == next.treeSize()) {
            return last.root().equals(next.root());
        }
        try {
            request.consistency(next.treeSize()).verify(last.root(), next.root());
            return true;
        } catch (ProofRejected e) {
            return false;
        }
    }

    /** A crash leaves the old file or the new one; nothing is cosigned that is not in it. */
    private void keep(SignedNote note, String origin) throws IOException {
        Path file = folder.resolve(origin.replaceAll("[^a-z0-9]", "-"));
        Path draft = folder.resolve(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(note.bytes()));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder)) {
            directory.force(true);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
