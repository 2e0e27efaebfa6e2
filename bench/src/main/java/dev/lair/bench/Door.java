package dev.lair.bench;

import dev.lair.bench.HttpConnection.Reply;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargBodies.InclusionResponse;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.RecordStatus.State;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PublicKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.ProofRejected;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The warg door as one client uses it, over one connection; replies are checked as a careful client does. */
final class Door implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final String JSON = WargJson.CONTENT_TYPE;

    private final HttpConnection http;
    private final PublicKey operator;

    Door(InetSocketAddress server, PublicKey operator) throws IOException {
        this.http = new HttpConnection(server);
        this.operator = operator;
    }

    /**
     * Hands in the record, uploads its content, and waits until the registry says that it is published.
     *
     * @return its leaf index
     */
    long publish(Release release) throws IOException {
        Reply taken = expect(202, http.post(release.target(), JSON, release.body()), "the record");
        if (!taken.text().contains(release.upload().substring(1))) {
            throw new IOException("the registry does not ask for the content: " + taken.text());
        }
        Reply reply =
                expect(201, http.post(release.upload(), "application/octet-stream", release.content()), "the content");
        RecordStatus status = read(reply, RecordStatus.class);
        while (status.state() == State.PROCESSING) {
            Pace.rest(POLL);
            Reply again = http.get("/" + WargPaths.packageRecord(release.log(), release.record()));
            status = read(expect(200, again, "the record's state"), RecordStatus.class);
        }
        Long leaf = status.registryIndex();
        if (status.state() != State.PUBLISHED || leaf == null) {
            throw new IOException("not published: " + reply.text());
        }
        return leaf;
    }

    /** The newest published checkpoint, its signature verified. */
    SignedCheckpoint checkpoint() throws IOException {
        Reply reply = expect(200, http.get("/" + WargPaths.FETCH_CHECKPOINT), "the checkpoint");
        SignedCheckpoint checkpoint = read(reply, CheckpointBody.class).signedCheckpoint();
        if (!checkpoint.verify(operator, EcdsaP256.INSTANCE)) {
            throw new IOException("the checkpoint is not signed by the operator: " + reply.text());
        }
        return checkpoint;
    }

    /** Has the registry prove against its newest checkpoint that this leaf is its log's newest, and verifies that. */
    void prove(LogLeaf leaf, long index) throws IOException {
        Checkpoint roots = checkpoint().contents().checkpoint();
        if (index >= roots.logLength()) {
            throw new IOException(
                    "leaf " + index + " is called published, but the checkpoint covers only " + roots.logLength());
        }
        byte[] request = WargJson.write(new InclusionRequest(roots.logLength(), List.of(index)));
        Reply reply = expect(200, http.post("/" + WargPaths.PROVE_INCLUSION, JSON, request), "the proof");
        InclusionResponse proof = read(reply, InclusionResponse.class);
        try {
            LogProofBundle.parse(proof.log())
                    .verifyInclusion(roots.logLength(), roots.logRoot(), Map.of(index, leaf.hash()));
            MapProofBundle.parse(proof.map())
                    .verifyPresence(List.of(new MapProofBundle.Head(leaf.logId(), leaf.recordId())), roots.mapRoot());
        } catch (ProofRejected e) {
            throw new IOException("the proof of leaf " + index + " is wrong: " + e.getMessage(), e);
        }
    }

    /** Any page, as text. */
    Reply get(String target) throws IOException {
        return http.get(target);
    }

    private static Reply expect(int status, Reply reply, String what) throws IOException {
        if (reply.status() != status) {
            throw new IOException(
                    what + " was answered " + reply.status() + ": " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return reply;
    }

    private static <T> T read(Reply reply, Class<T> type) throws IOException {
        try {
            return WargJson.readReply(reply.body(), type);
        } catch (MalformedBodyException e) {
            throw new IOException("the registry's reply is malformed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
