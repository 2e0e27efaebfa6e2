package dev.lair.cli.deps;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.trust.DurableFile;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.cli.wit.PackageUses;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.PackageName;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.registry.SemVer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dependencies of a folder of WIT texts: {@code DIR/deps}, filled from a registry, and {@code DIR/lair.lock}. The steps:
 * read the texts and what others put into {@code deps}; find the releases; and only when all of them are here and verified,
 * write files, then the lock. A crash between the two leaves files of the new lock under the old one, which the next fetch
 * sets right.
 */
public final class Dependencies {

    /**
     * A package in {@code deps}.
     *
     * @param name as texts name it, perhaps without a version
     * @param release which release it is; null when the registry does not have the package, and the part of it was taken
     *     that the package {@code by} carries
     * @param by who names it first: a text, or a package
     * @param newest a later release of its version track, if there is one
     * @param namedAt where the person's texts name it; empty when another package does
     */
    public record Fetched(
            PackageName name,
            Lockfile.@Nullable Entry release,
            String by,
            Path file,
            @Nullable SemVer newest,
            String namedAt) {}

    /**
     * What was done.
     *
     * @param present entries of {@code deps} that others put there
     * @param removed files that we had written, and nothing needs now
     * @param lock the lock, when there is one now
     * @param view the registry as it was verified; empty when nothing was needed of it
     */
    public record Outcome(
            List<Fetched> packages,
            List<Path> present,
            List<Path> removed,
            Optional<Path> lock,
            Optional<VerifiedView> view) {}

    private final Path base;
    private final Path written;
    private final Reporter reporter;

    /** A lock, and how the person would write its file. */
    private record Locked(Lockfile content, Path file, boolean ours) {}

    /** What is in {@code deps} without us. */
    private static final class Present {
        private final List<Path> entries = new ArrayList<>();
        private final List<SourceGroup> texts = new ArrayList<>();
        private final Map<PackageName, Path> packages = new LinkedHashMap<>();
    }

    /**
     * @param base what written paths are relative to
     * @param written the folder of the texts
     */
    public Dependencies(Path base, Path written, Reporter reporter) {
        this.base = base;
        this.written = written;
        this.reporter = reporter;
    }

    /** Fetches what the lock says; without a lock, what the texts say, and writes the lock. */
    public Outcome fetch(ReleaseSource source) throws Fault, IOException {
        return fill(source, true);
    }

    /** Fetches what the texts say now, and writes the lock anew. */
    public Outcome update(ReleaseSource source) throws Fault, IOException {
        return fill(source, false);
    }

    private Outcome fill(ReleaseSource source, boolean asLocked) throws Fault, IOException {
        if (!Files.isDirectory(base.resolve(written))) {
            throw ExitCode.LOCAL.fault("`" + written + "` is no folder; name the one that holds your .wit files");
        }
        DepsFolder folder = DepsFolder.of(base.resolve(written).resolve("deps"), written.resolve("deps"));
        Optional<Locked> lock = lock();
        WitFiles files = new WitFiles(base, Features.NONE);
        SourceGroup main = files.texts(written);
        Present present = present(files, folder, lock);
        List<Resolution.Need> needs = needs(main, present);

        boolean whole = asLocked && lock.isPresent() && lock.get().ours();
        Optional<Lockfile> decides = asLocked ? lock.map(Locked::content) : Optional.empty();
        Resolution resolution = new Resolution(source, decides, whole);
        List<Resolution.Chosen> chosen = resolution.resolve(needs, present.packages.keySet());

        Map<String, byte[]> texts = new LinkedHashMap<>();
        chosen.forEach(each ->
                texts.put(DepsFolder.fileOf(each.need().name()), each.text().getBytes(StandardCharsets.UTF_8)));
        DepsFolder.Changes changes = folder.write(texts);
        changes.left()
                .forEach(file ->
                        reporter.warn("`" + file + "` is not needed any more, but somebody changed it: it stays"));
        Lockfile current = new Lockfile(chosen.stream()
                .map(Resolution.Chosen::locked)
                .filter(Objects::nonNull)
                .toList());
        if (whole) {
            tellUnneeded(lock.orElseThrow(), current);
        }
        Optional<Path> lockFile = whole ? lock.map(Locked::file) : write(current);
        return new Outcome(
                chosen.stream().map(each -> fetched(each, folder)).toList(),
                present.entries,
                changes.removed(),
                lockFile,
                resolution.view());
    }

    private static Fetched fetched(Resolution.Chosen each, DepsFolder folder) {
        PackageName name = each.need().name();
        String place = each.need().place().isKnown()
                ? each.need().place().file() + ":" + each.need().place().line()
                : "";
        return new Fetched(
                name, each.locked(), each.need().by(), folder.written(DepsFolder.fileOf(name)), each.newest(), place);
    }

    private Optional<Locked> lock() throws Fault, IOException {
        Path parent = written.resolve("..").normalize();
        for (Path candidate : List.of(
                written.resolve(Lockfile.NAME),
                written.resolve(Lockfile.WKG_NAME),
                parent.resolve(Lockfile.WKG_NAME))) {
            Path file = base.resolve(candidate);
            if (Files.isRegularFile(file)) {
                if (Files.size(file) > Lockfile.MAX_CHARACTERS) {
                    throw ExitCode.LOCAL.fault("`" + candidate + "` has " + Files.size(file)
                            + " bytes and is no lock; bring back the version that was written, or delete it");
                }
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                boolean ours = candidate.endsWith(Lockfile.NAME);
                return Optional.of(new Locked(Lockfile.parse(candidate.toString(), text), candidate, ours));
            }
        }
        return Optional.empty();
    }

    /** No lock is made for texts that depend on nothing, but one that is there is emptied. */
    private Optional<Path> write(Lockfile lock) throws IOException {
        Path file = written.resolve(Lockfile.NAME);
        if (lock.entries().isEmpty() && !Files.exists(base.resolve(file))) {
            return Optional.empty();
        }
        DurableFile.replaceShared(base.resolve(file), lock.format().getBytes(StandardCharsets.UTF_8));
        return Optional.of(file);
    }

    private void tellUnneeded(Locked lock, Lockfile needed) {
        Set<Lockfile.Entry> entries = new LinkedHashSet<>(lock.content().entries());
        entries.removeAll(needed.entries());
        if (!entries.isEmpty()) {
            reporter.warn("`" + lock.file() + "` has what nothing needs any more: "
                    + entries.stream()
                            .map(entry -> entry.name() + " " + entry.version())
                            .collect(Collectors.joining(", "))
                    + "; `lair wit update` takes it out");
        }
    }

    /** What stands in {@code deps} and is not ours: not listed, and not under the name that a locked package would have. */
    private Present present(WitFiles files, DepsFolder folder, Optional<Locked> lock) throws Fault {
        Set<PackageName> locked = new HashSet<>();
        lock.ifPresent(found -> found.content().entries().forEach(entry -> locked.add(witName(entry))));
        Set<String> expected = locked.stream().map(DepsFolder::fileOf).collect(Collectors.toSet());
        Present present = new Present();
        for (Path entry : files.dependencies(written)) {
            String file = String.valueOf(entry.getFileName());
            if (!folder.isListed(file) && !expected.contains(file)) {
                read(entry, files, present);
            }
        }
        for (Map.Entry<PackageName, Path> each : present.packages.entrySet()) {
            if (locked.contains(each.getKey())) {
                throw ExitCode.LOCAL.fault("`" + each.getValue() + "` declares package `" + each.getKey()
                        + "`, which the lock has from the registry; delete one of the two");
            }
        }
        return present;
    }

    private static void read(Path entry, WitFiles files, Present present) throws Fault {
        int before = present.packages.size();
        if (entry.toString().endsWith(".wasm")) {
            Resolved decoded = files.decode(entry);
            decoded.packages().forEach(each -> present.packages.putIfAbsent(each.name(), entry));
        } else {
            SourceGroup group = files.group(entry);
            present.texts.add(group);
            uses(List.of(group)).declared().forEach(name -> present.packages.putIfAbsent(name, entry));
        }
        if (present.packages.size() > before) {
            present.entries.add(entry);
        }
    }

    private static List<Resolution.Need> needs(SourceGroup main, Present present) throws Fault {
        List<SourceGroup> groups = new ArrayList<>();
        groups.add(main);
        groups.addAll(present.texts);
        List<Resolution.Need> needs = new ArrayList<>();
        uses(groups).foreign().forEach((name, place) -> {
            if (!present.packages.containsKey(name)) {
                needs.add(new Resolution.Need(name, place, "`" + place.file() + "`", null));
            }
        });
        return needs;
    }

    private static PackageUses uses(List<SourceGroup> groups) throws Fault {
        try {
            return PackageUses.of(groups);
        } catch (WitException refused) {
            throw WitFiles.fault(refused);
        }
    }

    private static PackageName witName(Lockfile.Entry entry) {
        return new PackageName(
                entry.name().namespace().value(),
                entry.name().name(),
                entry.requirement().equals("*")
                        ? null
                        : SemanticVersion.parse(entry.version().toString()));
    }
}
