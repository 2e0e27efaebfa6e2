package dev.lair.cli;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargError;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.note.NoteKeyType;
import dev.lair.signing.note.NotePrivateKey;
import dev.lair.signing.note.NoteSigner;
import dev.lair.signing.note.SignedNote;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.InclusionProof;
import dev.lair.transparency.LeafHash;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.NodeHash;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TilePath;
import dev.lair.transparency.TlogProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The static tree of a fake registry: both logs with their keys and witnesses, bundles of records, proofs. */
final class FakeTree {

    static final String ORIGIN = "registry.example/under/here/log";
    static final String EVIDENCE_ORIGIN = "registry.example/under/here/evidence";

    /** When witnesses cosign, unless a test says otherwise: 100 s before the clock of {@link LairRun}. */
    static final long COSIGNED = 1_700_000_900L;

    /** A witness, and when it cosigns; null when it does not. */
    static final class Witness {
        final String name;
        final NotePrivateKey key;

        @Nullable
        Long epochSeconds = COSIGNED;

        Witness(String name, NoteKeyType type, int seed) {
            this.name = name;
            this.key = key(type, "witness.example/" + name, seed);
        }
    }

    final List<NotePrivateKey> logKeys =
            List.of(key(NoteKeyType.ED25519, ORIGIN, 1), key(NoteKeyType.COSIGNATURE_ML_DSA_44, ORIGIN, 2));
    final List<NotePrivateKey> evidenceKeys = List.of(
            key(NoteKeyType.ED25519, EVIDENCE_ORIGIN, 3), key(NoteKeyType.COSIGNATURE_ML_DSA_44, EVIDENCE_ORIGIN, 4));
    final List<Witness> witnesses = List.of(
            new Witness("w1", NoteKeyType.COSIGNATURE_ED25519, 5),
            new Witness("w2", NoteKeyType.COSIGNATURE_ED25519, 6),
            new Witness("w3", NoteKeyType.COSIGNATURE_ML_DSA_44, 7));

    /** Entries of the evidence log. */
    final List<byte[]> evidence = new ArrayList<>();

    /** What is said instead of each new entry of the evidence log. */
    UnaryOperator<CheckpointEvidence> claim = honest -> honest;

    /** Leaf data of the main log instead of the ledger's own. */
    UnaryOperator<byte[]> entry = honest -> honest;

    private long claimed;

    static NotePrivateKey key(NoteKeyType type, String name, int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return NotePrivateKey.ofSeed(type, name, bytes);
    }

    /** A publication: the evidence log speaks of it. */
    void published(Ledger ledger) {
        if (ledger.size() > claimed) {
            claimed = ledger.size();
            evidence.add(claim.apply(CheckpointEvidence.of(ORIGIN, ledger.checkpoint()))
                    .entry());
        }
    }

    /** Another registry's evidence log takes the place of this one's. */
    void forgetEvidence() {
        evidence.clear();
        claimed = 0;
    }

    /** A log as the hashes of its leaves. */
    record Leaves(List<LeafHash> hashes) {

        static Leaves of(List<byte[]> entries) {
            return new Leaves(entries.stream().map(MerkleHash::leaf).toList());
        }

        NodeHash node(int level, long index) {
            return level == 0
                    ? hashes.get(Math.toIntExact(index)).asNode()
                    : MerkleHash.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
        }

        Frontier frontier() {
            Frontier frontier = Frontier.empty();
            for (LeafHash leaf : hashes) {
                frontier = frontier.append(leaf);
            }
            return frontier;
        }

        byte[] tile(TilePath.Hashes path) {
            List<NodeHash> row = new ArrayList<>();
            for (int i = 0; i < path.width(); i++) {
                row.add(node(path.tile().level() * Tile.HEIGHT, path.tile().n() * Tile.WIDTH + i));
            }
            return Tile.encode(row);
        }
    }

    Leaves log(Ledger ledger) {
        return Leaves.of(
                ledger.entries().stream().map(one -> one.leaf().encode()).toList());
    }

    /** The signed and cosigned checkpoint of the main log. */
    SignedNote logNote(Ledger ledger) {
        return note(ORIGIN, log(ledger).frontier(), logKeys);
    }

    /** The same of the evidence log. */
    SignedNote evidenceNote() {
        return note(EVIDENCE_ORIGIN, Leaves.of(evidence).frontier(), evidenceKeys);
    }

    private SignedNote note(String origin, Frontier tree, List<NotePrivateKey> keys) {
        return cosigned(new CheckpointText(origin, tree.treeSize(), tree.root()).format(), keys);
    }

    /** A text signed by these keys and by the witnesses. */
    SignedNote cosigned(String text, List<NotePrivateKey> keys) {
        SignedNote note = SignedNote.sign(
                text, COSIGNED, keys.stream().map(NotePrivateKey::signer).toList());
        for (Witness witness : witnesses) {
            if (witness.epochSeconds != null) {
                NoteSigner signer = witness.key.signer();
                note = note.with(signer.sign(text, witness.epochSeconds));
            }
        }
        return note;
    }

    /** A policy with the keys of both logs and all witnesses. */
    WitnessPolicy policy(int quorum) {
        List<WitnessPolicy.Log> logs = new ArrayList<>();
        for (List<NotePrivateKey> keys : List.of(logKeys, evidenceKeys)) {
            keys.forEach(key -> logs.add(new WitnessPolicy.Log(key.key(), Optional.empty())));
        }
        List<WitnessPolicy.Voter> voters = new ArrayList<>();
        witnesses.forEach(
                witness -> voters.add(new WitnessPolicy.Witness(witness.name, witness.key.key(), Optional.empty())));
        if (quorum == 0) {
            return new WitnessPolicy(logs, voters, WitnessPolicy.NO_QUORUM);
        }
        voters.add(new WitnessPolicy.Group("most", quorum, List.of("w1", "w2", "w3")));
        return new WitnessPolicy(logs, voters, "most");
    }

    /** The offline proof of a release. */
    TlogProof proof(Ledger ledger, PackageName name, SemVer version) {
        for (int i = 0; i < ledger.size(); i++) {
            Ledger.Entry one = ledger.entries().get(i);
            if (one.log().equals(name.logId()) && releases(one, version)) {
                return TlogProof.of(
                                InclusionProof.build(log(ledger)::node, i, ledger.size()),
                                logNote(ledger).format())
                        .withExtra(EnvelopeCodec.format(one.signed()));
            }
        }
        throw new IllegalArgumentException("no such release");
    }

    private static boolean releases(Ledger.Entry one, SemVer version) {
        try {
            return SignedPackageRecord.decode(one.signed()).contents().entries().stream()
                    .anyMatch(entry -> entry instanceof PackageEntry.Release release
                            && release.version().equals(version));
        } catch (dev.lair.registry.log.MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    RegistryConfig config(String url) {
        return new RegistryConfig(
                RegistryConfig.FORMAT_VERSION,
                url,
                Map.of("warg", List.of("v1")),
                Map.of(),
                new RegistryConfig.LogConfig(ORIGIN, url + "/log", keys(logKeys)),
                new RegistryConfig.LogConfig(EVIDENCE_ORIGIN, url + "/evidence", keys(evidenceKeys)),
                null,
                null);
    }

    private static List<String> keys(List<NotePrivateKey> keys) {
        return keys.stream().map(key -> key.key().text()).toList();
    }

    FakeRegistry.Answer answer(Ledger ledger, String path, String url) {
        return switch (path) {
            case TreePaths.CONFIG -> FakeRegistry.Answer.ok(config(url));
            case TreePaths.LOG_CHECKPOINT -> bytes(logNote(ledger).bytes());
            case TreePaths.EVIDENCE_CHECKPOINT -> bytes(evidenceNote().bytes());
            default -> file(ledger, path);
        };
    }

    private FakeRegistry.Answer file(Ledger ledger, String path) {
        if (path.startsWith(TreePaths.LOG + "/tile/")) {
            List<byte[]> entries = ledger.entries().stream()
                    .map(one -> entry.apply(one.leaf().encode()))
                    .toList();
            return tile(path.substring(TreePaths.LOG.length() + 1), log(ledger), entries);
        }
        if (path.startsWith(TreePaths.EVIDENCE + "/tile/")) {
            return tile(path.substring(TreePaths.EVIDENCE.length() + 1), Leaves.of(evidence), evidence);
        }
        if (path.startsWith(TreePaths.RECORDS + "/")) {
            TilePath.Entries bundle = TreePaths.parseRecords(path.substring(TreePaths.RECORDS.length() + 1));
            return part(bundle, ledger.entries())
                    .map(some -> bytes(RecordBundle.encode(
                            some.stream().map(Ledger.Entry::signed).toList())))
                    .orElseGet(FakeTree::nothing);
        }
        return nothing();
    }

    private static FakeRegistry.Answer tile(String path, Leaves leaves, List<byte[]> entries) {
        return switch (TilePath.parse(path)) {
            case TilePath.Hashes hashes ->
                (hashes.tile().n() * Tile.WIDTH + hashes.width())
                                        << (Tile.HEIGHT * hashes.tile().level())
                                > leaves.hashes().size()
                        ? nothing()
                        : bytes(leaves.tile(hashes));
            case TilePath.Entries bundle ->
                part(bundle, entries)
                        .map(some -> bytes(EntryBundle.encode(some)))
                        .orElseGet(FakeTree::nothing);
        };
    }

    private static <T> Optional<List<T>> part(TilePath.Entries bundle, List<T> all) {
        int from = Math.toIntExact(bundle.n() * Tile.WIDTH);
        return from + bundle.width() > all.size()
                ? Optional.empty()
                : Optional.of(all.subList(from, from + bundle.width()));
    }

    private static FakeRegistry.Answer bytes(byte[] body) {
        return new FakeRegistry.Answer(200, body, Map.of());
    }

    private static FakeRegistry.Answer nothing() {
        return FakeRegistry.Answer.error(WargError.message(404, "no such path"));
    }

    /** A text as the body of an answer. */
    static FakeRegistry.Answer text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
