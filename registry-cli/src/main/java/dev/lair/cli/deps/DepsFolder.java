package dev.lair.cli.deps;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.trust.DurableFile;
import dev.lair.component.wit.PackageName;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder {@code deps} of WIT texts, as far as we write it: one text per package, {@code NAMESPACE.NAME@VERSION.wit}, and
 * {@code .lair}, which lists them with their digests. What is not listed, or has another digest, is not ours: it is neither
 * replaced nor removed.
 *
 * <p>Everything lies directly in the folder, which is no symbolic link, and is written by {@link DurableFile}. The list names a file before it is there and after it is gone, so that a crash leaves files that the next fetch
 * knows to be ours, and perhaps one {@code .lair-*.tmp}, which the next one replaces.
 */
final class DepsFolder {
    private static final String LIST = ".lair";
    private static final Pattern LINE =
            Pattern.compile("(sha256:[0-9a-f]{64})  ([a-z0-9-]+\\.[a-z0-9-]+(@[0-9A-Za-z.+-]+)?\\.wit)");

    /** Longest list that is read: a hundred bytes for each of ten thousand files. */
    private static final long LIST_BYTES = 1 << 20;

    private final Path folder;
    private final Path written;

    /** Digests by file; two while a crash might leave either. */
    private final Map<String, Set<Digest>> listed;

    private DepsFolder(Path folder, Path written, Map<String, Set<Digest>> listed) {
        this.folder = folder;
        this.written = written;
        this.listed = listed;
    }

    /**
     * Looks at a folder, which need not be there yet.
     *
     * @param written how the person would write it
     */
    static DepsFolder of(Path folder, Path written) throws Fault, IOException {
        if (Files.isSymbolicLink(folder)) {
            throw ExitCode.LOCAL.fault(
                    "`" + written + "` is a symbolic link, and nothing is written through one; make it a" + " folder");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw ExitCode.LOCAL.fault("`" + written + "` is no folder; move it away");
        }
        Map<String, Set<Digest>> listed = new TreeMap<>();
        Path list = folder.resolve(LIST);
        if (Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS) && Files.size(list) <= LIST_BYTES) {
            for (String line : new String(Files.readAllBytes(list), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                // A line of another form, as a name that leads out of the folder, is nothing that we wrote.
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    listed.computeIfAbsent(matcher.group(2), name -> new HashSet<>())
                            .add(Digest.parse(matcher.group(1)));
                }
            }
        }
        return new DepsFolder(folder, written, listed);
    }

    /** The file of a package: names and versions have no character that means something to a file system. */
    static String fileOf(PackageName name) {
        return name.namespace() + "." + name.name() + (name.version() == null ? "" : "@" + name.version()) + ".wit";
    }

    /** How the person would write a file of this folder. */
    Path written(String file) {
        return written.resolve(file);
    }

    /** Whether we wrote a file of this name, changed or not. */
    boolean isListed(String file) {
        return listed.containsKey(file);
    }

    /** What a writing changed. */
    record Changes(List<Path> removed, List<Path> left) {}

    /**
     * Makes the folder hold these files, and of ours no others.
     *
     * @param files by name
     */
    Changes write(Map<String, byte[]> files) throws Fault, IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            requireOurs(file.getKey(), Digest.of(file.getValue()));
        }
        if (files.isEmpty() && listed.isEmpty()) {
            return new Changes(List.of(), List.of());
        }
        Files.createDirectories(folder);
        Map<String, Set<Digest>> either = new TreeMap<>(listed);
        files.forEach((name, bytes) -> either.merge(name, Set.of(Digest.of(bytes)), DepsFolder::union));
        DurableFile.replaceShared(folder.resolve(LIST), list(either));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            if (!has(target, Set.of(Digest.of(file.getValue())))) {
                DurableFile.replaceShared(target, file.getValue());
            }
        }
        List<Path> removed = new ArrayList<>();
        List<Path> left = new ArrayList<>();
        for (Map.Entry<String, Set<Digest>> old : listed.entrySet()) {
            Path file = folder.resolve(old.getKey());
            if (!files.containsKey(old.getKey()) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                if (has(file, old.getValue())) {
                    Files.delete(file);
                    removed.add(written(old.getKey()));
                } else {
                    left.add(written(old.getKey()));
                }
            }
        }
        Map<String, Set<Digest>> now = new LinkedHashMap<>();
        new TreeMap<>(files).forEach((name, bytes) -> now.put(name, Set.of(Digest.of(bytes))));
        DurableFile.replaceShared(folder.resolve(LIST), list(now));
        return new Changes(removed, left);
    }

    private void requireOurs(String name, Digest wanted) throws Fault, IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Set<Digest> ours = union(listed.getOrDefault(name, Set.of()), Set.of(wanted));
        if (!has(file, ours)) {
            throw ExitCode.LOCAL.fault("`" + written(name) + "` is not what was fetched: somebody changed it, or it was"
                    + " never fetched; move it away, or delete it to have the registry's");
        }
    }

    private static boolean has(Path file, Set<Digest> digests) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && digests.contains(Digest.of(Files.readAllBytes(file)));
    }

    private static Set<Digest> union(Set<Digest> one, Set<Digest> two) {
        Set<Digest> both = new HashSet<>(one);
        both.addAll(two);
        return both;
    }

    private static byte[] list(Map<String, Set<Digest>> files) {
        StringBuilder out = new StringBuilder("Fetched by lair; other files in this folder are not touched.\n");
        files.forEach((name, digests) -> digests.stream()
                .map(Digest::toString)
                .sorted()
                .forEach(digest -> out.append(digest).append("  ").append(name).append('\n')));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
