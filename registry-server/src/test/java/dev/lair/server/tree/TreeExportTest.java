package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.tree.ChangeLine;
import dev.lair.registry.tree.IndexLine;
import dev.lair.registry.tree.InterfaceLine;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.Wits;
import dev.lair.server.publish.PublishRequest;
import dev.lair.storage.StorageException;
import dev.lair.storage.TreeStore;
import dev.lair.storage.embedded.FolderTree;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;

/** The tree as files: the bytes of the server, written again only where they changed, and whole wherever a run breaks off. */
@DirtiesContext
class TreeExportTest extends SeededTreeTest {

    @Autowired
    TreeExport export;

    @TempDir
    Path folder;

    /** Keeps files in memory, and fails at a write. */
    private static final class Breaking implements TreeStore {

        final Map<String, byte[]> files = new TreeMap<>();
        private int writesLeft = Integer.MAX_VALUE;

        @Override
        public boolean has(String key) {
            return files.containsKey(key);
        }

        @Override
        public Optional<byte[]> get(String key) {
            return Optional.ofNullable(files.get(key));
        }

        @Override
        public void put(String key, byte[] bytes) {
            if (writesLeft-- == 0) {
                throw new StorageException("killed");
            }
            files.put(key, bytes);
        }

        @Override
        public void put(String key, long sizeBytes, Source source) {
            try (InputStream in = source.open()) {
                put(key, in.readAllBytes());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The path at which the server has a file. */
    private static String served(String key) {
        String newest = "/" + TreeExport.NEWEST;
        return key.endsWith(newest) ? key.substring(0, key.length() - newest.length()) : key;
    }

    @Test
    void everyFileHasTheBytesThatTheServerAnswers() throws Exception {
        TreeExport.Counts counts = export.run(FolderTree.open(folder));

        assertThat(counts.lost()).isZero();
        List<String> keys;
        try (Stream<Path> files = Files.walk(folder)) {
            keys = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
        assertThat(keys).hasSize((int) counts.written());
        for (String key : keys) {
            assertThat(Files.readAllBytes(folder.resolve(key))).as(key).isEqualTo(ok(served(key)));
        }
        assertThat(keys)
                .contains(
                        "config.json",
                        "log/checkpoint",
                        "evidence/checkpoint",
                        "index/base/door",
                        "index/first/guest",
                        "iface/base/door/knock/0.2/newest",
                        "iface/base/door/knock/0.2/0",
                        "package/first/mixed/1.0.0-RC.1.json",
                        "package/first/mixed/1.0.0-RC.1.tlog-proof",
                        "package/first/mixed/1.0.0-RC.1.attestations.json",
                        "changes/0.ndjson");
        assertThat(keys).filteredOn(key -> key.startsWith("blob/")).hasSizeGreaterThanOrEqualTo(RELEASES);
        assertThat(keys).anyMatch(key -> key.startsWith("records/"));
        assertThat(keys).anyMatch(key -> key.startsWith("log/tile/0/"));
        assertThat(keys).anyMatch(key -> key.startsWith("evidence/tile/entries/"));
    }

    @Test
    void secondRunWritesOnlyWhatIsNewOrWasLost() throws Exception {
        long written = export.run(FolderTree.open(folder)).written();
        TreeExport.Counts again = export.run(FolderTree.open(folder));
        assertThat(again).isEqualTo(new TreeExport.Counts(0, written, 0));

        Files.delete(folder.resolve("index/base/door"));
        Files.writeString(folder.resolve("config.json"), "spoilt");
        assertThat(export.run(FolderTree.open(folder)).written()).isEqualTo(2);
        assertThat(Files.readAllBytes(folder.resolve("index/base/door"))).isEqualTo(ok("index/base/door"));
    }

    @Test
    void runThatBreaksOffAnywhereLeavesATreeWhoseLinesLeadToFilesAndTheNextFinishesIt() {
        Breaking whole = new Breaking();
        int writes = (int) export.run(whole).written();
        assertThat(writes).isGreaterThan(RELEASES * 4);
        for (int k = 0; k < writes; k++) {
            Breaking tree = new Breaking();
            tree.writesLeft = k;
            assertThatThrownBy(() -> export.run(tree)).hasMessage("killed");
            requireWhole(tree, "after " + k + " writes");

            tree.writesLeft = Integer.MAX_VALUE;
            assertThat(export.run(tree).written()).isEqualTo(writes - k);
            assertThat(tree.files.keySet()).isEqualTo(whole.files.keySet());
            tree.files.forEach((key, bytes) -> assertThat(bytes).as(key).isEqualTo(whole.files.get(key)));
        }
    }

    @Test
    void updateWritesWhatIsNewAndFinishesWhatBrokeOffAnywhere() throws Exception {
        Breaking kept = new Breaking();
        export.update(kept);
        int before = kept.files.size();
        assertThat(export.update(kept).written()).isZero();
        // Each run has a package of its own: the server is shared.
        Author author = Author.of("second:late" + before, clock);
        release(author, "1.0.0", Wits.importing("base:door/knock@0.2.1"));
        release(author, "1.1.0", Wasm.component("late " + before));
        publishing.publish(new PublishRequest(author.name(), author.yank("1.0.0")));
        Map<String, byte[]> old = new TreeMap<>(kept.files);

        Breaking whole = copy(old);
        int writes = (int) export.update(whole).written();

        Breaking exported = new Breaking();
        export.run(exported);
        requireSame(whole, exported);
        for (int k = 0; k < writes; k++) {
            Breaking tree = copy(old);
            tree.writesLeft = k;
            assertThatThrownBy(() -> export.update(tree)).hasMessage("killed");
            requireWhole(tree, "after " + k + " writes");
            tree.writesLeft = Integer.MAX_VALUE;
            export.update(tree);
            requireSame(tree, exported);
        }
    }

    private static Breaking copy(Map<String, byte[]> files) {
        Breaking copy = new Breaking();
        copy.files.putAll(files);
        return copy;
    }

    /** But for proofs against older checkpoints, and for edges of the logs that were passed. */
    private static void requireSame(Breaking tree, Breaking exported) {
        exported.files.forEach((key, bytes) -> {
            if (key.endsWith(".tlog-proof")) {
                assertThat(tree.files).containsKey(key);
            } else {
                assertThat(tree.files.get(key)).as(key).isEqualTo(bytes);
            }
        });
        assertThat(tree.files.keySet())
                .filteredOn(key -> !exported.files.containsKey(key))
                .allMatch(key -> key.contains(".p/"));
    }

    /** Every line and every checkpoint leads to files that are there. */
    private static void requireWhole(Breaking tree, String when) {
        tree.files.forEach((key, bytes) -> {
            if (key.startsWith("index/")) {
                PackageName name =
                        PackageName.parse(key.substring("index/".length()).replace('/', ':'));
                for (IndexLine line : IndexLine.parse(bytes)) {
                    requireRelease(tree, name, line.version(), when);
                    assertThat(tree.files).as(when).containsKey(TreePaths.blob(Digest.parse(line.digest())));
                }
            } else if (key.startsWith("iface/")) {
                InterfaceLine.parse(bytes).forEach(line -> requireListed(tree, line.name(), line.version(), when));
            } else if (key.startsWith("changes/")) {
                ChangeLine.parse(bytes).forEach(line -> requireListed(tree, line.name(), line.version(), when));
            } else if (key.endsWith("/checkpoint")) {
                assertThat(tree.files.keySet())
                        .as(when)
                        .anyMatch(path -> path.startsWith(key.replace("checkpoint", "tile/entries/")));
            }
        });
    }

    private static void requireRelease(Breaking tree, PackageName name, String version, String when) {
        SemVer released = SemVer.parse(version);
        assertThat(tree.files)
                .as(when)
                .containsKeys(
                        TreePaths.versionFile(name, released),
                        TreePaths.attestations(name, released),
                        TreePaths.releaseProof(name, released));
    }

    private static void requireListed(Breaking tree, String name, String version, String when) {
        byte[] index = Objects.requireNonNull(tree.files.get(TreePaths.index(PackageName.parse(name))), when);
        assertThat(IndexLine.parse(index))
                .as(when)
                .extracting(IndexLine::version)
                .contains(version);
    }
}
