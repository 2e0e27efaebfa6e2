package dev.lair.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSignature;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TlogProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair verify --proof}: all that can be wrong with a proof is found out without asking anybody. */
class OfflineProofTest {

    private static final PackageName COMPONENT = PackageName.parse("test:component");
    private static final SemVer VERSION = SemVer.parse("0.1.0");

    @TempDir
    Path folder;

    private final FakeTree tree = new FakeTree();
    private final Ledger ledger = Ledger.worked();
    private LairRun lair;

    @BeforeEach
    void noNetwork() throws IOException {
        lair = new LairRun(folder);
        // Port 0 can not be called: whoever asks a registry fails.
        lair.variables.put("LAIR_REGISTRY", "http://127.0.0.1:0");
        Files.write(folder.resolve("a.wasm"), Vectors.CONTENT);
        policy(tree.policy(2));
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
    }

    private void policy(WitnessPolicy policy) throws IOException {
        Files.writeString(folder.resolve("policy"), policy.format());
    }

    private void proof(String text) throws IOException {
        Files.writeString(folder.resolve("p.tlog-proof"), text);
    }

    private LairRun.Outcome verify(String... more) {
        List<String> words = new ArrayList<>(List.of("verify", "--proof", "p.tlog-proof", "--policy", "policy"));
        words.addAll(List.of(more));
        return lair.run(words.toArray(String[]::new));
    }

    private LairRun.Outcome verifyRelease(String... more) {
        List<String> words = new ArrayList<>(List.of("--package", "test:component@0.1.0"));
        words.addAll(List.of(more));
        return verify(words.toArray(String[]::new));
    }

    private static void assertRefused(LairRun.Outcome outcome, int exitCode, String words) {
        assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(exitCode);
        assertThat(outcome.err()).startsWith("error: ").containsPattern(words);
        assertThat(outcome.out()).doesNotContain("verified ");
    }

    @Test
    void aProofOfAReleaseIsBelieved() {
        LairRun.Outcome outcome = verifyRelease("--file", "a.wasm");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("proven   checkpoint of the proof: 7 records, signed by log `"
                                        + FakeTree.ORIGIN),
                        line -> assertThat(line)
                                .startsWith(
                                        "proven   witnesses of checkpoint of the proof: cosigned by `w1`, `w2`, `w3`;"
                                                + " quorum `most` since 2023-11-14T22:28:20Z"),
                        line -> assertThat(line)
                                .startsWith("proven   record sha256:")
                                .contains("is leaf 1 of the log"),
                        line -> assertThat(line)
                                .startsWith("proven   release: test:component 0.1.0 is sha256:24eaf343"),
                        line -> assertThat(line).startsWith("proven   signer: key " + Vectors.BOB.keyId()),
                        line -> assertThat(line).startsWith("trusted  not in a proof: whether a release was yanked"),
                        line -> assertThat(line).endsWith("is the content of this release"),
                        line -> assertThat(line).isEqualTo("verified test:component@0.1.0 by p.tlog-proof"));
        assertThat(lair.home()).as("nothing is remembered").doesNotExist();
    }

    @Test
    void jsonTellsWhatWasProven() {
        LairRun.Outcome outcome = verifyRelease("--json");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.json().get("verified").asBoolean()).isTrue();
        assertThat(outcome.json().get("offline").asBoolean()).isTrue();
        assertThat(outcome.json().get("leafIndex").asLong()).isEqualTo(1);
        assertThat(outcome.json().get("checkpointSize").asLong()).isEqualTo(7);
        assertThat(outcome.json().get("origin").asString()).isEqualTo(FakeTree.ORIGIN);
        assertThat(outcome.json().get("releases").get(0).get("version").asString())
                .isEqualTo("0.1.0");
    }

    @Test
    void thePackageMayBeTheArgument() {
        assertThat(verify("test:component@0.1.0").exitCode()).isZero();
        assertThat(verify("test:component").out()).contains("release: test:component 0.1.0 is");
        assertRefused(verifyRelease("test:component"), 2, "both name the package");
    }

    @Test
    void thePackageIsFoundInThePathOfTheTreeAndProven() throws IOException {
        Path file = folder.resolve("tree/package/test/component/0.1.0.tlog-proof");
        Files.createDirectories(file.getParent());
        Files.copy(folder.resolve("p.tlog-proof"), file);
        LairRun.Outcome outcome = lair.run("verify", "--proof", file.toString(), "--policy", "policy");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("verified test:component by ");
        Path elsewhere = folder.resolve("tree/package/test/other/0.1.0.tlog-proof");
        Files.createDirectories(elsewhere.getParent());
        Files.copy(file, elsewhere);
        assertRefused(
                lair.run("verify", "--proof", elsewhere.toString(), "--policy", "policy"),
                3,
                "of `test:other` is not proven to be leaf 1");
    }

    @Test
    void withoutAnyNameThePackageIsAskedFor() {
        assertRefused(verify(), 2, "is not known: .* add --package NS:NAME@VERSION");
    }

    @Test
    void whatMakesNoSenseIsWrongUsage() {
        assertRefused(
                lair.run("verify", "--proof", "p.tlog-proof", "--package", "test:component"),
                2,
                "--proof needs a policy");
        assertRefused(verify("test:component@^0.1.0"), 2, "a proof is about one exact version");
        assertRefused(verifyRelease("--all"), 2, "--all asks the registry, and --proof asks nobody");
        assertRefused(lair.run("verify", "--package", "test:component"), 2, "--package says what --proof should prove");
    }

    @Test
    void aRememberedPolicyIsTaken() {
        assertThat(lair.run("registry", "trust", "--policy", "policy").exitCode())
                .isZero();
        LairRun.Outcome outcome = lair.run("verify", "--proof", "p.tlog-proof", "--package", "test:component@0.1.0");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    }

    @Test
    void anotherContentIsRefused() throws IOException {
        Files.write(folder.resolve("b.wasm"), new byte[] {1});
        assertRefused(
                verifyRelease("--file", "b.wasm"), 3, "the content is sha256:\\w+, but its record releases 0.1.0 as");
    }

    @Test
    void anotherVersionIsRefused() {
        assertRefused(
                verify("--package", "test:component@9.9.9"),
                3,
                "its record releases 0.1.0 as .*, not `test:component` 9.9.9");
    }

    @Test
    void anotherPackageIsRefused() {
        assertRefused(
                verify("--package", "test:yankee@0.1.0"), 3, "of `test:yankee` is not proven to be leaf 1 of the log");
    }

    @Test
    void aRecordThatReleasesNothingProvesNoRelease() throws IOException {
        Ledger granted = ledger.plus(
                COMPONENT,
                Instant.ofEpochSecond(1_700_000_900L),
                Vectors.BOB,
                new PackageEntry.Grant(Vectors.ALICE.publicKey(), List.of()));
        TlogProof proof = tree.proof(granted, COMPONENT, VERSION);
        proof(TlogProof.of(InclusionProof.build(tree.log(granted)::node, 7, 8), proof.checkpoint())
                .withExtra(EnvelopeCodec.format(granted.entries().getLast().signed()))
                .format());
        assertRefused(verify("test:component"), 3, "its record releases nothing");
    }

    @Test
    void aRecordOfTheSameContentByAnotherSignerIsRefused() throws IOException {
        var first = ledger.entries().get(1).signed();
        var stolen = new SignedRecord(
                first.contentBytes(),
                first.keyId(),
                ledger.entries().get(2).signed().signature());
        proof(tree.proof(ledger, COMPONENT, VERSION)
                .withExtra(EnvelopeCodec.format(stolen))
                .format());
        assertRefused(verifyRelease(), 3, "starts the package's log with key sha256:\\w+, and is not signed by it");
    }

    @Test
    void theSignerOfALaterRecordIsOnlyTheProofsWord() throws IOException {
        proof(tree.proof(ledger, COMPONENT, SemVer.parse("0.2.0-rc.1+build.7")).format());
        LairRun.Outcome outcome = verify("--package", "test:component@0.2.0-rc.1+build.7");
        assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        assertThat(outcome.out()).contains("trusted  signer: key " + Vectors.BOB.keyId());
    }

    @Test
    void withoutTheRecordNothingIsProven() throws IOException {
        TlogProof proof = tree.proof(ledger, COMPONENT, VERSION);
        proof(TlogProof.of(proof.inclusion(7), proof.checkpoint()).format());
        assertRefused(verifyRelease(), 3, "it has no line `extra`");
    }

    @Test
    void anotherRecordInTheProofIsRefused() throws IOException {
        proof(tree.proof(ledger, COMPONENT, VERSION)
                .withExtra(EnvelopeCodec.format(ledger.entries().get(5).signed()))
                .format());
        assertRefused(verifyRelease(), 3, "is not proven to be leaf 1 of the log");
        proof(tree.proof(ledger, COMPONENT, VERSION).withExtra(new byte[] {1}).format());
        assertRefused(verifyRelease(), 3, "what its line `extra` carries is no package record");
    }

    /** Every byte counts: a changed one is refused, or it made a signature that is nobody's and not needed. */
    @Test
    void noChangedByteIsBelieved() throws IOException {
        String text = tree.proof(ledger, COMPONENT, VERSION).format();
        int signatures = text.indexOf("\u2014 ");
        for (int i : positions(text)) {
            char changed = text.charAt(i) == 'A' ? 'B' : 'A';
            proof(text.substring(0, i) + changed + text.substring(i + 1));
            LairRun.Outcome outcome = verifyRelease();
            if (i < signatures || outcome.exitCode() != 0) {
                assertThat(outcome.exitCode()).as(i + ": " + outcome.all()).isEqualTo(3);
            } else {
                boolean bothLogKeys = outcome.out().contains("2bbf446e and e395f035");
                assertThat(bothLogKeys && outcome.out().contains("`w1`, `w2`, `w3`"))
                        .as(i + ": " + outcome.all())
                        .isFalse();
            }
        }
    }

    /** All of them, but of a long line only the first 70: an ML-DSA signature has 3,300 characters. */
    private static List<Integer> positions(String text) {
        List<Integer> positions = new ArrayList<>();
        int column = 0;
        boolean signature = false;
        for (int i = 0; i < text.length(); i++) {
            signature |= text.charAt(i) == '\u2014';
            if (!signature || column < 70) {
                positions.add(i);
            }
            column = text.charAt(i) == '\n' ? 0 : column + 1;
        }
        return positions;
    }

    @Test
    void aTruncatedOrExtendedProofIsRefused() throws IOException {
        String text = tree.proof(ledger, COMPONENT, VERSION).format();
        for (String wrong : List.of("", "\n", text.substring(0, text.length() - 1), text + "x", "x" + text)) {
            proof(wrong);
            assertThat(verifyRelease().exitCode()).as(wrong).isEqualTo(3);
        }
        TlogProof proof = withoutLastHash(tree.proof(ledger, COMPONENT, VERSION), 7);
        proof(proof.format());
        assertRefused(verifyRelease(), 3, "ends below the root");
    }

    @Test
    void tooFewWitnessesAreNoQuorum() throws IOException {
        tree.witnesses.get(0).epochSeconds = null;
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        assertThat(verifyRelease().exitCode()).as("two of three").isZero();
        tree.witnesses.get(2).epochSeconds = null;
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        assertRefused(verifyRelease(), 3, "has no quorum: the policy asks for `most`, and it is cosigned by `w2`");
    }

    @Test
    void howManyWitnessesAreEnoughIsForThePolicyToSay() throws IOException {
        tree.witnesses.get(0).epochSeconds = null;
        tree.witnesses.get(1).epochSeconds = null;
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        policy(tree.policy(1));
        assertThat(verifyRelease().exitCode()).isZero();
        policy(tree.policy(3));
        assertRefused(verifyRelease(), 3, "has no quorum");
    }

    @Test
    void aWrongCosignatureSpoilsTheNoteEvenWhenTheQuorumIsThere() throws IOException {
        SignedNote note = tree.logNote(ledger);
        SignedNote other = tree.logNote(ledger.first(6));
        NoteSignature stolen = other.signatures().get(2);
        List<NoteSignature> signatures = new ArrayList<>(note.signatures());
        signatures.set(2, stolen);
        withNote(new SignedNote(note.text(), signatures));
        assertRefused(verifyRelease(), 3, "the signature of `witness.example/w1` .* does not verify");
    }

    @Test
    void greasedAndShuffledSignaturesAreAccepted() throws IOException {
        SignedNote note = tree.logNote(ledger);
        List<NoteSignature> signatures = new ArrayList<>(note.signatures());
        signatures.add(new NoteSignature("grease.example/a", 0x01020304, new byte[] {1, 2, 3}));
        // Of the log's own name, but of no key of it.
        signatures.add(new NoteSignature(FakeTree.ORIGIN, 0x05060708, new byte[64]));
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(signatures, new Random(seed));
            withNote(new SignedNote(note.text(), signatures));
            LairRun.Outcome outcome = verifyRelease();
            assertThat(outcome.exitCode()).as(outcome.all()).isZero();
        }
    }

    @Test
    void aLogThatThePolicyDoesNotNameIsRefused() throws IOException {
        NotePrivateKey stranger = FakeTree.key(NoteKeyType.ED25519, FakeTree.ORIGIN, 99);
        withNote(tree.cosigned(tree.logNote(ledger).text(), List.of(stranger)));
        assertRefused(verifyRelease(), 3, "no key that the policy has for the log");
        WitnessPolicy all = tree.policy(2);
        policy(new WitnessPolicy(List.of(), all.voters(), all.quorum()));
        assertRefused(verifyRelease(), 3, "no key that the policy has for the log");
    }

    @Test
    void theCheckpointOfAnotherTreeIsRefused() throws IOException {
        RootHash root = RootHash.ofBytes(Digest.of(new byte[] {1}).bytes());
        withNote(tree.cosigned(new CheckpointText(FakeTree.ORIGIN, 7, root).format(), tree.logKeys));
        assertRefused(verifyRelease(), 3, "is not proven to be leaf 1 of the log");
    }

    @Test
    void oneKeyOfTheLogIsEnough() throws IOException {
        withNote(tree.cosigned(tree.logNote(ledger).text(), List.of(tree.logKeys.getFirst())));
        assertThat(verifyRelease().exitCode()).isZero();
    }

    @Test
    void anOldQuorumIsStaleOnlyWhenAnAgeIsAskedFor() throws IOException {
        // The clock stands at 1,700,001,000; two of three votes are as new as the second newest.
        tree.witnesses.get(0).epochSeconds = 1_700_000_990L;
        tree.witnesses.get(1).epochSeconds = 1_700_000_000L;
        tree.witnesses.get(2).epochSeconds = 1_600_000_000L;
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        assertThat(verifyRelease().exitCode()).isZero();
        assertThat(verifyRelease("--max-age", "1000s").exitCode()).isZero();
        assertRefused(
                verifyRelease("--max-age", "999s"),
                8,
                "is too old: the quorum of its witnesses is from 2023-11-14T22:13:20Z, and at most 999s");
        assertThat(verifyRelease("--max-age", "none").exitCode()).isZero();
    }

    @Test
    void aQuorumFromTheFutureProvesNoAge() throws IOException {
        tree.witnesses.forEach(witness -> witness.epochSeconds = 1_700_001_000L + 601);
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        assertRefused(
                verifyRelease("--max-age", "1h"), 8, "which is still to come; is the clock of this machine right");
        tree.witnesses.forEach(witness -> witness.epochSeconds = Long.MAX_VALUE);
        proof(tree.proof(ledger, COMPONENT, VERSION).format());
        assertRefused(verifyRelease("--max-age", "1h"), 8, "9223372036854775807 s after 1970");
    }

    @Test
    void withoutWitnessesNothingProvesTheAge() throws IOException {
        policy(tree.policy(0));
        LairRun.Outcome outcome = verifyRelease();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("the policy asks for none, so nobody but the log itself vouches");
        assertRefused(
                verifyRelease("--max-age", "100d"), 8, "nothing proves the age of .*: the policy asks for no witness");
    }

    @Test
    void localTroubleIsToldApart() throws IOException {
        assertRefused(
                lair.run("verify", "--proof", "none", "--policy", "policy", "test:component"),
                7,
                "cannot read the proof");
        assertRefused(
                lair.run("verify", "--proof", "p.tlog-proof", "--policy", "none", "test:component"),
                7,
                "cannot read the policy file");
        Files.writeString(folder.resolve("policy"), "quorum everyone\n");
        assertRefused(verifyRelease(), 7, "not a witness policy: line 1");
        Files.write(folder.resolve("p.tlog-proof"), new byte[] {(byte) 0xff});
        policy(tree.policy(2));
        assertRefused(verifyRelease(), 3, "is no proof: it is not UTF-8");
    }

    @Test
    void aSpanOfTimeIsWrittenWithItsUnit() {
        for (String wrong : List.of("10", "0s", "1w", "-1s", "1.5h", "s", "9999999999s")) {
            assertRefused(
                    verifyRelease("--max-age", wrong), 2, "is no span of time: write it like 30s, 10m, 24h or 7d");
        }
    }

    private void withNote(SignedNote note) throws IOException {
        TlogProof honest = tree.proof(ledger, COMPONENT, VERSION);
        proof(TlogProof.of(honest.inclusion(7), note.format())
                .withExtra(honest.extra().orElseThrow())
                .format());
    }

    private static TlogProof withoutLastHash(TlogProof proof, long size) {
        List<NodeHash> hashes = new ArrayList<>(proof.hashes());
        hashes.removeLast();
        return TlogProof.of(new InclusionProof(proof.index(), size, hashes), proof.checkpoint())
                .withExtra(proof.extra().orElseThrow());
    }
}
