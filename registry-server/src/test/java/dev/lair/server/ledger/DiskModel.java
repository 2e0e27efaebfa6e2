package dev.lair.server.ledger;

import dev.lair.server.ledger.SystemCallTrace.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder on a disk that keeps what it was told to sync and owes nothing else. It is fed the system calls of a process, in
 * the order of their return, and says at any moment what a power failure would leave:
 *
 * <ul>
 *   <li>of a file, the writes and truncations that had returned when an fsync or fdatasync of it began that has returned;
 *   <li>of a folder, the names that were given and taken in it before such an fsync of the folder, and no others. A file
 *       whose name was not synced is gone, its bytes synced or not; one that was deleted without a sync is there again;
 *   <li>of the rest, nothing, or any part: of each unsynced write any of its {@value #SECTOR}-byte sectors, in any order,
 *       and each change of a name or not. A rename within one folder happens whole or not at all.
 * </ul>
 *
 * <p>That is less than any journaling file system keeps. SQLite's {@code -shm} file is left out: it is mapped memory and
 * rebuilt. Times of files are not modelled.
 */
final class DiskModel {

    /** What a disk writes at once. */
    private static final int SECTOR = 512;

    private static final String MAPPED = "-shm";

    private final String root;
    private final FolderNode top = new FolderNode();
    private final Predicate<Call> ignoredSyncs;

    /** Where the next write without an offset goes, by number of the open file. */
    private final Map<String, Long> positions = new HashMap<>();

    private sealed interface Node permits FileNode, FolderNode {}

    /** Bytes from an offset; or, without bytes, the new size. */
    private record Change(int end, long offset, byte @Nullable [] bytes) {}

    private static final class FileNode implements Node {
        private byte[] synced = {};
        private final List<Change> pending = new ArrayList<>();
    }

    /** A name that goes, a name that comes, or both. */
    private record Naming(
            int end,
            @Nullable String gone,
            @Nullable String come,
            @Nullable Node node) {

        void applyTo(Map<String, Node> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (come != null && node != null) {
                names.put(come, node);
            }
        }
    }

    private static final class FolderNode implements Node {
        private final Map<String, Node> live = new HashMap<>();
        private final Map<String, Node> synced = new HashMap<>();
        private final List<Naming> pending = new ArrayList<>();

        void change(Naming naming) {
            naming.applyTo(live);
            pending.add(naming);
        }
    }

    /**
     * An empty folder, or none.
     *
     * @param ignoredSyncs syncs that this disk is not told of, for tests of the tests
     */
    DiskModel(Path root, Predicate<Call> ignoredSyncs) {
        this.root = root.toAbsolutePath().toString();
        this.ignoredSyncs = ignoredSyncs;
    }

    /** Another process goes on with the folder. */
    void newProcess() {
        positions.clear();
    }

    /** Whether this concerns the folder, or something in it. */
    private boolean isHere(String path) {
        return (path.equals(root) || path.startsWith(root + "/")) && !path.endsWith(MAPPED);
    }

    void apply(Call call) {
        if (!call.succeeded()) {
            return;
        }
        switch (call.name()) {
            case "openat" -> opened(call);
            case "write", "pwrite64", "writev" -> {
                if (isHere(call.openFile())) {
                    written(call);
                }
            }
            case "ftruncate" -> {
                if (isHere(call.openFile())) {
                    resize(file(call.openFile()), call.end(), call.lastNumber());
                }
            }
            case "fsync", "fdatasync" -> {
                if (isHere(call.openFile()) && !ignoredSyncs.test(call)) {
                    synced(call);
                }
            }
            case "mkdir", "mkdirat" -> {
                if (isHere(call.path(0)) && !call.path(0).equals(root)) {
                    name(call.path(0), call.end(), new FolderNode());
                }
            }
            case "link", "linkat" -> {
                if (isHere(call.path(1))) {
                    name(call.path(1), call.end(), node(call.path(0)));
                }
            }
            case "unlink", "unlinkat", "rmdir" -> {
                if (isHere(call.path(0))) {
                    parent(call.path(0)).change(new Naming(call.end(), last(call.path(0)), null, null));
                }
            }
            case "rename", "renameat", "renameat2" -> {
                if (isHere(call.path(1))) {
                    renamed(call);
                }
            }
            default -> refuseHere(call);
        }
    }

    /** A way of writing that this model does not know must not go by unseen. */
    private void refuseHere(Call call) {
        if (call.folders().stream().anyMatch(this::isHere)) {
            throw new AssertionError("not modelled: " + call.name() + call.arguments());
        }
    }

    private void opened(Call call) {
        String path = call.path(0);
        if (!isHere(path)) {
            return;
        }
        String flags = call.arguments();
        if (flags.contains("O_APPEND")) {
            throw new AssertionError("not modelled: " + flags);
        }
        positions.put(call.result() + " " + path, 0L);
        if (flags.contains("O_CREAT") && !parent(path).live.containsKey(last(path))) {
            name(path, call.end(), new FileNode());
        } else if (flags.contains("O_TRUNC")) {
            resize(file(path), call.end(), 0);
        }
    }

    private void written(Call call) {
        if (call.openFile().endsWith(" (deleted)")) {
            return;
        }
        byte[] bytes = Arrays.copyOf(call.data(), Math.toIntExact(call.result()));
        long offset;
        if (call.is("pwrite64")) {
            offset = call.lastNumber();
        } else {
            String open = call.arguments().substring(1, call.arguments().indexOf('<')) + " " + call.openFile();
            offset = positions.getOrDefault(open, 0L);
            positions.put(open, offset + bytes.length);
        }
        file(call.openFile()).pending.add(new Change(call.end(), offset, bytes));
    }

    private static void resize(FileNode file, int end, long size) {
        file.pending.add(new Change(end, size, null));
    }

    private void synced(Call call) {
        switch (node(call.openFile())) {
            case FileNode file -> {
                for (Iterator<Change> changes = file.pending.iterator(); changes.hasNext(); ) {
                    Change change = changes.next();
                    if (change.end() < call.begin()) {
                        file.synced = apply(change, file.synced);
                        changes.remove();
                    }
                }
            }
            case FolderNode folder -> {
                for (Iterator<Naming> namings = folder.pending.iterator(); namings.hasNext(); ) {
                    Naming naming = namings.next();
                    if (naming.end() < call.begin()) {
                        naming.applyTo(folder.synced);
                        namings.remove();
                    }
                }
            }
        }
    }

    private void renamed(Call call) {
        Node node = node(call.path(0));
        FolderNode from = parent(call.path(0));
        FolderNode to = parent(call.path(1));
        if (from == to) {
            to.change(new Naming(call.end(), last(call.path(0)), last(call.path(1)), node));
        } else {
            from.change(new Naming(call.end(), last(call.path(0)), null, null));
            to.change(new Naming(call.end(), null, last(call.path(1)), node));
        }
    }

    private void name(String path, int end, Node node) {
        parent(path).change(new Naming(end, null, last(path), node));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private FolderNode parent(String path) {
        return (FolderNode) node(path.substring(0, path.lastIndexOf('/')));
    }

    private FileNode file(String path) {
        return (FileNode) node(path);
    }

    /** What has this name now, as the process sees it. */
    private Node node(String path) {
        Node node = top;
        for (String name : path.substring(root.length()).split("/")) {
            if (!name.isEmpty()) {
                Node next = ((FolderNode) node).live.get(name);
                if (next == null) {
                    throw new AssertionError("the trace does not tell where " + path + " came from");
                }
                node = next;
            }
        }
        return node;
    }

    /** Changes the array, or answers another one when the size differs. */
    private static byte[] apply(Change change, byte[] to) {
        byte[] bytes = change.bytes();
        if (bytes == null) {
            return Arrays.copyOf(to, Math.toIntExact(change.offset()));
        }
        int from = Math.toIntExact(change.offset());
        byte[] result = to.length < from + bytes.length ? Arrays.copyOf(to, from + bytes.length) : to;
        System.arraycopy(bytes, 0, result, from, bytes.length);
        return result;
    }

    // --- what is left ------------------------------------------------------------------------------------------------

    /** Unsynced writes that are there all the same. */
    enum Unsynced {
        /** The power failed, and the disk kept nothing that it did not owe. */
        NONE,
        /** The power failed while the disk was at work. */
        ANY,
        /** The process was killed, and the system goes on. */
        ALL
    }

    /**
     * Writes what is there after such an end to a new folder.
     *
     * @param random decides with {@link Unsynced#ANY}
     */
    void image(Path to, Unsynced unsynced, Random random) throws IOException {
        write(top, to, unsynced, random);
    }

    private static void write(Node node, Path to, Unsynced unsynced, Random random) throws IOException {
        switch (node) {
            case FolderNode folder -> {
                Files.createDirectory(
                        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Map<String, Node> names = new HashMap<>(unsynced == Unsynced.ALL ? folder.live : folder.synced);
                if (unsynced == Unsynced.ANY) {
                    folder.pending.stream()
                            .filter(naming -> random.nextBoolean())
                            .forEach(naming -> naming.applyTo(names));
                }
                for (Map.Entry<String, Node> name : names.entrySet()) {
                    write(name.getValue(), to.resolve(name.getKey()), unsynced, random);
                }
            }
            case FileNode file -> {
                Files.createFile(
                        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(
                        to,
                        switch (unsynced) {
                            case NONE -> file.synced;
                            case ANY -> torn(file, random);
                            case ALL -> whole(file);
                        });
            }
        }
    }

    private static byte[] whole(FileNode file) {
        byte[] result = file.synced.clone();
        for (Change change : file.pending) {
            result = apply(change, result);
        }
        return result;
    }

    private static byte[] torn(FileNode file, Random random) {
        byte[] result = file.synced.clone();
        for (Change change : file.pending) {
            int kept = random.nextInt(3);
            byte[] bytes = change.bytes();
            if (kept == 1 || (kept == 2 && bytes == null)) {
                result = apply(change, result);
            } else if (kept == 2 && bytes != null) {
                for (int at = 0; at < bytes.length; at += SECTOR) {
                    if (random.nextBoolean()) {
                        byte[] sector = Arrays.copyOfRange(bytes, at, Math.min(at + SECTOR, bytes.length));
                        result = apply(new Change(change.end(), change.offset() + at, sector), result);
                    }
                }
            }
        }
        return result;
    }
}
