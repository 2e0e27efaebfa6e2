package dev.lair.cli.trust;

import static dev.lair.cli.report.Finding.proven;
import static dev.lair.cli.report.Finding.trusted;

import dev.lair.cli.report.Counted;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Span;
import dev.lair.signing.note.NoteRejected;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.CheckpointText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a signed checkpoint must show before it is believed (transparency log, section 1, "Policy"):
 *
 * <ol>
 *   <li>a log of the policy signed it, and no signature of a key of the policy is wrong,
 *   <li>the witnesses that cosigned it make the policy's quorum, and
 *   <li>they did so recently: by the time that the quorum vouches for, not by any clock of the registry.
 * </ol>
 *
 * @param maxAge how old the quorum's cosignatures may be; empty when any age will do
 */
public record NoteDemand(WitnessPolicy policy, Optional<Duration> maxAge) {

    /** How old cosignatures may be when nobody says otherwise: a registry has its checkpoint cosigned every minute. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofHours(24);

    /** How far a witness's clock may be ahead of ours; beyond it, its time says nothing about the age. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    /** The demand of a policy alone: the default age where there are witnesses, who alone can prove one. */
    public static NoteDemand of(WitnessPolicy policy) {
        return new NoteDemand(
                policy,
                policy.quorum().equals(WitnessPolicy.NO_QUORUM) ? Optional.empty() : Optional.of(DEFAULT_MAX_AGE));
    }

    /**
     * Checks a note.
     *
     * @param what how messages call it
     * @return the checkpoint that it states
     * @throws Fault unverified for 1 and 2, stale for 3
     */
    public CheckpointText require(String what, SignedNote note, Instant now, Reporter reporter) throws Fault {
        WitnessPolicy.Evaluation evaluation;
        // 1. The log.
        try {
            evaluation = policy.evaluate(note);
        } catch (NoteRejected e) {
            throw Unproven.because(what + " does not satisfy the policy", e);
        }
        CheckpointText checkpoint = evaluation.checkpoint();
        reporter.found(proven(what + ": " + Counted.of(checkpoint.treeSize(), "record") + ", signed by log `"
                + checkpoint.origin() + "` with key "
                + evaluation.logs().stream().map(key -> key.keyIdHex()).collect(Collectors.joining(" and "))));
        // 2. The witnesses.
        if (!evaluation.quorumMet()) {
            throw Unproven.because(what + " has no quorum: the policy asks for `" + policy.quorum() + "`, and it is"
                    + " cosigned by " + cosigners(evaluation));
        }
        OptionalLong since = evaluation.quorumEpochSeconds();
        reporter.found(
                since.isPresent()
                        ? proven("witnesses of " + what + ": cosigned by " + cosigners(evaluation) + "; quorum `"
                                + policy.quorum() + "` since " + instant(since.getAsLong()))
                        : trusted("witnesses of " + what + ": the policy asks for none, so nobody but the log itself"
                                + " vouches that others see the same"));
        // 3. The age.
        if (maxAge.isPresent()) {
            requireRecent(what, maxAge.get(), since, now);
        }
        return checkpoint;
    }

    private static void requireRecent(String what, Duration maxAge, OptionalLong since, Instant now) throws Fault {
        if (since.isEmpty()) {
            throw ExitCode.STALE.fault("nothing proves the age of " + what + ": the policy asks for no witness (quorum"
                    + " none), and a log's own signature proves no time; add witnesses to the policy, or ask for no"
                    + " --max-age");
        }
        long time = since.getAsLong();
        if (time > now.plus(CLOCK_SKEW).getEpochSecond()) {
            throw ExitCode.STALE.fault("nothing proves the age of " + what + ": its witnesses say " + instant(time)
                    + ", which is still to come; is the clock of this machine right?");
        }
        if (time < now.minus(maxAge).getEpochSecond()) {
            throw ExitCode.STALE.fault(what + " is too old: the quorum of its witnesses is from " + instant(time)
                    + ", and at most " + Span.format(maxAge) + " are allowed; something newer may be withheld");
        }
    }

    private static String cosigners(WitnessPolicy.Evaluation evaluation) {
        return evaluation.cosigned().isEmpty()
                ? "none of its witnesses"
                : evaluation.cosigned().stream()
                        .map(cosigned -> "`" + cosigned.witness().name() + "`")
                        .collect(Collectors.joining(", "));
    }

    /** POSIX seconds may be more than an {@link Instant} holds. */
    private static String instant(long epochSeconds) {
        return epochSeconds <= Instant.MAX.getEpochSecond()
                ? Instant.ofEpochSecond(epochSeconds).toString()
                : epochSeconds + " s after 1970";
    }
}
