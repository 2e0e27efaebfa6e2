package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server tells of a release, before and after a restart and after its facts were lost; and {@code recheck}, which
 * says what a validator with fewer features would think of it.
 */
class RecheckIT {

    /** A component with a type of a gated feature, {@code (type error-context)}. */
    private static final byte[] GATED = HexFormat.of().parseHex("0061736d0d00010007020164");

    private static final Map<String, String> FEATURES = Map.of("lair.publish.features", "error-context");

    private static final String VERSION = "api/v1/packages/test/gated/versions/1.0.0";

    @TempDir
    private Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private ServerProcess start() throws Exception {
        return ServerProcess.in(work).namespace("test").set(FEATURES).start(processes);
    }

    private Command.Result recheck(Map<String, String> settings, String... more) throws Exception {
        return Fsck.command("recheck", work, work.resolve("data"), settings, List.of(more));
    }

    @Test
    void factsSurviveARestartAndTheirLossAndRecheckSaysWhatWouldDiffer() throws Exception {
        ServerProcess server = start();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:gated");
        server.registry().publish(author.name(), author.release("1.0.0", GATED), GATED);
        byte[] told = server.registry().get(VERSION).body();
        JsonNode document = JsonMapper.shared().readTree(told);
        assertThat(document.get("digest").asString()).isEqualTo(Digest.of(GATED).toString());
        assertThat(document.get("content").get("validation").get("verdict").asString())
                .isEqualTo("valid");
        LairClient reader = new LairClient(work.resolve("reader"), server.url());
        Files.write(reader.folder().resolve("it.wasm"), GATED);
        assertThat(reader.json(0, "inspect", "it.wasm", "--features", "error-context")
                        .get("content"))
                .as("lair inspect says of the file what the registry says")
                .isEqualTo(document.get("content"));
        server.stop();

        Path facts = work.resolve("data").resolve("facts.db");
        assertThat(facts).exists();
        server = start();
        assertThat(server.registry().get(VERSION).body()).isEqualTo(told);
        server.stop();

        Files.delete(facts);
        server = start();
        assertThat(server.registry().get(VERSION).body()).isEqualTo(told);
        server.stop();

        assertThat(recheck(FEATURES).succeeded().out()).contains("rechecked 1 releases: 0 differ");
        Command.Result differs = recheck(Map.of(), "--json");
        assertThat(differs.exitCode()).as(differs.toString()).isEqualTo(Fsck.DIFFERENCE);
        JsonNode line = JsonMapper.shared().readTree(differs.out());
        assertThat(line.get("name").asString()).isEqualTo("test:gated");
        assertThat(line.get("stored").get("content").asString()).isEqualTo("valid");
        assertThat(line.get("today").get("content").asString())
                .startsWith("invalid: ")
                .contains("error-context");

        // It altered nothing: what is told is what was kept, also by a server that would refuse it today.
        ServerProcess stricter = ServerProcess.in(work).namespace("test").start(processes);
        assertThat(stricter.registry().get(VERSION).body()).isEqualTo(told);
        stricter.stop();
        Fsck.requireClean(work, work.resolve("data"), Map.of());
    }
}
