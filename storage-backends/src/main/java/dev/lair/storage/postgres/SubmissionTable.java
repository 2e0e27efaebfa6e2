package dev.lair.storage.postgres;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.storage.StorageException;
import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionElsewhereException;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Submissions in the table of that name; every method that writes is one transaction. */
final class SubmissionTable implements SubmissionStore {

    private static final int DIGEST_BYTES = 32;

    private record Placed(Submission submission, long seq) {}

    private static final String SUBMISSION = "SELECT record_id, log_id, package_name, record, submitted_at, state,"
            + " missing, deadline, rejected_reason, rejected_at, seq FROM submission ";

    /** An update keeps seq, and with it the submission's place in the order. What waits for another log stays. */
    private static final String SAVE = """
            INSERT INTO submission (record_id, log_id, package_name, record, submitted_at, state, missing, deadline,
                rejected_reason, rejected_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (record_id) DO UPDATE SET log_id = excluded.log_id, package_name = excluded.package_name,
                record = excluded.record, submitted_at = excluded.submitted_at, state = excluded.state,
                missing = excluded.missing, deadline = excluded.deadline, rejected_reason = excluded.rejected_reason,
                rejected_at = excluded.rejected_at
                WHERE submission.log_id = excluded.log_id
                  OR (submission.state = 'rejected' AND excluded.state <> 'rejected')
            """;

    private final Database database;

    SubmissionTable(Database database) {
        this.database = database;
    }

    @Override
    public void save(Submission submission) {
        int saved = database.write(connection -> Rows.change(connection, SAVE, statement -> {
            statement.setBytes(1, submission.recordId().bytes());
            statement.setBytes(2, submission.logId().bytes());
            statement.setString(3, submission.packageName());
            statement.setBytes(4, EnvelopeCodec.format(submission.record()));
            statement.setLong(5, micros(submission.submittedAt()));
            bindState(statement, submission.state());
        }));
        if (saved == 0) {
            throw new SubmissionElsewhereException(submission.recordId());
        }
    }

    private static void bindState(PreparedStatement statement, SubmissionState state) throws SQLException {
        statement.setString(6, name(state));
        statement.setNull(7, Types.BINARY);
        statement.setNull(8, Types.BIGINT);
        statement.setNull(9, Types.VARCHAR);
        statement.setNull(10, Types.BIGINT);
        switch (state) {
            case SubmissionState.Sourcing sourcing -> {
                statement.setBytes(7, join(sourcing.missing()));
                statement.setLong(8, micros(sourcing.deadline()));
            }
            case SubmissionState.Processing processing -> {}
            case SubmissionState.Rejected rejected -> {
                // The one character that text cannot hold here; a reason may quote what an author sent.
                statement.setString(9, rejected.reason().replace('\0', '\uFFFD'));
                statement.setLong(10, micros(rejected.at()));
            }
        }
    }

    private static String name(SubmissionState state) {
        return switch (state) {
            case SubmissionState.Sourcing sourcing -> "sourcing";
            case SubmissionState.Processing processing -> "processing";
            case SubmissionState.Rejected rejected -> "rejected";
        };
    }

    @Override
    public Optional<Submission> find(RecordId id) {
        return Rows.first(
                database,
                SUBMISSION + "WHERE record_id = ?",
                statement -> statement.setBytes(1, id.bytes()),
                SubmissionTable::toSubmission);
    }

    @Override
    public Page open(long after, int limit) {
        List<Placed> page = Rows.all(
                database,
                SUBMISSION + "WHERE state <> 'rejected' AND seq > ? ORDER BY seq LIMIT ?",
                statement -> {
                    statement.setLong(1, after);
                    statement.setInt(2, limit);
                },
                row -> new Placed(toSubmission(row), row.getLong(11)));
        return new Page(
                page.stream().map(Placed::submission).toList(),
                page.isEmpty() ? after : page.getLast().seq());
    }

    @Override
    public List<Submission> openOf(LogId log) {
        return Rows.all(
                database,
                SUBMISSION + "WHERE log_id = ? AND state <> 'rejected' ORDER BY seq",
                statement -> statement.setBytes(1, log.bytes()),
                SubmissionTable::toSubmission);
    }

    @Override
    public void delete(RecordId id) {
        deleteAll(List.of(id));
    }

    @Override
    public void deleteAll(Collection<RecordId> ids) {
        database.write(connection -> Rows.change(
                connection,
                "DELETE FROM submission WHERE record_id = ANY (?)",
                statement -> Column.ofBytes(statement, 1, ids, RecordId::bytes)));
    }

    @Override
    public int deleteRejectedBefore(Instant cutoff) {
        return database.write(connection -> Rows.change(
                connection,
                "DELETE FROM submission WHERE state = 'rejected' AND rejected_at < ?",
                // Stored instants are cut to the microsecond, so the cutoff is rounded up to compare alike.
                statement -> statement.setLong(1, micros(cutoff.plusNanos(999)))));
    }

    private static Submission toSubmission(ResultSet row) throws SQLException {
        return new Submission(
                RecordId.ofBytes(row.getBytes(1)),
                LogId.ofBytes(row.getBytes(2)),
                row.getString(3),
                EnvelopeCodec.parse(row.getBytes(4)),
                instant(row.getLong(5)),
                toState(row));
    }

    private static SubmissionState toState(ResultSet row) throws SQLException {
        String name = row.getString(6);
        return switch (name) {
            case "sourcing" -> new SubmissionState.Sourcing(split(row.getBytes(7)), instant(row.getLong(8)));
            case "processing" -> new SubmissionState.Processing();
            case "rejected" -> new SubmissionState.Rejected(row.getString(9), instant(row.getLong(10)));
            default -> throw new StorageException("a submission has the unknown state `" + name + "`");
        };
    }

    private static byte[] join(Set<Digest> digests) {
        ByteBuffer joined = ByteBuffer.allocate(DIGEST_BYTES * digests.size());
        digests.stream().sorted().forEach(digest -> joined.put(digest.bytes()));
        return joined.array();
    }

    private static Set<Digest> split(byte[] joined) {
        Set<Digest> digests = new HashSet<>();
        for (int at = 0; at < joined.length; at += DIGEST_BYTES) {
            digests.add(Digest.ofBytes(Arrays.copyOfRange(joined, at, at + DIGEST_BYTES)));
        }
        return digests;
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
