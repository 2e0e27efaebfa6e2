package dev.lair.storage.postgres;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Submissions in the table of that name; every method that writes is one transaction. */
final class SubmissionTable implements SubmissionStore {

    private static final int DIGEST_BYTES = 32;

    private record Placed(Submission submission, long seq) {}

    private static final String SUBMISSION = "SELECT record_id, log_id, package_name, record, submitted_at, state,"
            + " missing, deadline, rejected_reason, rejected_at, seq FROM submission ";

    /**
     * An update keeps seq, and with it the submission's place in the order. What waits for another log stays, and is not
     * answered. Rows are written by record id, so that two nodes never wait for each other.
     */
    private static final String SAVE = """
            INSERT INTO submission (record_id, log_id, package_name, record, submitted_at, state, missing, deadline,
                rejected_reason, rejected_at)
              SELECT * FROM unnest(?::bytea[], ?::bytea[], ?::text[], ?::bytea[], ?::bigint[], ?::text[], ?::bytea[],
                  ?::bigint[], ?::text[], ?::bigint[])
                AS saved (record_id, log_id, package_name, record, submitted_at, state, missing, deadline,
                  rejected_reason, rejected_at)
                ORDER BY record_id
              ON CONFLICT (record_id) DO UPDATE SET log_id = excluded.log_id, package_name = excluded.package_name,
                record = excluded.record, submitted_at = excluded.submitted_at, state = excluded.state,
                missing = excluded.missing, deadline = excluded.deadline, rejected_reason = excluded.rejected_reason,
                rejected_at = excluded.rejected_at
                WHERE submission.log_id = excluded.log_id
                  OR (submission.state = 'rejected' AND excluded.state <> 'rejected')
              RETURNING record_id
            """;

    private static final String FIND = SUBMISSION + "WHERE record_id = ANY (?)";

    private static final String OPEN_OF = """
            SELECT found.*, log.place FROM unnest(?::bytea[]) WITH ORDINALITY AS log (id, place)
              CROSS JOIN LATERAL (%sWHERE log_id = log.id AND state <> 'rejected' ORDER BY seq LIMIT %d) AS found
            """.formatted(SUBMISSION, Limits.GATHERED_ROWS);

    private final Database database;
    private final Gathering<Submission, Boolean> saves;
    private final Gathering<RecordId, Optional<Submission>> finds;
    private final Gathering<LogId, List<Submission>> opens;

    SubmissionTable(Database database) {
        this.database = database;
        this.saves = database.gatheredWrites(Submission::recordId, this::saveAll);
        this.finds = database.gatheredReads(this::findAll);
        this.opens = database.gatheredReads(this::firstOpenOf);
    }

    @Override
    public void save(Submission submission) {
        if (!saves.ask(submission)) {
            throw new SubmissionElsewhereException(submission.recordId());
        }
    }

    /** Whether each was saved. */
    private List<Boolean> saveAll(List<Submission> submissions) {
        Set<RecordId> saved = database.write(connection -> new HashSet<>(Rows.all(
                connection,
                SAVE,
                statement -> bind(statement, submissions),
                row -> RecordId.ofBytes(row.getBytes(1)))));
        return submissions.stream()
                .map(submission -> saved.contains(submission.recordId()))
                .toList();
    }

    private static void bind(PreparedStatement statement, List<Submission> rows) throws SQLException {
        Column.ofBytes(statement, 1, rows, row -> row.recordId().bytes());
        Column.ofBytes(statement, 2, rows, row -> row.logId().bytes());
        Column.ofTexts(statement, 3, rows, Submission::packageName);
        Column.ofBytes(statement, 4, rows, row -> EnvelopeCodec.format(row.record()));
        Column.ofLongs(statement, 5, rows, row -> micros(row.submittedAt()));
        List<StateColumns> states =
                rows.stream().map(row -> StateColumns.of(row.state())).toList();
        Column.ofTexts(statement, 6, states, StateColumns::name);
        Column.ofBytes(statement, 7, states, StateColumns::missing);
        Column.ofLongs(statement, 8, states, StateColumns::deadline);
        Column.ofTexts(statement, 9, states, StateColumns::reason);
        Column.ofLongs(statement, 10, states, StateColumns::rejectedAt);
    }

    /** A state as it is stored; what it does not have is null. */
    @SuppressWarnings("ArrayRecordComponent") // on its way into a statement, compared with nothing
    private record StateColumns(
            String name,
            byte @Nullable [] missing,
            @Nullable Long deadline,
            @Nullable String reason,
            @Nullable Long rejectedAt) {

        static StateColumns of(SubmissionState state) {
            return switch (state) {
                case SubmissionState.Sourcing sourcing ->
                    new StateColumns("sourcing", join(sourcing.missing()), micros(sourcing.deadline()), null, null);
                case SubmissionState.Processing processing -> new StateColumns("processing", null, null, null, null);
                // Without the one character that text cannot hold here; a reason may quote what an author sent.
                case SubmissionState.Rejected rejected ->
                    new StateColumns(
                            "rejected", null, null, rejected.reason().replace('\0', '\uFFFD'), micros(rejected.at()));
            };
        }
    }

    @Override
    public Optional<Submission> find(RecordId id) {
        return finds.ask(id);
    }

    private List<Optional<Submission>> findAll(List<RecordId> ids) {
        Map<RecordId, Submission> found = Rows.byKey(
                Rows.all(
                        database,
                        FIND,
                        statement -> Column.ofBytes(statement, 1, ids, RecordId::bytes),
                        SubmissionTable::toSubmission),
                Submission::recordId);
        return ids.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
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
        List<Submission> first = opens.ask(log);
        if (first.size() < Limits.GATHERED_ROWS) {
            return first;
        }
        return Rows.all(
                database,
                SUBMISSION + "WHERE log_id = ? AND state <> 'rejected' ORDER BY seq",
                statement -> statement.setBytes(1, log.bytes()),
                SubmissionTable::toSubmission);
    }

    private List<List<Submission>> firstOpenOf(List<LogId> logs) {
        Map<Long, List<Placed>> found = Rows.all(
                        database,
                        OPEN_OF,
                        statement -> Column.ofBytes(statement, 1, logs, LogId::bytes),
                        row -> Map.entry(row.getLong(12), new Placed(toSubmission(row), row.getLong(11))))
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList())));
        List<List<Submission>> answers = new ArrayList<>();
        for (long place = 1; place <= logs.size(); place++) {
            answers.add(found.getOrDefault(place, List.of()).stream()
                    .sorted(Comparator.comparingLong(Placed::seq))
                    .map(Placed::submission)
                    .toList());
        }
        return answers;
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
