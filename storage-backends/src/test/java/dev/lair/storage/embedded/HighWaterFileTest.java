package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.StorageException;
import dev.lair.storage.StorageStoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWaterFileTest {

    private static final String OLD = "example.org/log\n5\n\n\u2014 example.org/log c2lnbmVk\n";
    private static final String NEW = "example.org/log\n7\n\n\u2014 example.org/log c2lnbmVk\n";

    @TempDir
    private Path temporary;

    private volatile DurableFolder.Probe files = DurableFolder.Probe.NONE;

    private Path folder() throws IOException {
        return Files.createDirectories(temporary.resolve("elsewhere"));
    }

    private HighWaterFile open() throws IOException {
        return HighWaterFile.at(folder().resolve("high-water"), (step, target) -> files.after(step, target));
    }

    @Test
    void newFileIsEmptyAndKeepsTheLastNote() throws Exception {
        HighWaterFile file = open();
        assertThat(file.read()).isEmpty();
        file.replace(OLD);
        assertThat(file.read()).contains(OLD);
        file.replace(NEW);
        assertThat(file.read()).contains(NEW);
        assertThat(open().read()).contains(NEW);
        assertThat(DataFolder.filesIn(folder())).containsExactly("high-water");
    }

    @Test
    void crashAtAnyStepLeavesTheOldNoteOrTheNew() throws Exception {
        HighWaterFile file = open();
        file.replace(OLD);
        Map<DurableFolder.Step, Path> images = new EnumMap<>(DurableFolder.Step.class);
        Path folder = folder();
        files = (step, target) -> images.put(step, DataFolder.copy(folder, temporary.resolve("image-" + step)));
        file.replace(NEW);
        assertThat(images).containsOnlyKeys(DurableFolder.Step.values());
        images.forEach((step, image) -> {
            boolean named = step.compareTo(DurableFolder.Step.NAMED) >= 0;
            assertThat(HighWaterFile.at(image.resolve("high-water")).read())
                    .as("%s", step)
                    .contains(named ? NEW : OLD);
            assertThat(image).isDirectoryContaining("glob:**/high-water").isDirectoryNotContaining("glob:**draft**");
        });
    }

    @Test
    void failedSyncStopsWritesButNotReads() throws Exception {
        for (DurableFolder.Step failing : List.of(DurableFolder.Step.SYNCED, DurableFolder.Step.FOLDER_SYNCED)) {
            HighWaterFile file = open();
            file.replace(OLD);
            files = (step, target) -> {
                if (step == failing) {
                    throw new IOException("the disk is gone");
                }
            };
            assertThatThrownBy(() -> file.replace(NEW))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("high-water")
                    .hasRootCauseMessage("the disk is gone");
            files = DurableFolder.Probe.NONE;
            assertThatThrownBy(() -> file.replace(NEW)).isInstanceOf(StorageStoppedException.class);
            assertThat(file.read()).isPresent();
            open().replace(NEW);
            assertThat(open().read()).contains(NEW);
        }
    }

    @Test
    void missingFolderIsNoNewRegistry() {
        assertThatThrownBy(() -> HighWaterFile.at(temporary.resolve("not-mounted/high-water")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("not-mounted")
                .hasMessageContaining("mount it");
    }

    @Test
    void onlyItsOwnDraftsAreRemoved() throws Exception {
        Files.writeString(folder().resolve(".high-water.draft-1"), "half");
        Files.writeString(folder().resolve(".other.draft-1"), "not ours");
        Files.writeString(folder().resolve("notes"), "not ours");
        open();
        assertThat(DataFolder.filesIn(folder())).containsExactly(".other.draft-1", "notes");
    }
}
