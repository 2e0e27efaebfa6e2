package dev.lair.server.operations;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.S3Settings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.storage.LedgerState;
import dev.lair.storage.embedded.LedgerBackup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Copies a data folder, whose server may run. What is copied is the primary state: the ledger with checkpoints, evidence
 * and submissions, the sealed keys, and the contents. What is not is in {@link #LEFT_OUT}, each with its reason. A
 * database and a bucket have tools of their own; of those it says what they must do.
 */
@Command(
        name = "backup",
        description = {
            "Copies a data folder, also while its server runs.",
            "For a registry in a database it copies nothing, and says what to run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = ServerVersion.class,
        footer = {
            "",
            "The copy is an older state from the moment on at which the server publishes again: a server that is started",
            "on it refuses to sign if it can tell (docs/OPERATIONS.md, \"When a backup was restored\").",
            "master.key is not copied: keep it apart from what it opens.",
            "Exit codes: 0 copied, 1 not copied."
        })
final class BackupCommand implements Callable<Integer> {

    /** What a copy consists of besides the ledger, in the order in which it is copied. */
    static final List<String> FOLDERS = List.of(DataFolder.KEYS, DataFolder.CONTENTS);

    /** What else is in a data folder, and why a backup does not have it. */
    static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry(DataFolder.LEDGER + "-wal", "part of the ledger, and copied with it by SQLite"),
            Map.entry(DataFolder.LEDGER + "-shm", "part of the ledger, and copied with it by SQLite"),
            Map.entry(DataFolder.REGISTRY + "-wal", "part of the accounts, and copied with them by SQLite"),
            Map.entry(DataFolder.REGISTRY + "-shm", "part of the accounts, and copied with them by SQLite"),
            Map.entry(DataFolder.SNAPSHOTS, "derived: lair rebuild"),
            Map.entry(DataFolder.SEARCH, "derived: lair rebuild, or the next start"),
            Map.entry(DataFolder.FACTS, "derived: lair rebuild, or whoever asks"),
            Map.entry(DataFolder.FACTS + "-wal", "belongs to the facts"),
            Map.entry(DataFolder.FACTS + "-shm", "belongs to the facts"),
            Map.entry(DataFolder.HIGH_WATER, "tells that a backup was restored, so it must not come back with one"),
            Map.entry(DataFolder.MASTER_KEY, "does not belong beside what it opens"),
            Map.entry(DataFolder.NEXT_MASTER_KEY, "the same, while the keys are sealed anew"),
            Map.entry(DataFolder.ADMINISTRATOR_PASSWORD, "what it was is told once; the accounts have its hash"),
            Map.entry(DataFolder.SERVER_URL, "where the running server listens"),
            Map.entry("lock", "held by the running server"),
            Map.entry(DataFolder.SCRATCH, "half-done uploads to a bucket"));

    @CommandLine.Mixin
    private RegistryOptions registry;

    @Parameters(index = "0", paramLabel = "TARGET", description = "folder that the copy makes; it must not exist")
    private Path target = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    BackupCommand() {}

    @Override
    public Integer call() throws IOException {
        LairSettings settings = StoredRegistry.settings(registry.settings());
        if (settings.storage() == StorageKind.POSTGRES) {
            spec.commandLine().getErr().println(BackupAdvice.of(settings));
            return spec.exitCodeOnExecutionException();
        }
        StoredRegistry.requireRegistry(settings);
        Path data = settings.data();
        if (Files.exists(data.resolve(DataFolder.MOVED_AWAY))) {
            throw new IOException("the registry of `" + data.toAbsolutePath()
                    + "` was moved to a database; a copy of what was left behind would tell a second history");
        }
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException("`" + target + "` exists; a backup never replaces anything");
        }
        Files.createDirectories(target);
        // The accounts first: whoever released something in the copy of the ledger is known in that of the accounts, or
        // came later, and nothing in the accounts speaks of a record that the ledger lost.
        LedgerBackup.copyRegistry(data, target.resolve(DataFolder.REGISTRY));
        // The ledger before the contents: every content that it names is there by now, and stays.
        LedgerState state = LedgerBackup.copy(data, target.resolve(DataFolder.LEDGER));
        long files = 0;
        for (String folder : FOLDERS) {
            files += copyFolder(data.resolve(folder), target.resolve(folder));
        }
        sync(target);
        PrintWriter out = spec.commandLine().getOut();
        out.println("copied " + state + ", " + files + " files of contents and keys");
        S3Settings bucket = settings.s3();
        if (bucket != null) {
            out.println("the contents are not in it: copy " + BackupAdvice.shown(bucket) + " too, now or later");
        }
        return 0;
    }

    static long copyFolder(Path from, Path to) throws IOException {
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
            } else if (copyFile(one, copy)) {
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

    /** False when it is gone: an unreferenced upload, collected since the folder was listed. */
    private static boolean copyFile(Path one, Path copy) throws IOException {
        try {
            Files.copy(one, copy, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            if (one.toString().equals(e.getFile())) {
                return false;
            }
            throw e;
        }
        sync(copy);
        return true;
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
