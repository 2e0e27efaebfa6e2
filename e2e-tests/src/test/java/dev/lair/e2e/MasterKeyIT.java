package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One registry through the three sources of its master key, with {@code lair rekey} between them. */
class MasterKeyIT {

    private static final String KEY = "0123456789abcdef".repeat(4);

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    private ServerProcess.Options server() {
        return ServerProcess.in(work).namespace("test").set("lair.ledger.origin", "registry.example");
    }

    @Test
    void registryGoesOnUnderAnotherMasterKeyFromAnotherSource() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:package");
        ServerProcess server =
                server().under(List.of("env", "LAIR_MASTER_KEY=" + KEY)).start(processes);
        byte[] first = Wasm.module("first");
        server.registry().publish(author.name(), author.release("1.0.0", first), first);
        assertThat(server.log()).doesNotContain(KEY).doesNotContain("names no setting");
        assertThat(server.stop()).isIn(0, 143);
        assertThat(work.resolve("data/master.key")).doesNotExist();

        Path next = work.resolve("next.key");
        List<String> rekey =
                List.of("rekey", "--data", work.resolve("data").toString(), "--new-master-key", next.toString());
        Command.Result unnamed = Command.server(work, rekey).run();
        assertThat(unnamed.exitCode()).as(unnamed.toString()).isEqualTo(1);
        assertThat(unnamed.err()).contains("LAIR_MASTER_KEY");
        Command.Result done =
                Command.server(work, rekey).with("LAIR_MASTER_KEY", KEY).run().succeeded();
        assertThat(done.out()).contains("keys anew").contains("in place of variable LAIR_MASTER_KEY");
        assertThat(done.toString()).doesNotContain(KEY);

        String refused =
                server().under(List.of("env", "LAIR_MASTER_KEY=" + KEY)).refused(processes);
        assertThat(refused).contains("does not open the key store").doesNotContain(KEY);
        String both = server().under(List.of("env", "LAIR_MASTER_KEY=" + KEY))
                .set("lair.master-key-file", next.toString())
                .refused(processes);
        assertThat(both).contains("one source").doesNotContain(KEY);

        Path script = work.resolve("print-key");
        String text = HexFormat.of().formatHex(Files.readAllBytes(next));
        Files.writeString(script, "#!/bin/sh\n[ -z \"$LAIR_MASTER_KEY\" ] && echo \"$1\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        ServerProcess again =
                server().set("lair.master-key-command", script + "," + text).start(processes);
        byte[] second = Wasm.module("second");
        again.registry().publish(author.name(), author.release("1.1.0", second), second);
        assertThat(Audit.of(again.registry()).operator().namespaces()).containsOnlyKeys("test");
        assertThat(again.log()).doesNotContain(text);
    }

    @Test
    void masterKeyOnTheCommandLineStopsTheStart() throws Exception {
        String refused = server().set("lair.master-key", KEY).refused(processes);
        assertThat(refused).contains("`lair.master-key` is no setting").doesNotContain(KEY);
    }
}
