package dev.lair.storage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.TreeStore;
import dev.lair.storage.TreeStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTreeTest extends TreeStoreContract {

    @TempDir
    private static Path folder;

    @Override
    protected TreeStore open() throws Exception {
        return FolderTree.open(Files.createTempDirectory(folder, "tree"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a//b", "../a", "a/../b", "/a", "a/", "a\\b", ".lair-drafts/x"})
    void keyThatLeavesTheTreeIsRefused(String key) throws Exception {
        TreeStore tree = open();
        assertThatThrownBy(() -> tree.put(key, new byte[1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void draftOfAKilledWriterIsRemoved() throws Exception {
        Path here = Files.createTempDirectory(folder, "killed");
        FolderTree.open(here);
        Path left =
                Files.writeString(here.resolve(FolderTree.DRAFTS).resolve("tmp").resolve("half"), "x");
        FolderTree.open(here);
        assertThat(left).doesNotExist();
    }
}
