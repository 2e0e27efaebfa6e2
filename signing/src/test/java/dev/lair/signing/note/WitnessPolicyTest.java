package dev.lair.signing.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.note.WitnessPolicy.Cosigned;
import dev.lair.signing.note.WitnessPolicy.Evaluation;
import dev.lair.signing.note.WitnessPolicy.Group;
import dev.lair.signing.note.WitnessPolicy.Log;
import dev.lair.signing.note.WitnessPolicy.Voter;
import dev.lair.signing.note.WitnessPolicy.Witness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** c2sp.org/tlog-policy. */
class WitnessPolicyTest {

    private static final NotePrivateKey LOG = NoteVectors.LOG;
    private static final String LOG_KEY = LOG.key().text();
    private static final String W1_KEY = NoteVectors.WITNESS_1.key().text();
    private static final String W2_KEY = NoteVectors.WITNESS_2.key().text();
    private static final String TEXT = NoteVectors.checkpointText(8).format();

    private static final List<NotePrivateKey> WITNESSES = IntStream.range(0, 6)
            .mapToObj(i -> NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ED25519, "w" + i + ".example", new byte[] {
                (byte) i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                27, 28, 29, 30, 31
            }))
            .toList();

    private static String key(int witness) {
        return WITNESSES.get(witness).key().text();
    }

    private static WitnessPolicy policy(String... lines) {
        return WitnessPolicy.parse(String.join("\n", lines) + "\n");
    }

    private static WitnessPolicy twoLevels() {
        return policy(
                "log " + LOG_KEY,
                "witness X1 " + key(0),
                "witness X2 " + key(1),
                "witness X3 " + key(2),
                "group X 2 X1 X2 X3",
                "witness Y1 " + key(3),
                "witness Y2 " + key(4),
                "witness Y3 " + key(5),
                "group Y any Y1 Y2 Y3",
                "group X-and-Y all X Y",
                "quorum X-and-Y");
    }

    private static SignedNote note(Map<Integer, Long> times) {
        SignedNote note = SignedNote.sign(TEXT, 1, List.of(LOG.signer()));
        for (Map.Entry<Integer, Long> time : times.entrySet()) {
            note = note.with(WITNESSES.get(time.getKey()).signer().sign(TEXT, time.getValue()));
        }
        return note;
    }

    // The file.

    @Test
    void blanksCommentsAndOrderDoNotMatter() {
        WitnessPolicy policy = WitnessPolicy.parse("# who we trust\n\n \t \n\t# indented\n"
                + "witness  one\t" + W1_KEY + "   https://one.example/\t\n"
                + " witness two " + W2_KEY + "\n"
                + "group both all one two \n"
                + "quorum both\n"
                + "log " + LOG_KEY + " https://log.example/");
        assertThat(policy.logs()).containsExactly(new Log(LOG.key(), Optional.of("https://log.example/")));
        assertThat(policy.voters())
                .containsExactly(
                        new Witness("one", NoteVectors.WITNESS_1.key(), Optional.of("https://one.example/")),
                        new Witness("two", NoteVectors.WITNESS_2.key(), Optional.empty()),
                        new Group("both", 2, List.of("one", "two")));
        assertThat(policy.witnesses()).extracting(Witness::name).containsExactly("one", "two");
        assertThat(policy.quorum()).isEqualTo("both");
    }

    @Test
    void writtenPolicyReadsBackAsItself() {
        WitnessPolicy odd = policy(
                "log " + LOG_KEY,
                "witness #1 " + key(0),
                "witness Köln " + key(1) + " https://köln.example/é",
                "witness any " + key(2),
                "witness wide\u3000 " + key(3),
                "group all any #1 Köln",
                "group one all any",
                "group top 2 all one wide\u3000",
                "quorum top");
        for (WitnessPolicy policy : List.of(twoLevels(), odd, policy("quorum none"))) {
            assertThat(WitnessPolicy.parse(policy.format())).isEqualTo(policy);
        }
        assertThat(policy("quorum none").format()).isEqualTo("quorum none\n");
        assertThat(twoLevels().format())
                .contains("group X 2 X1 X2 X3\n", "group Y any Y1 Y2 Y3\n", "group X-and-Y all X Y\n");
    }

    @Test
    void commentsMayBeInAnyEncodingAndNamesMayNot() {
        byte[] latin1 = "# K\u00f6ln\nquorum none\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(WitnessPolicy.parse(latin1)).isEqualTo(policy("quorum none"));
        byte[] name = "quorum K\u00f6ln\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> WitnessPolicy.parse(name))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|quorum",
                "'log LOG'|quorum",
                "'quorum none\\nquorum none'|line 2: a policy has one quorum",
                "'quorum'|line 1: it must be `quorum NAME|none`",
                "'quorum a b'|line 1: it must be",
                "'quorum a'|line 1: `a` must be",
                "'quorum a\\nwitness a W1'|line 1: `a` must be",
                "'witness a W1\\nquorum A'|line 2: `A` must be",
                "'log'|line 1: it must be `log VKEY [URL]`",
                "'log LOG url more'|line 1: it must be",
                "'log LOG # comment'|line 1: it must be",
                "'log x'|line 1: a note key",
                "'log LOG\\nlog LOG'|line 2: the public key",
                "'log LOG\\n\\nlog TWICE'|line 3: the public key",
                "'log ECDSA'|line 1: a log',s key",
                "'witness a'|line 1: it must be `witness NAME VKEY [URL]`",
                "'witness a W1 url more'|line 1: it must be",
                "'witness a LOG'|line 1: a witness",
                "'witness a ECDSA'|line 1: a witness",
                "'witness a W1\\nwitness b W1'|line 2: the public key",
                "'witness a W1\\nwitness a W2'|line 2: the name `a` is defined twice",
                "'witness none W1'|line 1: `none`",
                "'group g all'|line 1: it must be `group",
                "'group g'|line 1: it must be `group",
                "'group g all a'|line 1: `a` must be",
                "'group g all g'|line 1: `g` must be",
                "'group g all none'|line 1: `none` must be",
                "'witness a W1\\ngroup none all a'|line 2: `none`",
                "'witness a W1\\ngroup a all a'|line 2: the name `a` is defined twice",
                "'witness a W1\\ngroup g 0 a'|line 2: `0` must be",
                "'witness a W1\\ngroup g 2 a'|line 2: `2` must be",
                "'witness a W1\\ngroup g 01 a'|line 2: `01` must be",
                "'witness a W1\\ngroup g -1 a'|line 2: `-1` must be",
                "'witness a W1\\ngroup g most a'|line 2: `most` must be",
                "'witness a W1\\ngroup g 4294967297 a'|line 2: `4294967297` must be",
                "'witness a W1\\ngroup g any a a'|line 2: `a` can be a member once",
                "'witness a W1\\ngroup g any a\\ngroup h any a'|line 3: `a` can be a member once",
                "'LOG'|line 1: `registry.example",
                "'Quorum none'|line 1: `Quorum` must be",
                "'quorum none\\r\\n'|line 1: control characters",
                "'# bell \\7\\nquorum none'|line 1: control characters",
                "'quorum\\fnone'|line 1: control characters"
            },
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false)
    void brokenRulesAreNamedWithTheirLine(String file, String rule) {
        String input = file.translateEscapes()
                .replace(
                        "TWICE",
                        NoteKey.of(NoteKeyType.ED25519, "b", LOG.key().publicKey())
                                .text())
                .replace("LOG", LOG_KEY)
                .replace("W1", W1_KEY)
                .replace("W2", W2_KEY)
                .replace("ECDSA", "log.example+00000000+AgAA");
        assertThatThrownBy(() -> WitnessPolicy.parse(input))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(rule.replace("',s", "'s").replace("NAME|none", "NAME"));
    }

    @Test
    void policyThatIsBuiltKeepsTheSameRules() {
        Witness witness = new Witness("a", NoteVectors.WITNESS_1.key(), Optional.empty());
        List<Runnable> broken = List.of(
                () -> new WitnessPolicy(List.of(), List.of(), "a"),
                () -> new WitnessPolicy(List.of(), List.of(witness, witness), "a"),
                () -> new WitnessPolicy(List.of(), List.of(new Group("g", 1, List.of("a")), witness), "g"),
                () -> new WitnessPolicy(List.of(), List.of(witness, new Group("g", 2, List.of("a"))), "g"),
                () -> new WitnessPolicy(List.of(), List.of(witness, new Group("g", 0, List.of("a"))), "g"),
                () -> new WitnessPolicy(List.of(), List.of(new Group("g", 0, List.of())), "g"),
                () -> new WitnessPolicy(List.of(), List.of(named("")), "none"),
                () -> new WitnessPolicy(List.of(), List.of(named("a b")), "none"),
                () -> new WitnessPolicy(List.of(), List.of(named("a\n")), "none"),
                () -> new WitnessPolicy(List.of(new Log(LOG.key(), Optional.of(""))), List.of(), "none"),
                () -> new WitnessPolicy(List.of(new Log(LOG.key(), Optional.of("a b"))), List.of(), "none"));
        broken.forEach(each -> assertThatThrownBy(each::run).isInstanceOf(MalformedPolicyException.class));
    }

    private static Witness named(String name) {
        return new Witness(name, NoteVectors.WITNESS_1.key(), Optional.empty());
    }

    @Test
    void thirtyTwoOfEachAreSupportedAnd256AreTheMost() {
        assertThat(crowd(32).witnesses()).hasSize(32);
        WitnessPolicy largest = crowd(256);
        assertThat(largest.logs()).hasSize(256);
        assertThat(largest.voters()).hasSize(512);
        assertThat(WitnessPolicy.parse(largest.format())).isEqualTo(largest);
        assertThatThrownBy(() -> crowd(257))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining("more than 256");
        assertThatThrownBy(() -> WitnessPolicy.parse(new byte[Limits.POLICY_BYTES + 1]))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining("bytes");
    }

    /** So many logs and witnesses, and groups nested that deep: the evaluation does not recurse. */
    private static WitnessPolicy crowd(int size) {
        StringBuilder file = new StringBuilder();
        String above = "";
        for (int i = 0; i < size; i++) {
            byte[] seed = new byte[32];
            seed[0] = (byte) i;
            seed[1] = (byte) (i >> 8);
            NotePrivateKey log = NotePrivateKey.ofSeed(NoteKeyType.ED25519, "log" + i, seed);
            NotePrivateKey witness = NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ED25519, "w" + i, seed);
            file.append("log ").append(log.key()).append('\n');
            file.append("witness w" + i + " ").append(witness.key()).append('\n');
            file.append("group g" + i + " any w" + i + above + "\n");
            above = " g" + i;
        }
        return WitnessPolicy.parse(file + "quorum g" + (size - 1) + "\n");
    }

    // Evaluation.

    @Test
    void cosignedCheckpointOfTheVectorsMeetsItsPolicy() throws NoteRejected {
        WitnessPolicy policy = policy(
                "log " + LOG_KEY, "witness 1 " + W1_KEY, "witness 2 " + W2_KEY, "group both all 1 2", "quorum both");
        Evaluation evaluation = policy.evaluate(NoteVectors.cosigned());
        assertThat(evaluation)
                .isEqualTo(new Evaluation(
                        NoteVectors.checkpointText(8),
                        List.of(LOG.key()),
                        List.of(
                                new Cosigned(policy.witnesses().get(0), NoteVectors.TIME),
                                new Cosigned(policy.witnesses().get(1), NoteVectors.TIME)),
                        true,
                        OptionalLong.of(NoteVectors.TIME)));
    }

    @Test
    void missingWitnessFailsTheQuorumAndNotTheNote() throws NoteRejected {
        Evaluation evaluation = twoLevels().evaluate(note(Map.of(0, 5L, 1, 6L)));
        assertThat(evaluation.quorumMet()).isFalse();
        assertThat(evaluation.quorumEpochSeconds()).isEmpty();
        assertThat(evaluation.cosigned()).hasSize(2);
        assertThat(evaluation.logs()).containsExactly(LOG.key());
    }

    @Test
    void freshnessIsTheTimeAtWhichTheNewestQuorumWasComplete() throws NoteRejected {
        assertThat(twoLevels()
                        .evaluate(note(Map.of(0, 10L, 1, 20L, 2, 30L, 3, 25L, 5, 7L)))
                        .quorumEpochSeconds())
                .hasValue(20);
        assertThat(twoLevels()
                        .evaluate(note(Map.of(0, 10L, 1, 20L, 2, 30L, 5, 7L)))
                        .quorumEpochSeconds())
                .hasValue(7);
    }

    @Test
    void withoutAQuorumTheLogAloneIsEnoughAndThereIsNoFreshness() throws NoteRejected {
        WitnessPolicy policy = policy("log " + LOG_KEY, "witness 1 " + key(0), "quorum none");
        Evaluation evaluation = policy.evaluate(note(Map.of(0, 10L)));
        assertThat(evaluation.quorumMet()).isTrue();
        assertThat(evaluation.quorumEpochSeconds()).isEmpty();
        assertThat(evaluation.cosigned()).hasSize(1);
        assertThat(policy.evaluate(note(Map.of())).quorumMet()).isTrue();
    }

    /** Without a time a cosigner says only that it saw this tree, and nothing about larger ones. */
    @Test
    void cosignatureWithoutATimeIsNoVote() throws NoteRejected {
        NotePrivateKey witness = NoteVectors.WITNESS_2;
        byte[] message = witness.type().message(witness.key().name(), TEXT, 0);
        byte[] body = new TimestampedSignature(
                        0, Algorithm.ML_DSA_44.sign(Algorithm.ML_DSA_44.privateKey(witness.seed()), message))
                .format();
        SignedNote note = note(Map.of())
                .with(new NoteSignature(witness.key().name(), witness.key().keyId(), body));
        assertThat(note.verify(List.of(witness.key()))).hasSize(1);
        Evaluation evaluation =
                policy("log " + LOG_KEY, "witness 2 " + W2_KEY, "quorum 2").evaluate(note);
        assertThat(evaluation.quorumMet()).isFalse();
        assertThat(evaluation.cosigned()).isEmpty();
    }

    @Test
    void logThatTheCheckpointDoesNotNameDoesNotCount() {
        NotePrivateKey other = NotePrivateKey.ofSeed(NoteKeyType.ED25519, "other.example", new byte[32]);
        WitnessPolicy policy = policy("log " + other.key(), "log " + LOG_KEY, "witness 1 " + key(0), "quorum none");
        SignedNote signedByOther = SignedNote.sign(
                TEXT, 1, List.of(other.signer(), WITNESSES.get(0).signer()));
        assertRejected(policy, signedByOther, NoteRejected.Reason.NO_TRUSTED_SIGNATURE, "registry.example/log1");
        assertRejected(policy("quorum none"), note(Map.of()), NoteRejected.Reason.NO_TRUSTED_SIGNATURE, "known key");
        SignedNote onlyWitnessed =
                SignedNote.sign(TEXT, 1, List.of(WITNESSES.get(0).signer()));
        assertRejected(policy, onlyWitnessed, NoteRejected.Reason.NO_TRUSTED_SIGNATURE, "registry.example/log1");
    }

    @Test
    void oneOfTwoKeysOfALogIsEnoughAndBothAreReported() throws NoteRejected {
        NotePrivateKey next =
                NotePrivateKey.ofSeed(NoteKeyType.COSIGNATURE_ML_DSA_44, NoteVectors.ORIGIN, new byte[32]);
        WitnessPolicy policy = policy("log " + LOG_KEY, "log " + next.key(), "quorum none");
        assertThat(policy.evaluate(note(Map.of())).logs()).containsExactly(LOG.key());
        SignedNote both = SignedNote.sign(TEXT, 1, List.of(next.signer(), LOG.signer()));
        assertThat(policy.evaluate(both).logs()).containsExactly(LOG.key(), next.key());
        assertThat(policy("quorum none")
                        .withLog(new Log(LOG.key(), Optional.empty()))
                        .evaluate(both)
                        .logs())
                .containsExactly(LOG.key());
    }

    @Test
    void badSignatureOfAWitnessOrLogRejectsTheNote() {
        WitnessPolicy policy = twoLevels();
        for (NotePrivateKey forged : List.of(LOG, WITNESSES.get(4))) {
            SignedNote note = note(Map.of(0, 5L, 1, 6L, 3, 7L))
                    .with(new NoteSignature(forged.key().name(), forged.key().keyId(), new byte[72]));
            assertRejected(
                    policy,
                    note,
                    NoteRejected.Reason.BAD_SIGNATURE,
                    forged.key().name());
        }
    }

    @Test
    void signedTextThatIsNoCheckpointIsRejected() {
        SignedNote note = SignedNote.sign("no checkpoint\n", 1, List.of(LOG.signer()));
        assertRejected(twoLevels(), note, NoteRejected.Reason.NOT_A_CHECKPOINT, "line");
    }

    private static void assertRejected(
            WitnessPolicy policy, SignedNote note, NoteRejected.Reason reason, String message) {
        assertThatThrownBy(() -> policy.evaluate(note))
                .isInstanceOf(NoteRejected.class)
                .hasMessageContaining(message)
                .extracting(e -> ((NoteRejected) e).reason())
                .isEqualTo(reason);
    }

    /** The definition, tried out: the largest t for which cosignatures of t or later still meet the quorum. */
    @Test
    void freshnessOfRandomPoliciesIsTheLargestTimeThatStillMeetsTheQuorum() throws NoteRejected {
        Random random = new Random(20260102);
        for (int round = 0; round < 150; round++) {
            WitnessPolicy policy = randomPolicy(random);
            Map<Integer, Long> times = new HashMap<>();
            for (int i = 0; i < WITNESSES.size(); i++) {
                if (random.nextInt(4) > 0) {
                    times.put(i, 1L + random.nextInt(6));
                }
            }
            OptionalLong expected = OptionalLong.empty();
            for (long t = 1; t <= 6; t++) {
                if (isMet(policy, times, t)) {
                    expected = OptionalLong.of(t);
                }
            }
            Evaluation evaluation = policy.evaluate(note(times));
            assertThat(evaluation.quorumEpochSeconds())
                    .as("%s %s", policy.format(), times)
                    .isEqualTo(expected);
            assertThat(evaluation.quorumMet()).isEqualTo(expected.isPresent());
            assertThat(evaluation.cosigned()).hasSize(times.size());
        }
    }

    private static WitnessPolicy randomPolicy(Random random) {
        List<Voter> voters = new ArrayList<>();
        List<String> free = new ArrayList<>();
        for (int i = 0; i < WITNESSES.size(); i++) {
            voters.add(new Witness("w" + i, WITNESSES.get(i).key(), Optional.empty()));
            free.add("w" + i);
        }
        while (free.size() > 1 && random.nextInt(5) > 0) {
            List<String> members = new ArrayList<>();
            for (int size = 1 + random.nextInt(free.size()); size > 0; size--) {
                members.add(free.remove(random.nextInt(free.size())));
            }
            Group group = new Group("g" + voters.size(), 1 + random.nextInt(members.size()), members);
            voters.add(group);
            free.add(group.name());
        }
        String quorum = voters.get(voters.size() - 1).name();
        return new WitnessPolicy(List.of(new Log(LOG.key(), Optional.empty())), voters, quorum);
    }

    private static boolean isMet(WitnessPolicy policy, Map<Integer, Long> times, long since) {
        Map<String, Voter> byName = new HashMap<>();
        policy.voters().forEach(voter -> byName.put(voter.name(), voter));
        return hasSeen(policy.quorum(), byName, times, since);
    }

    private static boolean hasSeen(String name, Map<String, Voter> byName, Map<Integer, Long> times, long since) {
        if (byName.get(name) instanceof Group group) {
            return group.members().stream()
                            .filter(member -> hasSeen(member, byName, times, since))
                            .count()
                    >= group.threshold();
        }
        return times.getOrDefault(Integer.parseInt(name.substring(1)), 0L) >= since;
    }
}
