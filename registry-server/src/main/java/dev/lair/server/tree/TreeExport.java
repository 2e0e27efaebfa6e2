package dev.lair.server.tree;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.tree.ChangeLine;
import dev.lair.registry.tree.InterfaceLine;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.content.ReleasedContents;
import dev.lair.server.gate.ToldRelease.Part;
import dev.lair.server.gate.VersionFacts;
import dev.lair.server.insight.Catalog;
import dev.lair.server.insight.Catalog.Listed;
import dev.lair.server.ledger.Ledger;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.SignedNote;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Publication;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.storage.TreeStore;
import dev.lair.storage.registry.CatalogRows.ChangeKind;
import dev.lair.storage.registry.CatalogRows.ChangeRow;
import dev.lair.storage.registry.CatalogRows.InterfaceRow;
import dev.lair.storage.registry.CatalogRows.PackageRow;
import dev.lair.storage.registry.CatalogRows.ReleaseRow;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.MalformedCheckpointException;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TilePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.springframework.stereotype.Service;

/**
 * Writes the tree into a {@link TreeStore}, the same bytes that the server answers: all that is published when it begins. What
 * never changes is written once, what is the same already is not written again, so a second run writes what is new.
 *
 * <p><b>Order, and crashes.</b> What a file leads to is written before it: tiles before checkpoints, content and a version's
 * files before the index, indexes before interfaces, changes and {@code config.json}. A run that breaks off anywhere leaves a
 * tree whose every line leads to what is there; the next run goes through it again from the start.
 *
 * <p>The newest page of an interface lies at {@code …/TRACK/newest}: in a folder a file and a folder cannot have one name.
 * Whoever serves the folder answers {@code …/TRACK} with it (docs/OPERATIONS.md).
 */
@Service
public final class TreeExport {

    /** Name of the newest page of an interface, beside the numbers of the others. */
    static final String NEWEST = "newest";

    private static final int PAGE = 500;

    /** Releases whose attestations may have changed since they were written. */
    private static final int RECENT_CHANGES = 20;

    private final Ledger ledger;
    private final Catalog catalog;
    private final TreeFiles files;
    private final ReleaseProofs proofs;
    private final VersionFacts facts;
    private final ReleasedContents contents;

    TreeExport(
            Ledger ledger,
            Catalog catalog,
            TreeFiles files,
            ReleaseProofs proofs,
            VersionFacts facts,
            ReleasedContents contents) {
        this.ledger = ledger;
        this.catalog = catalog;
        this.files = files;
        this.proofs = proofs;
        this.facts = facts;
        this.contents = contents;
    }

    /**
     * What a run did.
     *
     * @param written files that are new or different
     * @param kept files that were the same
     * @param lost releases that were left out: their content is not stored
     */
    public record Counts(long written, long kept, long lost) {}

    /** Writes all that is published now; beside a server that goes on, what it publishes meanwhile is for the next run. */
    public Counts run(TreeStore target) {
        return new Run(target, catalog.catchUp(), Shown.NOTHING).all();
    }

    /**
     * Writes what is new since the target was written: what it has is read from its own {@code config.json} and checkpoints.
     * Proofs of releases that are there stay as they are: they prove as much against the checkpoint of their time. A target that
     * is empty or of another registry is written as a whole.
     */
    public Counts update(TreeStore target) {
        long leaves = catalog.catchUp();
        Optional<Shown> shown = shown(target);
        if (shown.isEmpty() || shown.get().changes() > catalog.changes(leaves)) {
            return new Run(target, leaves, Shown.NOTHING).all();
        }
        return new Run(target, leaves, shown.get()).news();
    }

    /** What a target has. */
    private record Shown(long changes, long treeSize, long evidenceSize) {

        static final Shown NOTHING = new Shown(0, 0, 0);
    }

    private Optional<Shown> shown(TreeStore target) {
        Optional<byte[]> config = target.get(TreePaths.CONFIG);
        Optional<byte[]> log = target.get(TreePaths.LOG_CHECKPOINT);
        Optional<byte[]> evidence = target.get(TreePaths.EVIDENCE_CHECKPOINT);
        if (config.isEmpty() || log.isEmpty() || evidence.isEmpty()) {
            return Optional.empty();
        }
        try {
            RegistryConfig before = WargJson.readReply(config.get(), RegistryConfig.class);
            RegistryConfig.Changes changes = before.changes();
            if (changes == null || !before.log().origin().equals(ledger.origin())) {
                return Optional.empty();
            }
            return Optional.of(new Shown(changes.head(), size(log.get()), size(evidence.get())));
        } catch (MalformedBodyException | MalformedNoteException | MalformedCheckpointException spoilt) {
            return Optional.empty();
        }
    }

    private static long size(byte[] note) {
        return CheckpointText.parse(SignedNote.parse(note).text()).treeSize();
    }

    private final class Run {

        private final TreeStore target;

        /** Leaves that are shown, whatever comes meanwhile. */
        private final long leaves;

        private final Publication newest;
        private final Shown before;
        private long written;
        private long kept;
        private long lost;

        Run(TreeStore target, long leaves, Shown before) {
            this.target = target;
            this.leaves = leaves;
            this.before = before;
            this.newest = ledger.publication()
                    .filter(publication -> publication.treeSize() >= leaves)
                    .orElseThrow(() -> new StorageException("the registry has not published a checkpoint yet"));
        }

        Counts all() {
            long changes = catalog.changes(leaves);
            logs();
            packageNames().forEach(name -> onePackage(name, version -> true));
            items();
            end(changes);
            return new Counts(written, kept, lost);
        }

        /** The same where the target has all up to {@link #before}. */
        Counts news() {
            long changes = catalog.changes(leaves);
            logs();
            Map<PackageName, Set<String>> releases = new LinkedHashMap<>();
            for (long from = before.changes(); from < changes; from += PAGE) {
                for (ChangeRow change : catalog.changes(from, Math.min(from + PAGE, changes))) {
                    Set<String> versions =
                            releases.computeIfAbsent(PackageName.parse(change.packageName()), name -> new HashSet<>());
                    if (change.kind() == ChangeKind.RELEASE) {
                        versions.add(change.version());
                    }
                }
            }
            recentAttestations();
            releases.forEach((name, versions) -> onePackage(name, versions::contains));
            releases.forEach((name, versions) -> versions.forEach(version ->
                    catalog.itemsOf(name, SemVer.parse(version)).forEach(row -> item(row.item(), row.track()))));
            end(changes);
            return new Counts(written, kept, lost);
        }

        /** They come, and are stated, a moment behind their release. */
        private void recentAttestations() {
            for (ChangeRow change : catalog.changes(Math.max(0, before.changes() - RECENT_CHANGES), before.changes())) {
                PackageName name = PackageName.parse(change.packageName());
                SemVer version = SemVer.parse(change.version());
                if (target.has(TreePaths.versionFile(name, version))) {
                    write(
                            TreePaths.attestations(name, version),
                            files.attestations(name, version).orElseThrow());
                }
            }
        }

        private void logs() {
            log(TreePaths.LOG, ServedLog.main(ledger), before.treeSize(), newest.treeSize());
            log(
                    TreePaths.EVIDENCE,
                    ServedLog.evidence(ledger),
                    before.evidenceSize(),
                    newest.notes().evidenceSize());
            records();
            write(TreePaths.LOG_CHECKPOINT, text(newest.notes().log()));
            write(TreePaths.EVIDENCE_CHECKPOINT, text(newest.notes().evidence()));
        }

        private void end(long changes) {
            long first = before.changes() / ChangeLine.SEGMENT;
            for (long segment = first; segment == first || segment * ChangeLine.SEGMENT < changes; segment++) {
                files.changes(segment, changes).map(TreeFiles.Page::body).ifPresent(putAt(TreePaths.changes(segment)));
            }
            write(TreePaths.CONFIG, files.config(changes));
        }

        private Consumer<byte[]> putAt(String path) {
            return bytes -> write(path, bytes);
        }

        /** Tiles that were full at {@code from} are there. */
        private void log(String prefix, ServedLog log, long from, long size) {
            for (int level = 0; size >> (level * Tile.HEIGHT) > 0; level++) {
                int at = level;
                LongStream.rangeClosed(
                                (from >> (at * Tile.HEIGHT)) >> Tile.HEIGHT,
                                (size >> (at * Tile.HEIGHT)) >> Tile.HEIGHT)
                        .mapToObj(n -> new TileId(at, n))
                        .filter(tile -> tile.widthAt(size) > 0)
                        .forEach(tile -> {
                            int width = tile.widthAt(size);
                            once(
                                    TreePaths.tile(prefix, tile.path(width)),
                                    () -> log.tile(tile, width).orElseThrow());
                        });
            }
            for (long n = from >> Tile.HEIGHT; n << Tile.HEIGHT < size; n++) {
                long bundle = n;
                int width = new TileId(0, n).widthAt(size);
                once(
                        TreePaths.tile(prefix, new TilePath.Entries(n, width)),
                        () -> log.bundle(bundle, width).orElseThrow());
            }
        }

        private void records() {
            for (long n = before.treeSize() >> Tile.HEIGHT; n << Tile.HEIGHT < newest.treeSize(); n++) {
                long first = n << Tile.HEIGHT;
                int width = new TileId(0, n).widthAt(newest.treeSize());
                once(
                        TreePaths.records(n, width),
                        () -> RecordBundle.encode(ledger.entries(first, first + width).stream()
                                .map(LedgerEntry::record)
                                .toList()));
            }
        }

        /** All of them first: a package that is released to meanwhile moves to the front of the list. */
        private List<PackageName> packageNames() {
            List<PackageName> names = new ArrayList<>();
            List<PackageRow> page = catalog.newest(Catalog.FIRST, PAGE);
            while (!page.isEmpty()) {
                page.forEach(row -> names.add(PackageName.parse(row.name())));
                page = catalog.newest(page.getLast().newestRelease(), PAGE);
            }
            return names;
        }

        /** @param isNew tells by version which releases the target lacks */
        private void onePackage(PackageName name, Predicate<String> isNew) {
            List<Listed> shown = new ArrayList<>();
            for (Listed each : catalog.index(name)) {
                if (each.release().leafIndex() < leaves) {
                    boolean isLost = each.release().kind().equals(Catalog.UNKNOWN_KIND);
                    if (!isLost && isNew.test(each.release().version())) {
                        release(name, each.release());
                    }
                    if (!isLost) {
                        shown.add(each);
                    } else {
                        // A line must lead to its files, and those of a lost content are not there.
                        lost++;
                    }
                }
            }
            if (!shown.isEmpty()) {
                write(TreePaths.index(name), TreeFiles.index(shown));
            }
        }

        private void release(PackageName name, ReleaseRow release) {
            SemVer version = SemVer.parse(release.version());
            StoredContent content = contents.find(release.digest())
                    .orElseThrow(
                            () -> new IllegalStateException("release " + name + "@" + version + " is not published"));
            String blob = TreePaths.blob(release.digest());
            if (!target.has(blob)) {
                target.put(blob, content.sizeBytes(), () -> open(content));
                written++;
            } else {
                kept++;
            }
            once(TreePaths.versionFile(name, version), () -> versionFile(name, version));
            write(
                    TreePaths.attestations(name, version),
                    files.attestations(name, version).orElseThrow());
            LedgerEntry entry = ledger.entryAt(release.leafIndex()).orElseThrow();
            write(
                    TreePaths.releaseProof(name, version),
                    text(proofs.of(entry, newest).format()));
        }

        private InputStream open(StoredContent content) throws IOException {
            try {
                return contents.open(content);
            } catch (ContentNotFoundException e) {
                throw new IOException(e);
            }
        }

        private byte[] versionFile(PackageName name, SemVer version) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try (VersionFacts.Answer answer = facts.open(
                            facts.find(name, version).orElseThrow(), Part.FILE)
                    .orElseThrow()) {
                answer.writeTo(file);
            } catch (IOException e) {
                throw new UncheckedIOException("an array in memory cannot be written", e);
            }
            return file.toByteArray();
        }

        private void items() {
            List<InterfaceRow> page = catalog.interfaces("", "", PAGE);
            while (!page.isEmpty()) {
                page.forEach(row -> item(row.item(), row.track()));
                page = catalog.interfaces(page.getLast().item(), page.getLast().track(), PAGE);
            }
        }

        private void item(String item, String track) {
            long lines = catalog.uses(item, track, leaves);
            for (long page = 0; page * InterfaceLine.PAGE < lines; page++) {
                String path = TreePaths.item(item, track, page);
                // Pages are written in their order: one that is followed by another was full.
                if (target.has(TreePaths.item(item, track, page + 1))) {
                    kept++;
                } else {
                    write(
                            path,
                            files.item(item, track, OptionalLong.of(page), lines)
                                    .orElseThrow()
                                    .body());
                }
            }
            files.item(item, track, OptionalLong.empty(), lines)
                    .ifPresent(newestPage -> write(TreePaths.item(item, track) + "/" + NEWEST, newestPage.body()));
        }

        /** What never changes once it is there. */
        private void once(String path, Supplier<byte[]> bytes) {
            if (target.has(path)) {
                kept++;
            } else {
                target.put(path, bytes.get());
                written++;
            }
        }

        private void write(String path, byte[] bytes) {
            if (target.get(path).filter(before -> Arrays.equals(before, bytes)).isPresent()) {
                kept++;
            } else {
                target.put(path, bytes);
                written++;
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
