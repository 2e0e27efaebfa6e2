package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.transparency.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server under strace: what it acknowledges is on disk before the first byte of the acknowledgement. */
class DurabilityTraceIT {

    private static final String CALLS =
            "trace=fsync,fdatasync,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,rename,renameat,renameat2";
    private static final String WAL = "/ledger.db-wal";
    private static final Pattern RENAME = Pattern.compile("\"([^\"]+)\".*\"([^\"]+)\"\\) = 0");

    @TempDir
    Path work;

    private final Processes processes = new Processes();

    @AfterEach
    void stop() {
        processes.close();
    }

    @Test
    void everyAcknowledgementComesAfterTheSyncOfWhatItAcknowledges() throws Exception {
        Path trace = work.resolve("trace");
        List<String> strace = strace(trace);
        ServerProcess server =
                ServerProcess.in(work).namespace("test").under(strace).start(processes);
        Registry registry = server.registry();
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:traced");
        byte[] content = Wasm.module("traced");
        PackageRecord sourcing = registry.submit(author.name(), author.release("1.0.0", content));
        assertThat(sourcing.getState()).isEqualTo(RecordState.SOURCING);
        assertThat(registry.upload(sourcing, content).status()).isEqualTo(201);
        PackageRecord yanked = registry.submit(author.name(), author.yank("1.0.0"));
        assertThat(yanked.getState()).isIn(RecordState.PROCESSING, RecordState.PUBLISHED);
        server.stop();

        SystemCalls calls = SystemCalls.read(trace);
        List<SystemCalls.Call> accepted = calls.replies(202);
        assertThat(accepted).as("202 for the release and for the yank").hasSize(2);
        List<SystemCalls.Call> created = calls.replies(201);
        assertThat(created).as("201 for the upload").hasSize(1);
        SystemCalls.Call sourcingReply = accepted.get(0);
        SystemCalls.Call uploadReply = created.getFirst();
        SystemCalls.Call yankReply = accepted.get(1);
        ledgerIsSynced(calls, -1, sourcingReply);
        ledgerIsSynced(calls, sourcingReply.end(), uploadReply);
        ledgerIsSynced(calls, uploadReply.end(), yankReply);
        contentIsSynced(calls, sourcingReply.end(), uploadReply, Digest.of(content));
    }

    /** There was a write to the ledger, and a sync between the last one and the reply. */
    private static void ledgerIsSynced(SystemCalls calls, int after, SystemCalls.Call reply) {
        List<SystemCalls.Call> writes =
                calls.between(after, reply.begin(), call -> call.isWrite() && call.onPathEnding(WAL));
        assertThat(writes).as("writes to the ledger before " + reply).isNotEmpty();
        int lastWrite = writes.getLast().end();
        assertThat(calls.between(lastWrite, reply.begin(), call -> call.isSync() && call.onPathEnding(WAL)))
                .as("syncs of the ledger after its last write and before " + reply)
                .anyMatch(sync -> sync.end() < reply.begin());
    }

    /** Bytes written, file synced, file named, folder of the name synced: in this order, all before the reply. */
    private static void contentIsSynced(SystemCalls calls, int after, SystemCalls.Call reply, Digest digest) {
        List<SystemCalls.Call> renames = calls.between(
                after,
                reply.begin(),
                call -> call.is("rename", "renameat", "renameat2")
                        && call.arguments().contains("/" + digest.hex() + "\""));
        assertThat(renames).as("the content gets its name once").hasSize(1);
        SystemCalls.Call rename = renames.getFirst();
        Matcher paths = RENAME.matcher(rename.arguments());
        assertThat(paths.find()).as(rename.toString()).isTrue();
        String temporary = paths.group(1);
        String folder = paths.group(2).substring(0, paths.group(2).lastIndexOf('/'));

        List<SystemCalls.Call> writes =
                calls.between(after, rename.begin(), call -> call.isWrite() && call.onPathEnding(temporary));
        assertThat(writes).as("writes to " + temporary).isNotEmpty();
        assertThat(calls.between(
                        writes.getLast().end(), rename.begin(), call -> call.isSync() && call.onPathEnding(temporary)))
                .as("syncs of the content between its last write and its name")
                .anyMatch(sync -> sync.end() < rename.begin());
        assertThat(calls.between(rename.end(), reply.begin(), call -> call.isSync() && call.onPathEnding(folder)))
                .as("syncs of the folder between the name and the reply")
                .anyMatch(sync -> sync.end() < reply.begin());
    }

    /** The tracer with what it needs, tried out first: containers may forbid it. */
    private List<String> strace(Path trace) throws Exception {
        String program = Checkout.program("strace").toString();
        for (List<String> speed : List.of(List.of("--seccomp-bpf"), List.<String>of())) {
            List<String> line = new ArrayList<>(List.of(program, "-f", "-y", "-s", "64", "-e", CALLS));
            line.addAll(speed);
            line.addAll(List.of("-o", trace.toString()));
            List<String> trial = new ArrayList<>(line);
            trial.add("true");
            if (Command.of(work, trial).within(Duration.ofSeconds(20)).run().exitCode() == 0) {
                return line;
            }
        }
        String skipped = "SKIPPED: strace is here but may not trace (ptrace is forbidden on this machine)";
        System.err.println(skipped);
        assumeTrue(false, skipped);
        throw new AssertionError("unreachable");
    }
}
