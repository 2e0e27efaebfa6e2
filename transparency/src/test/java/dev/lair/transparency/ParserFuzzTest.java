package dev.lair.transparency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Random and randomly damaged bytes end in a value or in the parser's own exception, never in another one. */
class ParserFuzzTest {

    private static final int ROUNDS = 20_000;

    private interface Parser {
        void parse(byte[] bytes) throws Exception;
    }

    @Test
    void logBundles() {
        MemoryLog log = MemoryLog.ofSingleBytes(21);
        List<byte[]> seeds = List.of(
                LogProofBundle.inclusion(log, 21, List.of(0L, 9L, 20L)).encode(),
                LogProofBundle.consistency(log, 5, 21).encode());
        fuzz(seeds, ProofRejected.class, bytes -> {
            LogProofBundle bundle = LogProofBundle.parse(bytes);
            Assertions.assertThat(bundle.encode()).isEqualTo(bytes);
            try {
                bundle.verifyInclusion(21, log.root(21), Map.of(0L, log.leaf(0), 9L, log.leaf(9), 20L, log.leaf(20)));
            } catch (ProofRejected expected) {
                bundle.verifyConsistency(5, log.root(5), 21, log.root(21));
            }
        });
    }

    @Test
    void mapBundles() {
        SparseMap map = SparseMapTest.wargMap();
        LogId present = SparseMapTest.wargLog("test:a");
        LogId absent = SparseMapTest.wargLog("absent:pkg");
        List<byte[]> seeds = List.of(
                MapProofBundle.of(List.of(map.prove(present))).encode(),
                MapProofBundle.of(List.of(map.prove(absent), map.prove(present)))
                        .encode());
        fuzz(seeds, ProofRejected.class, bytes -> {
            MapProofBundle bundle = MapProofBundle.parse(bytes);
            Assertions.assertThat(bundle.encode()).isEqualTo(bytes);
            bundle.verifyPresence(
                    List.of(new MapProofBundle.Head(present, map.head(present).orElseThrow())), map.root());
        });
    }

    @Test
    void snapshots() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MapSnapshot(7, SparseMapTest.wargMap()).writeTo(out);
        fuzz(
                List.of(out.toByteArray()),
                MalformedSnapshotException.class,
                bytes -> MapSnapshot.readFrom(new ByteArrayInputStream(bytes)));
    }

    @Test
    void tilePaths() {
        List<byte[]> seeds = List.of(
                Vectors.utf8("tile/0/x001/x234/067.p/12"),
                Vectors.utf8("tile/entries/273.p/112"),
                Vectors.utf8("tile/63/x009/x223/x372/x036/x854/x775/807"));
        fuzz(seeds, MalformedTileException.class, bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Assertions.assertThat(TilePath.parse(text).format()).isEqualTo(text);
        });
    }

    @Test
    void entryBundles() {
        List<byte[]> seeds = List.of(EntryBundle.encode(List.of(new byte[3], new byte[0], new byte[160])));
        fuzz(
                seeds,
                MalformedTileException.class,
                bytes -> Assertions.assertThat(EntryBundle.encode(EntryBundle.parse(bytes, 3)))
                        .isEqualTo(bytes));
    }

    @Test
    void digests() {
        List<byte[]> seeds = List.of(Vectors.utf8(MerkleHash.EMPTY_ROOT.toString()));
        fuzz(seeds, MalformedDigestException.class, bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Assertions.assertThat(RootHash.parse(text).toString()).isEqualTo(text);
        });
    }

    @Test
    void checkpointTexts() {
        List<byte[]> seeds = List.of(
                Vectors.utf8(new CheckpointText("registry.example/log", 20852163, MerkleHash.EMPTY_ROOT).format()),
                Vectors.utf8(new CheckpointText("log", 0, MerkleHash.EMPTY_ROOT, List.of("a", "b")).format()));
        fuzz(seeds, MalformedCheckpointException.class, bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Assertions.assertThat(CheckpointText.parse(text).format()).isEqualTo(text);
        });
    }

    @Test
    void checkpointEvidence() {
        List<byte[]> seeds =
                List.of(new CheckpointEvidence("log", 7, MerkleHash.EMPTY_ROOT, MerkleHash.EMPTY_ROOT).entry());
        fuzz(
                seeds,
                MalformedCheckpointException.class,
                bytes -> Assertions.assertThat(CheckpointEvidence.parse(bytes).entry())
                        .isEqualTo(bytes));
    }

    @Test
    void attestationEvidence() {
        AttestationEvidence seed = new AttestationEvidence(
                "log", RecordId.ofBytes(new byte[32]), Digest.of(Vectors.utf8("an attestation")));
        fuzz(
                List.of(seed.entry()),
                MalformedCheckpointException.class,
                bytes -> Assertions.assertThat(AttestationEvidence.parse(bytes).entry())
                        .isEqualTo(bytes));
    }

    @Test
    void tlogProofs() {
        String vector = Vectors.TLOG.get("own_log").get("tlog_proof_index5").asString();
        byte[] seed = Vectors.utf8(vector.substring(0, 400));
        List<byte[]> seeds = List.of(Vectors.utf8(vector.substring(0, vector.indexOf("\n\n") + 20) + "\n"), seed);
        fuzz(seeds, ProofRejected.class, bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Assertions.assertThat(TlogProof.parse(text).format()).isEqualTo(text);
        });
    }

    @Test
    void base64() {
        List<byte[]> seeds = List.of(Vectors.utf8("SGVsbG8sIExhaXIhIQ=="));
        fuzz(seeds, MalformedBase64Exception.class, bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Assertions.assertThat(StrictBase64.encode(StrictBase64.decode(text)))
                    .isEqualTo(text);
        });
    }

    private static void fuzz(List<byte[]> seeds, Class<? extends Exception> rejection, Parser parser) {
        Random random = new Random(20260102);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] input = round % 4 == 0 ? noise(random) : damaged(random, seeds.get(random.nextInt(seeds.size())));
            try {
                parser.parse(input);
            } catch (Exception thrown) {
                Assertions.assertThat(thrown).as(Vectors.hex(input)).isInstanceOf(rejection);
            }
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damaged(Random random, byte[] seed) {
        byte[] bytes = seed.clone();
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(5));
                case 2 -> bytes = WargText.concat(Arrays.copyOf(bytes, at), noise(random), tail(bytes, at));
                case 3 ->
                    bytes = WargText.concat(Arrays.copyOf(bytes, at), tail(bytes, Math.min(bytes.length, at + 1)));
                default -> {
                    if (bytes.length > 0) {
                        bytes[at] = (byte) random.nextInt(256);
                    }
                }
            }
        }
        return bytes;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }
}
