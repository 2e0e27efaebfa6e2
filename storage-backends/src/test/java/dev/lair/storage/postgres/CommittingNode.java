package dev.lair.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.storage.LedgerScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;

/**
 * A node in a process of its own that commits batch after batch until it is killed. It prints the size of the ledger
 * for each batch when the commit has returned.
 */
final class CommittingNode {

    /** Records in each batch. */
    static final int BATCH = 7;

    private final Process process;
    private final BufferedReader output;

    private CommittingNode(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    /** Starts it; the password goes through its input, since everybody sees arguments. */
    static CommittingNode run(PostgresSettings settings) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingNode.class.getName(),
                        settings.jdbcUrl(),
                        settings.user(),
                        String.valueOf(settings.schema())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Writer input = process.outputWriter(UTF_8)) {
            input.write(settings.password() + "\n");
        }
        return new CommittingNode(process);
    }

    /** Lets it commit {@code batches}, kills it with SIGKILL in the midst and answers the last size it acknowledged. */
    long killAfter(int batches) throws Exception {
        long size = 0;
        for (int i = 0; i < batches; i++) {
            size = Long.parseLong(String.valueOf(output.readLine()));
        }
        // Not Process.destroyForcibly, which would close the output before its last lines are read.
        process.toHandle().destroyForcibly();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            size = Long.parseLong(line);
        }
        process.waitFor();
        return size;
    }

    public static void main(String[] arguments) throws Exception {
        String password = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        PostgresSettings settings = PostgresSettings.of(arguments[0], arguments[1], String.valueOf(password))
                .inSchema(arguments[2]);
        LedgerScript script = new LedgerScript();
        try (PostgresLedger opened = PostgresStorage.open(settings)) {
            while (true) {
                script.commit(opened.ledger(), BATCH);
                // One write, so that a kill cannot split the line.
                System.out.print(script.state().treeSize() + "\n");
                System.out.flush();
            }
        }
    }
}
