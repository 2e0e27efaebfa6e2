package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.registry.warg.WargBodies.ConsistencyRequest;
import dev.lair.registry.warg.WargBodies.InclusionRequest;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.Signer;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.StrictBase64;
import dev.lair.transparency.TimestampedCheckpoint;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code v1/proof/…} and {@code v1/verify/checkpoint}. */
class ProofTest extends HttpTest {

    private Checkpoint roots(long size) {
        return ledger.checkpoint(size).orElseThrow().contents().checkpoint();
    }

    @Test
    void consistencyProofLeadsFromOneCheckpointToTheOther() throws Exception {
        Author author = author();
        release(author, "1.0.0");
        long from = size();
        release(author, "1.0.1");
        release(author, "1.0.2");
        long to = size();
        JsonNode json =
                post("v1/proof/consistency", new ConsistencyRequest(from, to)).json(200);
        assertThat(names(json)).containsExactly("proof");
        LogProofBundle.parse(StrictBase64.decode(json.get("proof").asString()))
                .verifyConsistency(from, roots(from).logRoot(), to, roots(to).logRoot());
        post("v1/proof/consistency", new ConsistencyRequest(to, to)).json(200);
    }

    @Test
    void consistencyOfWhatCannotBeIsAFailure() {
        long size = size();
        post("v1/proof/consistency", new ConsistencyRequest(0L, size)).json(422);
        JsonNode error = post("v1/proof/consistency", new ConsistencyRequest(size + 1, size))
                .json(422);
        assertThat(names(error)).containsExactlyInAnyOrder("status", "reason", "message");
        assertThat(error.get("reason").asString()).isEqualTo("failure");
        post("v1/proof/consistency", new ConsistencyRequest(-1L, size)).json(422);
    }

    @Test
    void consistencyWithALengthThatNoCheckpointHasIsNotFound() {
        long size = size();
        post("v1/proof/consistency", new ConsistencyRequest(1L, size + 1))
                .requireError(404, "\"type\":\"logLength\",\"id\":" + (size + 1));
    }

    @Test
    void inclusionProofsOfHeadsVerifyInLogAndMapAndKeepTheirOrder() throws Exception {
        Author one = author();
        Author two = author();
        long first = release(one, "1.0.0");
        long second = release(two, "1.0.0");
        requireInclusion(size(), List.of(second, first));
        requireInclusion(size(), List.of(first));
    }

    @Test
    void inclusionProofsAreGivenForOlderCheckpoints() throws Exception {
        Author author = author();
        long first = release(author, "1.0.0");
        long then = size();
        release(author, "1.0.1");
        release(author(), "1.0.0");
        requireInclusion(then, List.of(first));
    }

    private void requireInclusion(long size, List<Long> leaves) throws Exception {
        JsonNode json =
                post("v1/proof/inclusion", new InclusionRequest(size, leaves)).json(200);
        assertThat(names(json)).containsExactlyInAnyOrder("log", "map");
        Map<Long, LeafHash> hashes = new LinkedHashMap<>();
        List<MapProofBundle.Head> heads = new ArrayList<>();
        for (long leaf : leaves) {
            var entry = ledger.entryAt(leaf).orElseThrow();
            hashes.put(leaf, entry.leaf().hash());
            heads.add(new MapProofBundle.Head(entry.logId(), entry.recordId()));
        }
        LogProofBundle.parse(StrictBase64.decode(json.get("log").asString()))
                .verifyInclusion(size, roots(size).logRoot(), hashes);
        MapProofBundle.parse(StrictBase64.decode(json.get("map").asString()))
                .verifyPresence(heads, roots(size).mapRoot());
    }

    @Test
    void recordThatIsNotTheHeadOfItsLogIsNotIncluded() {
        Author author = author();
        long first = release(author, "1.0.0");
        release(author, "1.0.1");
        post("v1/proof/inclusion", new InclusionRequest(size(), List.of(first)))
                .requireError(422, "\"reason\":\"packageNotIncluded\",\"log_id\":\"" + author.log() + "\"");
    }

    @Test
    void leafBeyondTheLengthIsNotFound() {
        Author author = author();
        release(author, "1.0.0");
        long then = size();
        long later = release(author, "1.0.1");
        for (long leaf : new long[] {later, Long.MAX_VALUE, -1}) {
            post("v1/proof/inclusion", new InclusionRequest(then, List.of(leaf)))
                    .requireError(404, "\"type\":\"leaf\",\"id\":" + leaf);
        }
    }

    @Test
    void inclusionAtALengthThatNoCheckpointHasIsNotFound() {
        long size = size();
        post("v1/proof/inclusion", new InclusionRequest(size + 1, List.of(0L)))
                .requireError(404, "\"type\":\"logLength\",\"id\":" + (size + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001, 100_000})
    void proofNamesOneTo1000Leaves(int count) {
        JsonNode error = post("v1/proof/inclusion", new InclusionRequest(size(), Collections.nCopies(count, 0L)))
                .json(422);
        assertThat(error.get("reason").asString()).isEqualTo("failure");
        assertThat(error.get("message").asString()).contains("1 to 1000").contains(Integer.toString(count));
    }

    @Test
    void sameLeafAThousandTimesIsProvenAThousandTimes() throws Exception {
        long leaf = release(author(), "1.0.0");
        JsonNode json = post("v1/proof/inclusion", new InclusionRequest(size(), Collections.nCopies(1000, leaf)))
                .json(200);
        assertThat(MapProofBundle.parse(StrictBase64.decode(json.get("map").asString()))
                        .proofs())
                .hasSize(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"logLength\":1,\"leafs\":[null]}",
                "{\"logLength\":1,\"leafs\":[\"0\"]}",
                "{\"leafs\":[0]}"
            })
    void inclusionRequestThatIsNotOneIsRefused(String body) {
        post("v1/proof/inclusion", body).requireMessage(400, "the JSON body is not valid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"from\":1}", "{\"from\":1,\"to\":\"2\"}", "{\"from\":1,\"to\":2,\"more\":3}"})
    void consistencyRequestThatIsNotOneIsRefused(String body) {
        post("v1/proof/consistency", body).requireMessage(400, "the JSON body is not valid");
    }

    private void requireVerdict(SignedCheckpoint shown, String checkpoint, String signature) {
        JsonNode json = post("v1/verify/checkpoint", CheckpointBody.of(shown)).json(200);
        assertThat(names(json)).containsExactlyInAnyOrder("checkpoint", "signature");
        assertThat(json.get("checkpoint").asString()).isEqualTo(checkpoint);
        assertThat(json.get("signature").asString()).isEqualTo(signature);
    }

    private static SignedCheckpoint sign(Checkpoint roots, long time, Signer signer) {
        return SignedCheckpoint.sign(new TimestampedCheckpoint(roots, time), signer);
    }

    @Test
    void verdictsOnCheckpoints() {
        release(author(), "1.0.0");
        SignedCheckpoint ours = ledger.checkpoint().orElseThrow();
        long time = ours.contents().epochSeconds();
        Checkpoint roots = ours.contents().checkpoint();
        RootHash other = RootHash.ofBytes(new byte[32]);
        PrivateKey stranger = PrivateKey.generate(new SecureRandom());

        requireVerdict(ours, "verified", "verified");
        requireVerdict(sign(roots, time + 9, OperatorKeyFile.KEY), "verified", "verified");
        requireVerdict(sign(roots, time, stranger), "verified", "invalid");
        SignedCheckpoint forged = new SignedCheckpoint(
                ours.contents(), ours.keyId(), sign(roots, time, stranger).signature());
        requireVerdict(forged, "verified", "invalid");
        for (Checkpoint bad : List.of(
                new Checkpoint(other, roots.logLength(), roots.mapRoot()),
                new Checkpoint(roots.logRoot(), roots.logLength(), other),
                new Checkpoint(roots.logRoot(), roots.logLength() + 1, roots.mapRoot()),
                new Checkpoint(roots.logRoot(), 0, roots.mapRoot()))) {
            requireVerdict(sign(bad, time, OperatorKeyFile.KEY), "invalid", "verified");
            requireVerdict(sign(bad, time, stranger), "invalid", "invalid");
        }
        requireVerdict(ledger.checkpoint(1).orElseThrow(), "verified", "verified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logLength", "timestamp"})
    void checkpointOfANegativeNumberIsRefused(String member) {
        SignedCheckpoint ours = ledger.checkpoint().orElseThrow();
        String text = new String(WargJson.write(CheckpointBody.of(ours)));
        post("v1/verify/checkpoint", text.replaceFirst("\"" + member + "\":[0-9]+", "\"" + member + "\":-1"))
                .json(400);
    }
}
