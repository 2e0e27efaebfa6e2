package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.registry.DownloadRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Counts of downloads. */
public abstract class DownloadRowsContract extends StorageContract {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
    private static final Digest ONE = Digest.of("one".getBytes(StandardCharsets.US_ASCII));
    private static final Digest OTHER = Digest.of("other".getBytes(StandardCharsets.US_ASCII));

    private void add(Digest content, LocalDate day, long downloads) {
        RegistryStore.over(storage.registry()).write(rows -> {
            rows.downloads().add(content, day, downloads);
            return rows;
        });
    }

    private long total(Digest content) {
        return RegistryStore.over(storage.registry())
                .read(rows -> rows.downloads().total(content));
    }

    private List<DownloadRows.Day> since(Digest content, LocalDate from) {
        return RegistryStore.over(storage.registry())
                .read(rows -> rows.downloads().since(content, from));
    }

    @Test
    void whatIsCountedIsAddedToItsDay() {
        add(ONE, DAY, 3);
        add(ONE, DAY, 4);
        add(ONE, DAY.plusDays(2), 1);
        add(OTHER, DAY, 50);
        assertThat(total(ONE)).isEqualTo(8);
        assertThat(since(ONE, DAY))
                .containsExactly(new DownloadRows.Day(DAY, 7), new DownloadRows.Day(DAY.plusDays(2), 1));
    }

    @Test
    void daysBeforeAreLeftOut() {
        add(ONE, DAY, 3);
        add(ONE, DAY.plusDays(1), 4);
        assertThat(since(ONE, DAY.plusDays(1))).containsExactly(new DownloadRows.Day(DAY.plusDays(1), 4));
    }

    @Test
    void contentThatNobodyFetchedHasNone() {
        assertThat(total(OTHER)).isZero();
        assertThat(since(OTHER, DAY)).isEmpty();
    }

    @Test
    void countsOfManyAtOnceAreAllAdded() throws Exception {
        try (ExecutorService nodes = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                running.add(nodes.submit(() -> add(ONE, DAY, 2)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(total(ONE)).isEqualTo(100);
    }
}
