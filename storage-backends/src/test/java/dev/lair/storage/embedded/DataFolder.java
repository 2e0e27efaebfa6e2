package dev.lair.storage.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks at, copies and cuts the files of a data folder, as a crash would find them. */
final class DataFolder {

    private static final int WAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;

    private DataFolder() {}

    /**
     * Copies a folder that is open but idle: what a crash at this moment would leave if the system had written
     * everything. (Opening a database file beside SQLite drops this process's POSIX locks on it; no other process is
     * there to mind.)
     */
    static Path copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else if (!file.getFileName().toString().endsWith("-shm")) {
                // The shared memory is gone after a crash of the machine.
                Files.copy(file, target);
            }
        }
        return to;
    }

    /** The database's log file. */
    static Path wal(Path folder) {
        return folder.resolve("ledger.db-wal");
    }

    /** Offsets in the log file behind each frame that ends a transaction, from its start. */
    static List<Integer> transactionEnds(Path folder) throws IOException {
        ByteBuffer wal = ByteBuffer.wrap(Files.readAllBytes(wal(folder)));
        List<Integer> ends = new ArrayList<>();
        if (wal.capacity() < WAL_HEADER) {
            return ends;
        }
        int frame = FRAME_HEADER + wal.getInt(8);
        for (int at = WAL_HEADER; at + frame <= wal.capacity(); at += frame) {
            boolean current = wal.getLong(at + 8) == wal.getLong(16);
            boolean ending = wal.getInt(at + 4) != 0;
            if (current && ending) {
                ends.add(at + frame);
            }
        }
        return ends;
    }

    /** Names of all files below a folder, without the databases. */
    static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
