package dev.lair.storage.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.storage.TestClock;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoresTest {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    private Path folder;

    @Test
    void contentsAndSnapshotsAreThoseOfTheEmbeddedBackend() throws Exception {
        TestClock clock = new TestClock();
        try (FolderStores stores = FolderStores.open(folder.resolve("data"), clock)) {
            stores.contents().put(Digest.of(HELLO), new ByteArrayInputStream(HELLO), 5);
            stores.snapshots().save(7, out -> out.write(HELLO));
            assertThatThrownBy(() -> EmbeddedStorage.open(folder.resolve("data"), clock))
                    .isInstanceOf(DataFolderInUseException.class);
        }
        try (var storage = EmbeddedStorage.open(folder.resolve("data"), clock)) {
            assertThat(storage.contents().find(Digest.of(HELLO))).isPresent();
            assertThat(storage.snapshots().sizes()).containsExactly(7L);
            assertThatThrownBy(() -> FolderStores.open(folder.resolve("data"), clock))
                    .isInstanceOf(DataFolderInUseException.class);
        }
    }
}
