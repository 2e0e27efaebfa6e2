package dev.lair.storage.memory;

import dev.lair.storage.Submission;
import dev.lair.storage.SubmissionElsewhereException;
import dev.lair.storage.SubmissionState;
import dev.lair.storage.SubmissionStore;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Submissions in the heap; its own monitor owns the map, whose order is that of the first save. */
final class MemorySubmissions implements SubmissionStore {

    private final Map<RecordId, Submission> submissions = new LinkedHashMap<>();
    private final Map<RecordId, Long> places = new HashMap<>();
    private long lastPlace;

    @Override
    public synchronized void save(Submission submission) {
        Submission stored = submissions.get(submission.recordId());
        if (stored != null && !stored.logId().equals(submission.logId()) && (isOpen(stored) || !isOpen(submission))) {
            throw new SubmissionElsewhereException(submission.recordId());
        }
        submissions.put(submission.recordId(), submission);
        if (stored == null) {
            places.put(submission.recordId(), ++lastPlace);
        }
    }

    private static boolean isOpen(Submission submission) {
        return !(submission.state() instanceof SubmissionState.Rejected);
    }

    @Override
    public synchronized Optional<Submission> find(RecordId id) {
        return Optional.ofNullable(submissions.get(id));
    }

    @Override
    public synchronized Page open(long after, int limit) {
        List<Submission> page = submissions.values().stream()
                .filter(MemorySubmissions::isOpen)
                .filter(submission -> place(submission) > after)
                .limit(limit)
                .toList();
        return new Page(page, page.isEmpty() ? after : place(page.getLast()));
    }

    private long place(Submission submission) {
        return places.getOrDefault(submission.recordId(), 0L);
    }

    @Override
    public synchronized List<Submission> openOf(LogId log) {
        return submissions.values().stream()
                .filter(submission -> isOpen(submission) && submission.logId().equals(log))
                .toList();
    }

    @Override
    public synchronized void delete(RecordId id) {
        deleteAll(List.of(id));
    }

    @Override
    public synchronized void deleteAll(Collection<RecordId> ids) {
        ids.forEach(submissions::remove);
        ids.forEach(places::remove);
    }

    @Override
    public synchronized int deleteRejectedBefore(Instant cutoff) {
        int before = submissions.size();
        submissions
                .values()
                .removeIf(submission -> submission.state() instanceof SubmissionState.Rejected rejected
                        && rejected.at().isBefore(cutoff));
        places.keySet().retainAll(submissions.keySet());
        return before - submissions.size();
    }
}
