package dev.lair.storage.registry;

import dev.lair.transparency.Digest;
import java.time.LocalDate;
import java.util.List;

/** How often content was fetched. */
public final class DownloadRows {

    /** What was fetched on a day, UTC. */
    public record Day(LocalDate day, long downloads) {}

    private final Sql sql;

    DownloadRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds to what was counted of a day, by this node or another. */
    public void add(Digest content, LocalDate day, long downloads) {
        sql.change(
                "INSERT INTO download (digest, day, downloads) VALUES (?, ?, ?)"
                        + " ON CONFLICT (digest, day) DO UPDATE SET downloads = download.downloads + excluded.downloads",
                content,
                day.toEpochDay(),
                downloads);
    }

    /** All downloads of this content. */
    public long total(Digest content) {
        return sql.count("SELECT coalesce(sum(downloads), 0) FROM download WHERE digest = ?", content);
    }

    /** Downloads of this content from a day on, the oldest first; days without any are left out. */
    public List<Day> since(Digest content, LocalDate from) {
        return sql.all(
                "SELECT day, downloads FROM download WHERE digest = ? AND day >= ? ORDER BY day",
                row -> new Day(LocalDate.ofEpochDay(row.getLong(1)), row.getLong(2)),
                content,
                from.toEpochDay());
    }
}
