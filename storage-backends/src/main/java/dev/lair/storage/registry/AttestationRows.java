package dev.lair.storage.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was stated about releases, and the READMEs that came with them. */
public final class AttestationRows {

    /**
     * An attestation.
     *
     * @param digest of the envelope
     * @param envelope as it is served
     * @param evidenceIndex of its entry in the evidence log; -1 until that is known
     */
    @SuppressWarnings("ArrayRecordComponent") // Read from the database, and handed to one reader.
    public record Attestation(
            String digest,
            String packageName,
            String version,
            String recordId,
            byte[] envelope,
            long evidenceIndex,
            Instant createdAt) {}

    private static final String COLUMNS = "digest, package, version, record_id, envelope, evidence_index, created_at";

    private final Sql sql;

    AttestationRows(Sql sql) {
        this.sql = sql;
    }

    /** Adds it; false when it is there. */
    public boolean add(Attestation attestation) {
        return sql.change(
                        "INSERT INTO attestation (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        attestation.digest(),
                        attestation.packageName(),
                        attestation.version(),
                        attestation.recordId(),
                        attestation.envelope(),
                        attestation.evidenceIndex(),
                        attestation.createdAt())
                == 1;
    }

    /** The oldest first. */
    public List<Attestation> ofRelease(String packageName, String version) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM attestation WHERE package = ? AND version = ?"
                        + " ORDER BY created_at, digest",
                AttestationRows::attestation,
                packageName,
                version);
    }

    /** A release that the registry signed, and when. */
    public record Signed(String packageName, String version, Instant at) {}

    /** What the registry signed in a namespace since then, the oldest first. */
    public List<Signed> signedSince(String namespace, Instant since, int limit) {
        // A namespace has none of the signs that LIKE knows.
        return sql.all(
                "SELECT DISTINCT package, version, created_at FROM attestation WHERE package LIKE ?"
                        + " AND created_at >= ? ORDER BY created_at, package, version LIMIT ?",
                row -> new Signed(row.getString("package"), row.getString("version"), Sql.time(row, "created_at")),
                namespace + ":%",
                since,
                limit);
    }

    /** Those whose entry in the evidence log is not known, the oldest first. */
    public List<Attestation> unstated(int limit) {
        return sql.all(
                "SELECT " + COLUMNS + " FROM attestation WHERE evidence_index = -1 ORDER BY created_at, digest LIMIT ?",
                AttestationRows::attestation,
                limit);
    }

    /** Notes where the evidence log states it. */
    public void stated(String digest, long evidenceIndex) {
        sql.change("UPDATE attestation SET evidence_index = ? WHERE digest = ?", evidenceIndex, digest);
    }

    /** Keeps a README under its digest, before anything refers to it. */
    public void keepReadme(String digest, byte[] body, Instant now) {
        sql.change(
                "INSERT INTO readme (digest, body, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                digest,
                body,
                now);
    }

    /** Says which README a release has; false when it has one. */
    public boolean setReadme(String packageName, String version, String digest) {
        return sql.change(
                        "INSERT INTO release_readme (package, version, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        packageName,
                        version,
                        digest)
                == 1;
    }

    /** The README of a release. */
    public Optional<byte[]> readme(String packageName, String version) {
        return sql.first(
                "SELECT r.body FROM readme r JOIN release_readme l ON l.digest = r.digest"
                        + " WHERE l.package = ? AND l.version = ?",
                row -> row.getBytes(1),
                packageName,
                version);
    }

    private static Attestation attestation(ResultSet row) throws SQLException {
        return new Attestation(
                row.getString("digest"),
                row.getString("package"),
                row.getString("version"),
                row.getString("record_id"),
                row.getBytes("envelope"),
                row.getLong("evidence_index"),
                Sql.time(row, "created_at"));
    }
}
