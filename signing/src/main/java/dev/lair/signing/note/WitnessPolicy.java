package dev.lair.signing.note;

import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.MalformedCheckpointException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whose signatures make a checkpoint trusted (c2sp.org/tlog-policy): one of the logs, and a quorum of witnesses. The
 * file's grammar is at {@link WitnessPolicyCodec}.
 *
 * @param logs whose checkpoints are accepted; a log's key is named as its origin. May be empty in a policy for logs that
 *     are known otherwise: {@link #withLog} adds them
 * @param voters witnesses and groups, each before the groups that have it as a member
 * @param quorum name of the witness or group whose vote is needed; {@link #NO_QUORUM} when none is
 */
public record WitnessPolicy(List<Log> logs, List<Voter> voters, String quorum) {

    /** The quorum that is always met. */
    public static final String NO_QUORUM = "none";

    /**
     * A log.
     *
     * @param key named as the log's origin
     * @param url where the log is found; its meaning is the reader's
     */
    public record Log(NoteKey key, Optional<String> url) {}

    /** Who can have seen a checkpoint. Names have a meaning in their policy only. */
    public sealed interface Voter {
        /** Not empty, no white space, not {@code none}. */
        String name();
    }

    /**
     * A witness.
     *
     * @param key of a cosignature type (0x04 or 0x06)
     * @param url by custom the prefix in front of {@code /add-checkpoint}
     */
    public record Witness(String name, NoteKey key, Optional<String> url) implements Voter {}

    /**
     * A group, which has seen what enough of its members have seen.
     *
     * @param threshold how many are enough, 1 to the number of members
     * @param members names of earlier witnesses and groups, each in one group only
     */
    public record Group(String name, int threshold, List<String> members) implements Voter {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** That a witness cosigned, and when; POSIX seconds, at least 1. */
    public record Cosigned(Witness witness, long epochSeconds) {}

    /**
     * What a policy says of a note that one of its logs signed.
     *
     * @param checkpoint the note's text
     * @param logs the logs' keys that signed it, at least one
     * @param cosigned the witnesses that cosigned it, in the policy's order
     * @param quorumMet whether they are enough
     * @param quorumEpochSeconds the freshness of the note: the largest time such that the cosignatures of that time or
     *     later are still enough; empty when the quorum is not met, or none is needed
     */
    public record Evaluation(
            CheckpointText checkpoint,
            List<NoteKey> logs,
            List<Cosigned> cosigned,
            boolean quorumMet,
            OptionalLong quorumEpochSeconds) {
        public Evaluation {
            logs = List.copyOf(logs);
            cosigned = List.copyOf(cosigned);
        }
    }

    /** Checks all rules of a policy; {@link MalformedPolicyException} when one is broken. */
    public WitnessPolicy {
        logs = List.copyOf(logs);
        voters = List.copyOf(voters);
        PolicyRules rules = new PolicyRules();
        logs.forEach(rules::add);
        voters.forEach(rules::add);
        rules.quorum(quorum);
    }

    /**
     * Parses a policy file.
     *
     * @throws MalformedPolicyException naming the line and the rule
     */
    public static WitnessPolicy parse(byte[] file) {
        return WitnessPolicyCodec.parse(file);
    }

    /** {@link #parse(byte[])} of a text. */
    public static WitnessPolicy parse(String file) {
        return WitnessPolicyCodec.parse(NoteText.utf8(file));
    }

    /** The policy as a file, without comments. {@link #parse(String)} of it gives this policy again. */
    public String format() {
        return WitnessPolicyCodec.format(this);
    }

    /** The witnesses, in the policy's order. */
    public List<Witness> witnesses() {
        List<Witness> witnesses = new ArrayList<>();
        for (Voter voter : voters) {
            if (voter instanceof Witness witness) {
                witnesses.add(witness);
            }
        }
        return List.copyOf(witnesses);
    }

    /** This policy with one more log, for policies whose logs are known otherwise. */
    public WitnessPolicy withLog(Log log) {
        List<Log> more = new ArrayList<>(logs);
        more.add(log);
        return new WitnessPolicy(more, voters, quorum);
    }

    /**
     * Verifies a checkpoint by its log and counts its cosignatures. Whether a quorum that is not met, or is too old,
     * matters is the caller's to decide.
     *
     * @throws NoteRejected when the text is no checkpoint, no log of this policy with the checkpoint's origin signed it,
     *     or a signature of a key of this policy is wrong
     */
    public Evaluation evaluate(SignedNote note) throws NoteRejected {
        // Step 1: the text is a checkpoint.
        CheckpointText checkpoint;
        try {
            checkpoint = CheckpointText.parse(note.text());
        } catch (MalformedCheckpointException e) {
            throw new NoteRejected(NoteRejected.Reason.NOT_A_CHECKPOINT, String.valueOf(e.getMessage()));
        }
        // Step 2: every signature of a key of this policy is right. Logs of other origins are unknown keys here.
        List<NoteKey> logKeys = new ArrayList<>();
        for (Log log : logs) {
            if (log.key().name().equals(checkpoint.origin())) {
                logKeys.add(log.key());
            }
        }
        List<NoteKey> known = new ArrayList<>(logKeys);
        witnesses().forEach(witness -> known.add(witness.key()));
        Map<NoteKey, OptionalLong> times = new HashMap<>();
        for (VerifiedSignature signature : note.verify(known)) {
            times.put(signature.key(), signature.epochSeconds());
        }
        // Step 3: the log that the checkpoint names is one of ours and signed it.
        logKeys.removeIf(key -> !times.containsKey(key));
        if (logKeys.isEmpty()) {
            throw new NoteRejected(
                    NoteRejected.Reason.NO_TRUSTED_SIGNATURE,
                    "no key that the policy has for the log `" + checkpoint.origin() + "` signed the checkpoint");
        }
        // Step 4: the witnesses. Time 0 states nothing about other trees, so it is no witness's vote.
        List<Cosigned> cosigned = new ArrayList<>();
        for (Witness witness : witnesses()) {
            OptionalLong time = times.getOrDefault(witness.key(), OptionalLong.empty());
            if (time.isPresent() && time.getAsLong() > 0) {
                cosigned.add(new Cosigned(witness, time.getAsLong()));
            }
        }
        // Step 5: the quorum.
        OptionalLong since = quorumTime(cosigned);
        return new Evaluation(checkpoint, logKeys, cosigned, quorum.equals(NO_QUORUM) || since.isPresent(), since);
    }

    /** When the quorum was met: a witness at its cosignature, a group at the vote that made up its threshold. */
    private OptionalLong quorumTime(List<Cosigned> cosigned) {
        Map<String, Long> votes = new HashMap<>();
        cosigned.forEach(one -> votes.put(one.witness().name(), one.epochSeconds()));
        for (Voter voter : voters) {
            if (voter instanceof Group group) {
                List<Long> times = new ArrayList<>();
                for (String member : group.members()) {
                    Long time = votes.get(member);
                    if (time != null) {
                        times.add(time);
                    }
                }
                if (times.size() >= group.threshold()) {
                    times.sort(Comparator.reverseOrder());
                    votes.put(group.name(), times.get(group.threshold() - 1));
                }
            }
        }
        Long time = votes.get(quorum);
        return time == null ? OptionalLong.empty() : OptionalLong.of(time);
    }
}
