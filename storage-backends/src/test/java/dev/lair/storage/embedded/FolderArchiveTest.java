package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.Archive;
import dev.lair.storage.ArchiveConflictException;
import dev.lair.storage.ArchiveContract;
import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderArchiveTest extends ArchiveContract {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    private static Path temporary;

    private final List<FolderArchive> opened = new ArrayList<>();
    private volatile DurableFolder.Probe files = DurableFolder.Probe.NONE;

    @Override
    protected Archive openArchive() throws Exception {
        return open(Files.createTempDirectory(temporary, "archive"));
    }

    private FolderArchive open(Path folder) {
        FolderArchive archive = FolderArchive.open(folder, (step, target) -> files.after(step, target));
        opened.add(archive);
        return archive;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(FolderArchive::close);
    }

    private static Path newFolder() throws IOException {
        return Files.createTempDirectory(temporary, "folder");
    }

    /** What a crash of the machine may leave at each step of a put, in their order. */
    private record Image(DurableFolder.Step step, Path target, Path copy) {}

    @Test
    void crashAtAnyStepLeavesNoObjectOrAllOfIt() throws Exception {
        Path folder = newFolder();
        List<Image> images = new ArrayList<>();
        try (FolderArchive archive = open(folder)) {
            files = (step, target) -> images.add(new Image(
                    step,
                    folder.relativize(target),
                    DataFolder.copy(folder, newFolder().resolve("copy"))));
            assertThat(archive.putIfAbsent("a/b/c", HELLO)).isTrue();
            files = DurableFolder.Probe.NONE;
        }
        assertThat(images).extracting(Image::step).contains(DurableFolder.Step.values());
        assertThat(images.getLast().target()).isEqualTo(Path.of("objects/a/b"));
        boolean named = false;
        for (Image image : images) {
            named |= image.step() == DurableFolder.Step.NAMED;
            try (FolderArchive crashed = open(image.copy())) {
                assertThat(crashed.get("a/b/c").isPresent()).as("%s", image).isEqualTo(named);
                assertThat(crashed.firstAfter("", "").isPresent()).isEqualTo(named);
                assertThat(DataFolder.filesIn(image.copy().resolve("tmp"))).isEmpty();
                assertThat(crashed.putIfAbsent("a/b/c", HELLO)).isEqualTo(!named);
                assertThat(crashed.get("a/b/c").orElseThrow()).isEqualTo(HELLO);
            }
        }
    }

    @Test
    void everyNewFolderIsSyncedAndSoIsTheOneThatHoldsIt() throws Exception {
        Path folder = newFolder();
        try (FolderArchive archive = open(folder)) {
            List<Path> synced = new ArrayList<>();
            files = (step, target) -> {
                if (step == DurableFolder.Step.FOLDER_SYNCED) {
                    synced.add(folder.relativize(target));
                }
            };
            archive.putIfAbsent("a/b/c", HELLO);
            assertThat(synced).contains(Path.of(""), Path.of("objects"), Path.of("objects/a"), Path.of("objects/a/b"));
            assertThat(synced.getLast()).isEqualTo(Path.of("objects/a/b"));
            synced.clear();
            archive.putIfAbsent("a/b/d", HELLO);
            assertThat(synced).containsExactly(Path.of("objects/a/b"));
        }
    }

    @Test
    void objectThatADeadProcessDidNotSyncIsSyncedBeforeItCountsAsThere() throws Exception {
        Path folder = newFolder();
        Files.createDirectories(folder.resolve("objects/a"));
        Files.write(folder.resolve("objects/a/b"), HELLO);
        try (FolderArchive archive = open(folder)) {
            List<Path> synced = new ArrayList<>();
            files = (step, target) -> synced.add(folder.relativize(target));
            assertThat(archive.putIfAbsent("a/b", HELLO)).isFalse();
            assertThat(synced).contains(Path.of("objects/a"), Path.of("objects"));
        }
    }

    @Test
    void objectIsNotVisibleBeforeItsFolderIsSynced() throws Exception {
        try (FolderArchive archive = open(newFolder())) {
            List<Boolean> visible = new ArrayList<>();
            files = (step, target) -> {
                visible.add(archive.get("a").isPresent());
                visible.add(archive.firstAfter("", "").isPresent());
            };
            archive.putIfAbsent("a", HELLO);
            files = DurableFolder.Probe.NONE;
            assertThat(visible).isNotEmpty().doesNotContain(true);
            assertThat(archive.get("a")).isPresent();
        }
    }

    @Test
    void failedSyncStopsPutsButNotReads() throws Exception {
        for (DurableFolder.Step failing : List.of(DurableFolder.Step.SYNCED, DurableFolder.Step.FOLDER_SYNCED)) {
            Path folder = newFolder();
            try (FolderArchive archive = open(folder)) {
                archive.putIfAbsent("kept", HELLO);
                files = (step, target) -> {
                    if (step == failing) {
                        throw new IOException("the disk is gone");
                    }
                };
                assertThatThrownBy(() -> archive.putIfAbsent("lost", HELLO))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("lost")
                        .hasRootCauseMessage("the disk is gone");
                files = DurableFolder.Probe.NONE;
                assertThat(archive.get("lost")).isEmpty();
                assertThat(archive.firstAfter("", "kept")).isEmpty();
                for (String path : List.of("lost", "other")) {
                    assertThatThrownBy(() -> archive.putIfAbsent(path, HELLO))
                            .isInstanceOf(StorageStoppedException.class);
                }
                assertThat(archive.get("kept").orElseThrow()).isEqualTo(HELLO);
            }
            try (FolderArchive archive = open(folder)) {
                archive.putIfAbsent("lost", HELLO);
                assertThat(archive.get("lost").orElseThrow()).isEqualTo(HELLO);
            }
        }
    }

    @Test
    void objectsAreFoundAgainAndStayWriteOnce() throws Exception {
        Path folder = newFolder();
        try (FolderArchive archive = open(folder)) {
            archive.putIfAbsent("a/b", HELLO);
        }
        try (FolderArchive archive = open(folder)) {
            assertThat(archive.get("a/b").orElseThrow()).isEqualTo(HELLO);
            assertThatThrownBy(() -> archive.putIfAbsent("a/b", new byte[1]))
                    .isInstanceOf(ArchiveConflictException.class);
        }
    }

    @Test
    void objectIsNoFolderOfOthers() throws Exception {
        try (FolderArchive archive = open(newFolder())) {
            archive.putIfAbsent("a", HELLO);
            archive.putIfAbsent("b/c", HELLO);
            assertThatThrownBy(() -> archive.putIfAbsent("a/b", HELLO)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> archive.putIfAbsent("b", HELLO)).isInstanceOf(StorageException.class);
            assertThat(archive.get("a").orElseThrow()).isEqualTo(HELLO);
        }
    }

    @Test
    void foreignFilesAreNoObjects() throws Exception {
        Path folder = newFolder();
        try (FolderArchive archive = open(folder)) {
            Files.write(folder.resolve("objects/.notes"), HELLO);
            Files.write(folder.resolve("objects/README"), HELLO);
            assertThat(archive.firstAfter("", "")).isEmpty();
            archive.putIfAbsent("z", HELLO);
            assertThat(archive.firstAfter("", "")).contains("z");
        }
    }

    @Test
    void folderIsOpenOnce() throws Exception {
        Path folder = newFolder();
        try (FolderArchive archive = open(folder)) {
            assertThat(archive.get("a")).isEmpty();
            assertThatThrownBy(() -> FolderArchive.open(folder)).isInstanceOf(DataFolderInUseException.class);
        }
        FolderArchive.open(folder).close();
    }
}
