package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.model.InclusionResponse;
import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogLeaf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at each place where a promise was given: nothing acknowledged is lost, nothing proven becomes untrue. */
class CrashIT {

    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private ServerProcess.Options server() {
        return ServerProcess.in(work).namespace("test");
    }

    /** {@code fsck} finds nothing wrong in what the dead server left. */
    private void requireClean() throws Exception {
        Fsck.requireClean(work, work.resolve("data"), Map.of());
    }

    @Test
    void recordThatWasAcknowledgedBeforeItsCheckpointSurvivesAndOldProofsStayValid() throws Exception {
        PackageAuthor old = new PackageAuthor(Keys.BOB, "test:old");
        PackageAuthor other = new PackageAuthor(Keys.ALICE, "test:other");
        byte[] content = Wasm.module("of the old package");
        ServerProcess first = server().start(processes);
        first.registry().publish(old.name(), old.release("1.0.0", content), content);
        first.registry().publish(other.name(), other.release("1.0.0", content));
        SignedCheckpoint seen = first.registry().checkpoint();
        long length = seen.contents().checkpoint().logLength();
        List<LogLeaf> leaves = Registry.leaves(first.registry().ledger());
        Audit.Heads heads = Audit.Heads.of(leaves, length);
        InclusionResponse proofs = first.registry()
                .proveInclusion(length, List.copyOf(heads.leafHashes().keySet()));
        Registry.Logs logs = first.registry()
                .logs(length, List.of(old.name().logId(), other.name().logId()));
        first.stop();

        // No checkpoint will cover what is published now.
        ServerProcess frozen = server().set("lair.ledger.checkpoint-interval", "1h")
                .set("lair.publish.answer-within", "100ms")
                .start(processes);
        SignedPackageRecord yank = old.yank("1.0.0");
        assertThat(frozen.registry().submit(old.name(), yank).getState()).isEqualTo(RecordState.PROCESSING);
        PackageAuthor uploaded = new PackageAuthor(Keys.BOB, "test:uploaded");
        byte[] fresh = Wasm.module("uploaded before the crash");
        SignedPackageRecord release = uploaded.release("1.0.0", fresh);
        HttpReply created = frozen.registry().upload(frozen.registry().submit(uploaded.name(), release), fresh);
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        assertThat(created.json().path("state").asString()).isEqualTo("processing");
        assertThat(frozen.registry().length())
                .as("the checkpoint before the crash")
                .isEqualTo(length);
        frozen.kill();
        requireClean();

        Registry registry = server().start(processes).registry();
        assertThat(registry.published(old.name(), yank)).isEqualTo(length);
        assertThat(registry.published(uploaded.name(), release)).isEqualTo(length + 1);
        assertThat(registry.download(Digest.of(fresh))).isEqualTo(fresh);
        Audit audit = Audit.of(registry);
        assertThat(audit.checkpoint().logLength()).isEqualTo(length + 2);
        audit.extendsCheckpoint(registry, seen);
        heads.verify(proofs.getLog(), proofs.getMap(), seen.contents().checkpoint());
        assertThat(audit.leaves().subList(0, Math.toIntExact(length)))
                .as("log and record ids of what was there before")
                .isEqualTo(leaves);
        assertThat(registry.logs(
                        length, List.of(old.name().logId(), other.name().logId())))
                .as("the logs as of the old checkpoint")
                .isEqualTo(logs);
        InclusionResponse again =
                registry.proveInclusion(length, List.copyOf(heads.leafHashes().keySet()));
        heads.verify(again.getLog(), again.getMap(), seen.contents().checkpoint());
    }

    @Test
    void killAtRandomMomentsOfAStreamOfPublishesLosesNothingThatWasAcknowledged() throws Exception {
        long seed = Long.getLong("lair.e2e.seed", System.nanoTime());
        PublishStream stream = new PublishStream(seed);
        ServerProcess server = server().start(processes);
        List<Audit> audits = new ArrayList<>();
        for (int round = 0; round < PublishStream.ROUNDS; round++) {
            stream.publishUntilKilled(server);
            requireClean();
            server = server().start(processes);
            Registry registry = server.registry();
            try {
                stream.settle(registry);
                Audit audit = Audit.of(registry);
                stream.check(registry, audit);
                audits.add(audit);
            } catch (Throwable e) {
                throw new AssertionError(
                        "round " + round + " of -Dlair.e2e.seed=" + seed + "; the server's log:\n" + server.log(), e);
            }
        }

        assertThat(audits.getLast().leaves())
                .startsWith(audits.getFirst().leaves().toArray(LogLeaf[]::new));
        assertThat(stream.acknowledged()).as("acknowledged records").hasSizeGreaterThan(PublishStream.ROUNDS * 4);
    }

    @Test
    void recordThatWaitedForItsContentWaitsForItAfterACrash() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:waiting");
        byte[] content = Wasm.module("comes after the crash");
        SignedPackageRecord record = author.release("1.0.0", content);
        ServerProcess first = server().start(processes);
        PackageRecord sourcing = first.registry().submit(author.name(), record);
        assertThat(sourcing.getState()).isEqualTo(RecordState.SOURCING);
        first.kill();
        requireClean();

        Registry registry = server().start(processes).registry();
        assertThat(registry.status(author.name(), record).getState()).isEqualTo(RecordState.SOURCING);
        HttpReply upload = registry.upload(sourcing, content);
        assertThat(upload.status()).as(upload.toString()).isEqualTo(201);
        assertThat(registry.published(author.name(), record)).isEqualTo(1);
        assertThat(registry.download(Digest.of(content))).isEqualTo(content);
        Audit.of(registry);
    }

    @Test
    void secondServerOnTheSameDataFolderIsRefused() throws Exception {
        ServerProcess first = server().start(processes);
        Registry.State before = first.registry().state();
        Path log = work.resolve("second.log");

        Process second = server().begin(processes, log);

        assertThat(second.waitFor(REFUSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS))
                .as("the second server ends")
                .isTrue();
        String said = Files.readString(log);
        assertThat(second.exitValue()).as(said).isNotZero();
        assertThat(said).contains("error: ").contains(work.resolve("data").toString());
        assertThat(said.lines()
                        .filter(line -> line.startsWith("error: "))
                        .findFirst()
                        .orElseThrow())
                .as("the message says that the folder is in use")
                .containsPattern("in use|already|another|open");
        assertThat(first.registry().state()).isEqualTo(before);
    }
}
