package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a {@link TreeStore} promises. */
public abstract class TreeStoreContract {

    private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "new and longer".getBytes(StandardCharsets.UTF_8);

    /** An empty store. */
    protected abstract TreeStore open() throws Exception;

    @Test
    void fileIsThereOnceItIsPut() throws Exception {
        TreeStore tree = open();
        assertThat(tree.has("index/ns/name")).isFalse();
        assertThat(tree.get("index/ns/name")).isEmpty();

        tree.put("index/ns/name", OLD);

        assertThat(tree.has("index/ns/name")).isTrue();
        assertThat(tree.get("index/ns/name")).contains(OLD);
        assertThat(tree.has("index/ns")).isFalse();
        assertThat(tree.has("index/ns/nam")).isFalse();
    }

    @Test
    void putReplacesWhatWasThere() throws Exception {
        TreeStore tree = open();
        tree.put("config.json", OLD);
        tree.put("config.json", NEW);
        assertThat(tree.get("config.json")).contains(NEW);
    }

    @Test
    void versionKeepsItsCase() throws Exception {
        TreeStore tree = open();
        tree.put("package/a/b/1.0.0-RC.1.json", OLD);
        assertThat(tree.get("package/a/b/1.0.0-RC.1.json")).contains(OLD);
        assertThat(tree.has("package/a/b/1.0.0-rc.1.json")).isFalse();
    }

    @Test
    void largeFileIsStreamed() throws Exception {
        TreeStore tree = open();
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 7);
        tree.put("blob/sha256/00", large.length, () -> new ByteArrayInputStream(large));
        assertThat(tree.get("blob/sha256/00")).contains(large);
    }

    @Test
    void fileWhoseBytesCannotBeReadLeavesWhatWasThere() throws Exception {
        TreeStore tree = open();
        tree.put("blob/sha256/00", OLD);
        assertThatThrownBy(() -> tree.put("blob/sha256/00", NEW.length, () -> {
                    throw new IOException("lost");
                }))
                .isInstanceOf(StorageException.class);
        assertThat(tree.get("blob/sha256/00")).contains(OLD);
    }
}
