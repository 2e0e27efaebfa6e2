package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lair.storage.EvidenceScript;
import dev.lair.storage.LedgerScript;
import dev.lair.storage.Storage;
import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A second process that opens a data folder and commits and publishes batch after batch, each with one entry of
 * evidence, until it is killed. It prints a line for each batch when it is published: size of the ledger then. If it may
 * not open the folder it prints why.
 */
final class CommittingProcess {

    /** Records in each batch. */
    static final int BATCH = 7;

    private static final String REFUSED = "refused: ";

    private final Process process;
    private final BufferedReader output;

    private CommittingProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    static CommittingProcess run(Path folder) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProcess.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new CommittingProcess(process);
    }

    /** The content that goes with the batch that ends at {@code size}. */
    static byte[] content(long size) {
        return ("content " + size).getBytes(UTF_8);
    }

    /** Why the process may not open the folder; it has ended then. */
    String refusal() throws Exception {
        String line = output.readLine();
        if (line == null || !line.startsWith(REFUSED)) {
            process.destroyForcibly();
            throw new AssertionError("the process was to be refused and said: " + line);
        }
        process.waitFor();
        return line.substring(REFUSED.length());
    }

    /** Waits until it has published the next batch and answers the size. */
    long next() throws Exception {
        return Long.parseLong(String.valueOf(output.readLine()));
    }

    /** Lets it publish {@code batches}, kills it with SIGKILL in the midst and answers the last size it acknowledged. */
    long killAfter(int batches) throws Exception {
        long size = 0;
        for (int i = 0; i < batches; i++) {
            size = next();
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
        LedgerScript script = new LedgerScript();
        EvidenceScript evidence = new EvidenceScript();
        try (Storage storage = EmbeddedStorage.open(Path.of(arguments[0]), new TestClock())) {
            while (true) {
                byte[] content = content(script.state().treeSize() + BATCH);
                storage.contents().put(Digest.of(content), new ByteArrayInputStream(content), content.length);
                script.commit(storage.ledger(), BATCH);
                evidence.append(storage.evidence(), 1);
                storage.ledger()
                        .publish(LedgerScript.publication(
                                script.state(), 1_800_000_000, evidence.state().treeSize()));
                // One write, so that a kill cannot split the line.
                System.out.print(script.state().treeSize() + "\n");
                System.out.flush();
            }
        } catch (DataFolderInUseException e) {
            System.out.println(REFUSED + e.getMessage());
        }
    }
}
