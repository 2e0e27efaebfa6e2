package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A registry that publishes nothing without its witness, and a witness that is killed: two jars, three lives, no fork. */
class WitnessIT {

    private static final Duration COSIGNED_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private static List<String> keys(JsonNode log) {
        List<String> keys = new ArrayList<>();
        log.get("keys").forEach(key -> keys.add(key.asString()));
        return keys;
    }

    /** The verdict of the policy on the checkpoint that is served; only the whole quorum will do. */
    private static WitnessPolicy.Evaluation evaluate(Registry registry, String log, WitnessPolicy policy)
            throws Exception {
        return policy.evaluate(
                SignedNote.parse(registry.get(log + "/checkpoint").text()));
    }

    private static void requireWitnessed(Registry registry, WitnessPolicy policy, long size) throws Exception {
        for (String log : List.of("log", "evidence")) {
            WitnessPolicy.Evaluation verdict = evaluate(registry, log, policy);
            assertThat(verdict.quorumMet()).as(log).isTrue();
            assertThat(verdict.cosigned()).as(log).hasSize(2);
        }
        assertThat(evaluate(registry, "log", policy).checkpoint().treeSize()).isGreaterThanOrEqualTo(size);
    }

    @Test
    void registryIsCosignedThroughTheDeathOfItsWitness() throws Exception {
        // The registry's first life makes its keys, the witness's first command its own.
        ServerProcess alone = ServerProcess.in(work)
                .namespace("test")
                .set("lair.ledger.origin", "registry.example")
                .start(processes);
        JsonNode config = alone.registry().get("config.json").json();
        List<String> logKeys = new ArrayList<>(keys(config.get("log")));
        logKeys.addAll(keys(config.get("evidence")));
        assertThat(alone.stop()).isIn(0, 143);
        List<String> witnessKeys = WitnessProcess.keys(work, "--name", "witness.example/one", "--ml-dsa-44");
        assertThat(witnessKeys).hasSize(2).allMatch(key -> key.startsWith("witness.example/one+"));

        WitnessProcess witness = WitnessProcess.start(processes, work, 0, logKeys);
        WitnessPolicy policy = policy(logKeys, witnessKeys, witness.url().toString());
        Path policyFile = Files.writeString(work.resolve("policy"), policy.format());
        ServerProcess server = ServerProcess.in(work)
                .namespace("test")
                .set("lair.witness.policy-file", policyFile.toString())
                .set("lair.witness.mode", "closed")
                .start(processes);
        Registry registry = server.registry();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:witnessed");
        byte[] content = Wasm.module("witnessed");
        long first = registry.publish(author.name(), author.release("1.0.0", content), content);
        requireWitnessed(registry, policy, first + 1);
        monitoringSideShows(witness, registry);

        // Without its witness the registry keeps the record and shows nothing of it.
        witness.kill();
        SignedNote shown = SignedNote.parse(registry.get("log/checkpoint").text());
        var second = author.release("1.0.1", content);
        registry.submit(author.name(), second);
        assertThat(SignedNote.parse(registry.get("log/checkpoint").text()).text())
                .isEqualTo(shown.text());

        // The witness comes back, with all that it saw, and the record is published.
        WitnessProcess again =
                WitnessProcess.start(processes, work, witness.url().getPort(), logKeys);
        long leaf = registry.published(author.name(), second);
        requireWitnessed(registry, policy, leaf + 1);
        monitoringSideShows(again, registry);
        server.stop();
        assertThat(Fsck.requireClean(work, work.resolve("data"), Map.of()).leaves())
                .isEqualTo(leaf + 1);
    }

    private static WitnessPolicy policy(List<String> logKeys, List<String> witnessKeys, String url) {
        StringBuilder text = new StringBuilder();
        logKeys.forEach(key -> text.append("log ").append(key).append('\n'));
        text.append("witness ed25519 ")
                .append(witnessKeys.get(0))
                .append(' ')
                .append(url)
                .append('\n');
        text.append("witness ml-dsa ")
                .append(witnessKeys.get(1))
                .append(' ')
                .append(url)
                .append('\n');
        return WitnessPolicy.parse(
                text.append("group both all ed25519 ml-dsa\nquorum both\n").toString());
    }

    /** What the witness shows is what it cosigned last: a size that the registry has published, or is about to. */
    private static void monitoringSideShows(WitnessProcess witness, Registry registry) throws Exception {
        SignedNote published = SignedNote.parse(registry.get("log/checkpoint").text());
        String origin = published.text().lines().findFirst().orElseThrow();
        String hash = Digest.of(origin.getBytes(StandardCharsets.UTF_8)).hex();
        Await.answer("the witness to show the published checkpoint", COSIGNED_WITHIN, () -> {
            HttpReply reply = registry.get(witness.url() + "/" + hash + "/checkpoint");
            return reply.status() == 200
                            && SignedNote.parse(reply.text()).text().equals(published.text())
                    ? Optional.of(reply)
                    : Optional.empty();
        });
    }

    @Test
    void witnessTellsItsKeyAndKeepsIt() throws Exception {
        List<String> made = WitnessProcess.keys(work, "--name", "witness.example/two");
        assertThat(made).hasSize(1);
        assertThat(NoteKey.parse(made.getFirst()).name()).isEqualTo("witness.example/two");
        assertThat(WitnessProcess.keys(work)).isEqualTo(made);
    }
}
