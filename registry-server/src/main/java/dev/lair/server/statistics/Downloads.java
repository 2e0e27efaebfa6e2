package dev.lair.server.statistics;

import dev.lair.storage.registry.DownloadRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/** What was counted. Two versions with the same content have the same count, which is of both. */
@Service
public final class Downloads {

    /** Days that a history has. */
    public static final int HISTORY_DAYS = 90;

    /** Today and the days before that count as recent. */
    public static final int RECENT_DAYS = 30;

    private final RegistryStore store;
    private final Clock clock;

    Downloads(RegistryStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Of one content.
     *
     * @param total since it was released
     * @param recent of today and the {@value #RECENT_DAYS} days before
     */
    public record Count(long total, long recent) {}

    /** What was fetched on a day, UTC. */
    public record Day(LocalDate day, long downloads) {}

    /** Of one content. */
    public Count of(Digest content) {
        LocalDate from = today().minusDays(RECENT_DAYS);
        return store.read(rows -> new Count(
                rows.downloads().total(content),
                rows.downloads().since(content, from).stream()
                        .mapToLong(DownloadRows.Day::downloads)
                        .sum()));
    }

    /** The last {@value #HISTORY_DAYS} days and today of several contents together, the oldest first, days without any too. */
    public List<Day> history(Iterable<Digest> contents) {
        LocalDate today = today();
        LocalDate from = today.minusDays(HISTORY_DAYS);
        Map<LocalDate, Long> days = new LinkedHashMap<>();
        for (LocalDate day = from; !day.isAfter(today); day = day.plusDays(1)) {
            days.put(day, 0L);
        }
        List<DownloadRows.Day> counted = store.read(rows -> {
            List<DownloadRows.Day> all = new ArrayList<>();
            contents.forEach(content -> all.addAll(rows.downloads().since(content, from)));
            return all;
        });
        // Days of tomorrow, of a node whose clock is ahead, are told tomorrow.
        counted.forEach(day -> days.computeIfPresent(day.day(), (same, before) -> before + day.downloads()));
        return days.entrySet().stream()
                .map(day -> new Day(day.getKey(), day.getValue()))
                .toList();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
