package dev.lair.server.operations;

import dev.lair.storage.LedgerState;
import dev.lair.storage.embedded.EmbeddedStorage;
import dev.lair.storage.embedded.LedgerBackup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Copies a data folder, whose server may run. What is copied is the primary state: the ledger with checkpoints, evidence
 * and submissions, the sealed keys, and the contents. Left out on purpose: {@code snapshots} are derived; {@code high-water}
 * must not come back with a backup, because it is what tells that one was restored; {@code master.key} does not belong
 * beside what it opens.
 */
@Command(
        name = "backup",
        description = "Copies a data folder, also while its server runs.",
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "The copy is an older state from the moment on at which the server publishes again: a server that is started",
            "on it refuses to sign if it can tell (docs/OPERATIONS.md, \"When a backup was restored\").",
            "master.key is not copied: keep it apart from what it opens."
        })
final class BackupCommand implements Callable<Integer> {

    /** What a copy consists of besides the ledger, in the order in which it is copied. */
    static final List<String> FOLDERS = List.of("keys", "contents");

    @Option(names = "--data", paramLabel = "DIR", description = "data folder (default: lair-data)")
    private Path data = Path.of("lair-data");

    @Parameters(index = "0", paramLabel = "TARGET", description = "folder that the copy makes; it must not exist")
    private Path target = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    BackupCommand() {}

    @Override
    public Integer call() throws IOException {
        if (!EmbeddedStorage.holdsRegistry(data)) {
            throw new IOException("there is no registry in `" + data.toAbsolutePath() + "`");
        }
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException("`" + target + "` exists; a backup never replaces anything");
        }
        Files.createDirectories(target);
        // The ledger first: every content that it names is there by now, and stays.
        LedgerState state = LedgerBackup.copy(data, target.resolve("ledger.db"));
        long files = 0;
        for (String folder : FOLDERS) {
            files += copyFolder(data.resolve(folder), target.resolve(folder));
        }
        sync(target);
        spec.commandLine().getOut().println("copied " + state + ", " + files + " files of contents and keys");
        return 0;
    }

    private static long copyFolder(Path from, Path to) throws IOException {
        long files = 0;
        if (!Files.isDirectory(from)) {
            return files;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(from)) {
            found = all.toList();
        }
        for (Path one : found) {
            Path relative = from.relativize(one);
            if (relative.startsWith("tmp") || String.valueOf(one.getFileName()).startsWith(".")) {
                // Half-written; nobody was promised anything about it.
                continue;
            }
            Path copy = to.resolve(relative);
            if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(copy);
                copyMode(one, copy);
            } else if (Files.exists(one)) {
                // Otherwise it was an unreferenced upload that was collected meanwhile.
                Files.copy(one, copy, StandardCopyOption.COPY_ATTRIBUTES);
                sync(copy);
                files++;
            }
        }
        for (Path one : found) {
            Path copy = to.resolve(from.relativize(one));
            if (Files.isDirectory(copy)) {
                sync(copy);
            }
        }
        return files;
    }

    private static void copyMode(Path from, Path to) throws IOException {
        if (from.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
