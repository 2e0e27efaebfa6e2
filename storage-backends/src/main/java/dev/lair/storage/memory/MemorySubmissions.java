package dev.lair.storage.memory;

import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Submissions in the heap; its own monitor owns the map, whose order is that of the first save. */
final class MemorySubmissions implements SubmissionStore {

    private final Map<RecordId, Submission> submissions = new LinkedHashMap<>();

    @Override
    public synchronized void save(Submission submission) {
        submissions.put(submission.recordId(), submission);
    }

    @Override
    public synchronized Optional<Submission> find(RecordId id) {
        return Optional.ofNullable(submissions.get(id));
    }

    @Override
    public synchronized List<Submission> open() {
        return submissions.values().stream()
                .filter(submission -> !(submission.state() instanceof SubmissionState.Rejected))
                .toList();
    }

    @Override
    public synchronized List<Submission> openOf(LogId log) {
        return open().stream()
                .filter(submission -> submission.logId().equals(log))
                .toList();
    }

    @Override
    public synchronized void delete(RecordId id) {
        submissions.remove(id);
    }

    @Override
    public synchronized void deleteAll(Collection<RecordId> ids) {
        ids.forEach(submissions::remove);
    }

    @Override
    public synchronized int deleteRejectedBefore(Instant cutoff) {
        int before = submissions.size();
        submissions
                .values()
                .removeIf(submission -> submission.state() instanceof SubmissionState.Rejected rejected
                        && rejected.at().isBefore(cutoff));
        return before - submissions.size();
    }
}
