package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.NavigableSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link SnapshotStore} promises. */
public abstract class SnapshotStoreContract extends StorageContract {

    private SnapshotStore snapshots;

    @BeforeEach
    void openSnapshots() {
        snapshots = storage.snapshots();
    }

    private static SnapshotWriter text(String text) {
        return out -> out.write(text.getBytes(UTF_8));
    }

    private String read(long treeSize) throws IOException {
        try (InputStream in = snapshots.open(treeSize)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void savedSnapshotIsReadBack() throws Exception {
        byte[] large = new byte[300_000];
        new Random(1).nextBytes(large);
        snapshots.save(7, out -> {
            for (int at = 0; at < large.length; at += 1000) {
                out.write(large, at, 1000);
            }
        });
        snapshots.save(0, OutputStream::flush);
        try (InputStream in = snapshots.open(7)) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
        assertThat(read(0)).isEmpty();
    }

    @Test
    void sizesAscendAndAreACopy() {
        for (long size : new long[] {100_000, 5, 20_000_000_000L}) {
            snapshots.save(size, text("map"));
        }
        NavigableSet<Long> sizes = snapshots.sizes();
        assertThat(sizes).containsExactly(5L, 100_000L, 20_000_000_000L);
        sizes.clear();
        assertThat(snapshots.sizes()).hasSize(3);
    }

    @Test
    void secondSnapshotOfASizeReplacesTheFirst() throws Exception {
        snapshots.save(5, text("first"));
        InputStream first = snapshots.open(5);
        snapshots.save(5, text("2nd"));
        assertThat(read(5)).isEqualTo("2nd");
        assertThat(snapshots.sizes()).containsExactly(5L);
        try (first) {
            assertThat(first.readAllBytes()).isEqualTo("first".getBytes(UTF_8));
        }
    }

    @Test
    void failedWriterLeavesWhatWasThere() throws Exception {
        snapshots.save(5, text("first"));
        SnapshotWriter failing = out -> {
            out.write(1);
            throw new IOException("full");
        };
        SnapshotWriter broken = out -> {
            out.write(1);
            throw new IllegalStateException("bug");
        };
        assertThatThrownBy(() -> snapshots.save(5, failing))
                .isInstanceOf(StorageException.class)
                .hasRootCauseMessage("full");
        assertThatThrownBy(() -> snapshots.save(6, broken)).isInstanceOf(IllegalStateException.class);
        assertThat(read(5)).isEqualTo("first");
        assertThat(snapshots.sizes()).containsExactly(5L);
    }

    @Test
    void deletedSnapshotIsGoneButOpenStreamsGoOn() throws Exception {
        snapshots.save(5, text("first"));
        try (InputStream in = snapshots.open(5)) {
            snapshots.delete(5);
            snapshots.delete(5);
            assertThat(in.readAllBytes()).isEqualTo("first".getBytes(UTF_8));
        }
        assertThat(snapshots.sizes()).isEmpty();
        assertThatThrownBy(() -> snapshots.open(5)).isInstanceOf(SnapshotNotFoundException.class);
    }

    @Test
    void negativeSizeIsRefused() {
        assertThatThrownBy(() -> snapshots.save(-1, text("map"))).isInstanceOf(IllegalArgumentException.class);
    }
}
