package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link SubmissionStore} promises. */
public abstract class SubmissionStoreContract extends StorageContract {

    private static final Instant NOW = TestClock.START;

    private SubmissionStore submissions;

    @BeforeEach
    void openSubmissions() {
        submissions = storage.submissions();
    }

    private static Submission submission(int number, SubmissionState state) {
        NewEntry entry = LedgerScript.entry(number, "submitted " + number);
        return new Submission(
                entry.recordId(), entry.logId(), LedgerScript.name(number), entry.record(), NOW.plusNanos(123), state);
    }

    private static SubmissionState.Sourcing sourcing() {
        return new SubmissionState.Sourcing(
                Set.of(LedgerScript.content("a"), LedgerScript.content("b"), LedgerScript.content("c")),
                NOW.plusSeconds(60));
    }

    private Submission saved(int number, SubmissionState state) {
        Submission submission = submission(number, state);
        submissions.save(submission);
        return submission;
    }

    @Test
    void everyStateIsReadBack() {
        Submission sourcing = saved(1, sourcing());
        Submission processing = saved(2, new SubmissionState.Processing());
        Submission rejected = saved(3, new SubmissionState.Rejected("not a component — byte 8", NOW));

        for (Submission each : List.of(sourcing, processing, rejected)) {
            assertThat(submissions.find(each.recordId())).contains(each);
        }
        assertThat(submissions.find(submission(4, sourcing()).recordId())).isEmpty();
    }

    @Test
    void instantsAreCutToTheMicrosecond() {
        Submission early = saved(1, new SubmissionState.Rejected("old", Instant.parse("1969-12-31T23:59:59.9999999Z")));
        assertThat(submissions.find(early.recordId())).hasValueSatisfying(found -> {
            assertThat(found).isEqualTo(early);
            assertThat(found.submittedAt()).isEqualTo(NOW);
            assertThat(found.state())
                    .isEqualTo(new SubmissionState.Rejected("old", Instant.parse("1969-12-31T23:59:59.999999Z")));
        });
    }

    @Test
    void openOnesComeInOrderOfTheirFirstSave() {
        Submission first = saved(3, sourcing());
        saved(1, sourcing());
        Submission third = saved(2, new SubmissionState.Processing());
        saved(4, new SubmissionState.Rejected("no", NOW));
        Submission second = saved(1, new SubmissionState.Processing());

        assertThat(submissions.open(0, 100).submissions()).containsExactly(first, second, third);
    }

    @Test
    void openOnesComeInPagesThatDeletionsDoNotBreak() {
        Submission first = saved(1, sourcing());
        Submission second = saved(2, sourcing());
        saved(3, new SubmissionState.Rejected("no", NOW));
        Submission third = saved(4, sourcing());
        Submission fourth = saved(5, new SubmissionState.Processing());

        SubmissionStore.Page page = submissions.open(0, 2);
        assertThat(page.submissions()).containsExactly(first, second);
        // The place outlives who stood there.
        submissions.delete(second.recordId());
        SubmissionStore.Page next = submissions.open(page.last(), 2);
        assertThat(next.submissions()).containsExactly(third, fourth);
        assertThat(submissions.open(next.last(), 2)).isEqualTo(new SubmissionStore.Page(List.of(), next.last()));
    }

    @Test
    void openOnesOfManyPagesAreAllShownInOrder() {
        List<RecordId> saved = new ArrayList<>();
        for (int i = 0; i < 2 * SubmissionStore.PAGE + 1; i++) {
            saved.add(inLog(1, "record " + i, sourcing()).recordId());
        }
        List<RecordId> shown = new ArrayList<>();
        submissions.forEachOpen(submission -> shown.add(submission.recordId()));
        assertThat(shown).isEqualTo(saved);
    }

    @Test
    void openOnesOfOneLogComeInOrderOfTheirFirstSave() {
        Submission second = inLog(1, "b", sourcing());
        inLog(2, "other log", sourcing());
        Submission first = inLog(1, "a", sourcing());
        inLog(1, "c", new SubmissionState.Rejected("no", NOW));
        Submission replaced = inLog(1, "b", new SubmissionState.Processing());

        assertThat(submissions.openOf(LedgerScript.log(1))).containsExactly(replaced, first);
        assertThat(submissions.openOf(LedgerScript.log(3))).isEmpty();
        submissions.delete(second.recordId());
        assertThat(submissions.openOf(LedgerScript.log(1))).containsExactly(first);
        inLog(1, "a", new SubmissionState.Rejected("no", NOW));
        assertThat(submissions.openOf(LedgerScript.log(1))).isEmpty();
        assertThat(submissions.openOf(LedgerScript.log(2))).hasSize(1);
    }

    private Submission inLog(int log, String text, SubmissionState state) {
        NewEntry entry = LedgerScript.entry(log, text);
        Submission submission =
                new Submission(entry.recordId(), entry.logId(), LedgerScript.name(log), entry.record(), NOW, state);
        submissions.save(submission);
        return submission;
    }

    @Test
    void replacedSubmissionHasOnlyTheNewState() {
        saved(1, sourcing());
        Submission rejected = saved(1, new SubmissionState.Rejected("deadline", NOW));
        assertThat(submissions.find(rejected.recordId())).contains(rejected);
        assertThat(submissions.open(0, 100).submissions()).isEmpty();
        Submission again = saved(1, sourcing());
        assertThat(submissions.find(rejected.recordId())).contains(again);
        assertThat(submissions.open(0, 100).submissions()).containsExactly(again);
    }

    @Test
    void openSubmissionIsReplacedByItsOwnLogOnly() {
        Submission first = saved(1, sourcing());
        for (SubmissionState state : List.of(
                sourcing(), new SubmissionState.Processing(), new SubmissionState.Rejected("not theirs to end", NOW))) {
            assertThatThrownBy(() -> submissions.save(copyInLog2(first, state)))
                    .isInstanceOf(SubmissionElsewhereException.class)
                    .hasMessageContaining(first.recordId().toString());
        }
        assertThat(submissions.open(0, 100).submissions()).containsExactly(first);
        Submission processing = saved(1, new SubmissionState.Processing());
        assertThatThrownBy(() -> submissions.save(copyInLog2(first, sourcing())))
                .isInstanceOf(SubmissionElsewhereException.class);
        assertThat(submissions.find(first.recordId())).contains(processing);
    }

    @Test
    void rejectedSubmissionIsReplacedByAnotherLogs() {
        Submission rejected = saved(1, new SubmissionState.Rejected("too late", NOW));
        Submission other = copyInLog2(rejected, sourcing());
        submissions.save(other);
        assertThat(submissions.open(0, 100).submissions()).containsExactly(other);
        assertThat(submissions.openOf(LedgerScript.log(1))).isEmpty();
    }

    @Test
    void rejectionIsNotReplacedByAnotherLogsRejection() {
        Submission rejected = saved(1, new SubmissionState.Rejected("for the author to read", NOW));
        Submission strangers = copyInLog2(rejected, new SubmissionState.Rejected("of a stranger's copy", NOW));
        assertThatThrownBy(() -> submissions.save(strangers)).isInstanceOf(SubmissionElsewhereException.class);
        assertThat(submissions.find(rejected.recordId())).contains(rejected);
    }

    private static Submission copyInLog2(Submission submission, SubmissionState state) {
        return new Submission(
                submission.recordId(), LedgerScript.log(2), LedgerScript.name(2), submission.record(), NOW, state);
    }

    @Test
    void deletedOnesAreGone() {
        Submission first = saved(1, sourcing());
        Submission second = saved(2, sourcing());
        Submission third = saved(3, sourcing());
        RecordId unknown = submission(4, sourcing()).recordId();

        submissions.delete(second.recordId());
        submissions.delete(unknown);
        assertThat(submissions.open(0, 100).submissions()).containsExactly(first, third);
        submissions.deleteAll(List.of());
        submissions.deleteAll(List.of(first.recordId(), unknown, third.recordId()));
        assertThat(submissions.open(0, 100).submissions()).isEmpty();
        assertThat(submissions.find(first.recordId())).isEmpty();
    }

    @Test
    void onlyThoseRejectedBeforeTheCutoffAreDeleted() {
        Submission sourcing = saved(1, sourcing());
        saved(2, new SubmissionState.Rejected("old", NOW.minusSeconds(1)));
        saved(3, new SubmissionState.Rejected("old too", NOW.minusNanos(1000)));
        Submission atCutoff = saved(4, new SubmissionState.Rejected("at the cutoff", NOW));

        assertThat(submissions.deleteRejectedBefore(NOW)).isEqualTo(2);
        assertThat(submissions.deleteRejectedBefore(NOW)).isZero();
        assertThat(submissions.find(atCutoff.recordId())).contains(atCutoff);
        assertThat(submissions.find(sourcing.recordId())).contains(sourcing);
        assertThat(submissions.deleteRejectedBefore(NOW.plusNanos(1))).isEqualTo(1);
    }
}
