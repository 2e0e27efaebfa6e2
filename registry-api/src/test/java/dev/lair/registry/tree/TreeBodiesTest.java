package dev.lair.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.LogId;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.ProofRejected;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** JSON bodies of the static tree, and what an answer of the map proves. */
class TreeBodiesTest {

    private static final LogId HERE = PackageName.parse("test:here").logId();
    private static final LogId NOWHERE = PackageName.parse("test:nowhere").logId();
    private static final RecordId HEAD = RecordId.ofBytes(new byte[32]);
    private static final SparseMap MAP = SparseMap.empty()
            .with(HERE, HEAD)
            .with(
                    PackageName.parse("test:other").logId(),
                    RecordId.ofBytes(Digest.of(new byte[1]).bytes()));
    private static final CheckpointEvidence STATED = CheckpointEvidence.of(
            "registry.example/log",
            new Checkpoint(RootHash.ofBytes(Digest.of(new byte[2]).bytes()), 2, MAP.root()));

    /** The second of two entries of the evidence log. */
    private static final NodeHash FIRST =
            NodeHash.ofBytes(Digest.of(new byte[3]).bytes());

    private static final RootHash EVIDENCE_ROOT = MerkleHash.node(
                    FIRST, NodeHash.ofBytes(MerkleHash.leaf(STATED.entry()).bytes()))
            .asRoot();

    private static MapAnswer answer(LogId log) {
        TlogProof evidence = TlogProof.of(
                new InclusionProof(1, 2, List.of(FIRST)),
                new CheckpointText("registry.example/evidence", 2, EVIDENCE_ROOT).format() + "\n— x y\n");
        return MapAnswer.of(log, MAP.head(log), MAP.prove(log), STATED, evidence);
    }

    private static MapAnswer throughJson(MapAnswer answer) throws MalformedBodyException {
        return WargJson.readReply(WargJson.write(answer), MapAnswer.class);
    }

    @Test
    void presenceAndAbsenceAreProvenThroughTheEvidenceLog() throws Exception {
        MapAnswer present = throughJson(answer(HERE));
        assertThat(present).isEqualTo(answer(HERE));
        assertThat(present.head()).isEqualTo(HEAD);
        assertThat(present.verify(2, EVIDENCE_ROOT)).isEqualTo(STATED);
        MapAnswer absent = throughJson(answer(NOWHERE));
        assertThat(absent.head()).isNull();
        assertThat(absent.verify(2, EVIDENCE_ROOT)).isEqualTo(STATED);
    }

    @Test
    void answerAboutAnotherPackageOrHeadProvesNothing() {
        MapAnswer present = answer(HERE);
        MapAnswer absent = answer(NOWHERE);
        for (MapAnswer wrong : List.of(
                new MapAnswer(NOWHERE, HEAD, present.siblings(), present.checkpoint(), present.evidence()),
                new MapAnswer(HERE, null, present.siblings(), present.checkpoint(), present.evidence()),
                new MapAnswer(
                        HERE,
                        RecordId.ofBytes(Digest.of(new byte[9]).bytes()),
                        present.siblings(),
                        present.checkpoint(),
                        present.evidence()),
                new MapAnswer(HERE, null, absent.siblings(), absent.checkpoint(), absent.evidence()),
                new MapAnswer(HERE, HEAD, List.of(), present.checkpoint(), present.evidence()))) {
            assertThatThrownBy(() -> wrong.verify(2, EVIDENCE_ROOT)).isInstanceOf(ProofRejected.class);
        }
    }

    @Test
    void entryThatTheEvidenceLogDoesNotHaveProvesNothing() {
        MapAnswer answer = answer(HERE);
        CheckpointEvidence invented = new CheckpointEvidence(STATED.origin(), 3, STATED.logRoot(), STATED.mapRoot());
        MapAnswer wrong = new MapAnswer(HERE, HEAD, answer.siblings(), invented.format(), answer.evidence());
        assertThatThrownBy(() -> wrong.verify(2, EVIDENCE_ROOT)).isInstanceOf(ProofRejected.class);
        assertThatThrownBy(() -> answer.verify(3, EVIDENCE_ROOT)).isInstanceOf(ProofRejected.class);
        assertThatThrownBy(() -> answer.verify(2, MAP.root())).isInstanceOf(ProofRejected.class);
    }

    @Test
    void configIsReadBackAndNewMembersArePassedOver() throws MalformedBodyException {
        RegistryConfig config = new RegistryConfig(
                RegistryConfig.FORMAT_VERSION,
                "https://registry.example",
                Map.of("warg", List.of("v1")),
                Map.of("log", "https://registry.example/log"),
                new RegistryConfig.LogConfig("registry.example/log", "https://registry.example/log", List.of("a+b+c")),
                new RegistryConfig.LogConfig(
                        "registry.example/evidence", "https://registry.example/evidence", List.of()),
                new RegistryConfig.Changes("https://registry.example/changes", 12),
                "6d28164");
        byte[] json = WargJson.write(config);
        assertThat(WargJson.readReply(json, RegistryConfig.class)).isEqualTo(config);
        String more = new String(json, StandardCharsets.UTF_8).replaceFirst("\\{", "{\"tomorrow\":1,");
        assertThat(WargJson.readReply(more.getBytes(StandardCharsets.UTF_8), RegistryConfig.class))
                .isEqualTo(config);
        assertThat(Optional.of(config.formatVersion())).contains(1);
    }
}
