package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Uploads in parts that are not published yet. The content itself lies in the content store. */
public final class UploadRows {

    /**
     * An upload.
     *
     * @param caller who began it, and nobody else may go on
     * @param sent digest of the bytes that came; empty until they did
     * @param content digest of what they are to be released as; another one when it was built here
     * @param readme digest of the README; empty until it came
     */
    public record Upload(
            String id,
            String caller,
            String packageName,
            String version,
            String sent,
            String content,
            String readme,
            Instant expiresAt) {}

    private final Sql sql;

    UploadRows(Sql sql) {
        this.sql = sql;
    }

    public void add(Upload upload) {
        sql.change(
                "INSERT INTO upload (id, caller, package, version, sent, content, readme, readme_body, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                upload.id(),
                upload.caller(),
                upload.packageName(),
                upload.version(),
                upload.sent(),
                upload.content(),
                upload.readme(),
                new byte[0],
                upload.expiresAt());
    }

    public Optional<Upload> find(String id) {
        return sql.first(
                "SELECT id, caller, package, version, sent, content, readme, expires_at FROM upload WHERE id = ?",
                UploadRows::upload,
                id);
    }

    /** How many a caller has under way. */
    public long ofCaller(String caller) {
        return sql.count("SELECT count(*) FROM upload WHERE caller = ?", caller);
    }

    public void setContent(String id, String sent, String content) {
        sql.change("UPDATE upload SET sent = ?, content = ? WHERE id = ?", sent, content, id);
    }

    public void setReadme(String id, String digest, byte[] body) {
        sql.change("UPDATE upload SET readme = ?, readme_body = ? WHERE id = ?", digest, body, id);
    }

    /** The README's bytes; none when none came. */
    public byte[] readme(String id) {
        return sql.first("SELECT readme_body FROM upload WHERE id = ?", row -> row.getBytes(1), id)
                .orElse(new byte[0]);
    }

    /** Removes what nobody finished in time. */
    public int removeExpired(Instant now) {
        return sql.change("DELETE FROM upload WHERE expires_at <= ?", now);
    }

    private static Upload upload(ResultSet row) throws SQLException {
        return new Upload(
                row.getString("id"),
                row.getString("caller"),
                row.getString("package"),
                row.getString("version"),
                row.getString("sent"),
                row.getString("content"),
                row.getString("readme"),
                Sql.time(row, "expires_at"));
    }
}
