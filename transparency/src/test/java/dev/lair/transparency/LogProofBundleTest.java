package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** warg protocol, section 3. No byte of a bundle is unauthenticated: any other bytes are refused. */
class LogProofBundleTest {

    private static final JsonNode LOG25 = Vectors.WARG.get("merkle").get("log25");

    @Test
    void balancedRootsEqualTheVectors() {
        for (Map.Entry<String, JsonNode> vector : LOG25.get("broots").properties()) {
            List<Long> numbers = numbers(PerfectSubtree.ofTree(Long.parseLong(vector.getKey())));
            assertThat(numbers).isEqualTo(Vectors.longs(vector.getValue()));
        }
    }

    @Test
    void walksEqualTheVectors() {
        for (JsonNode vector : LOG25.get("proofWalks")) {
            BalancedWalk walk = BalancedWalk.of(
                    subtree(vector.get("node").asLong()), vector.get("length").asLong());
            assertThat(numbers(walk.siblings())).isEqualTo(Vectors.longs(vector.get("siblings")));
            assertThat(numbers(walk.rightRoots())).isEqualTo(Vectors.longs(vector.get("lowerBroots")));
            assertThat(numbers(walk.leftRoots())).isEqualTo(Vectors.longs(vector.get("upperBroots")));
        }
    }

    private static PerfectSubtree subtree(long nodeNumber) {
        int level = Long.numberOfTrailingZeros(~nodeNumber);
        return new PerfectSubtree(level, nodeNumber >> (level + 1));
    }

    private static List<Long> numbers(List<PerfectSubtree> subtrees) {
        return subtrees.stream().map(PerfectSubtree::nodeNumber).toList();
    }

    @Test
    void aNodeNumberTellsLevelAndIndex() {
        for (long number = 0; number < 5000; number++) {
            assertThat(subtree(number).nodeNumber()).isEqualTo(number);
        }
        assertThat(new PerfectSubtree(0, 7).nodeNumber()).isEqualTo(14);
        assertThat(subtree(0xffff_ffffL)).isEqualTo(new PerfectSubtree(32, 0));
    }

    @Test
    void inclusionBundlesOfTheReferenceAreByteEqualAndVerify() throws ProofRejected {
        MemoryLog log = MemoryLog.ofText(LOG25.get("leavesUtf8"));
        for (JsonNode vector : LOG25.get("inclusion")) {
            long length = vector.get("length").asLong();
            List<Long> indexes = Vectors.longs(vector.get("indices"));
            LogProofBundle built = LogProofBundle.inclusion(log, length, indexes);
            assertThat(Vectors.hex(built.encode()))
                    .isEqualTo(vector.get("bundleHex").asString());
            LogProofBundle.parse(built.encode()).verifyInclusion(length, log.root(length), leaves(log, indexes));
        }
    }

    @Test
    void consistencyBundlesOfTheReferenceAreByteEqualAndVerify() throws ProofRejected {
        MemoryLog log = MemoryLog.ofText(LOG25.get("leavesUtf8"));
        for (JsonNode vector : LOG25.get("consistency")) {
            long from = vector.get("from").asLong();
            long to = vector.get("to").asLong();
            LogProofBundle built = LogProofBundle.consistency(log, from, to);
            assertThat(Vectors.hex(built.encode()))
                    .isEqualTo(vector.get("bundleHex").asString());
            LogProofBundle.parse(built.encode()).verifyConsistency(from, log.root(from), to, log.root(to));
        }
    }

    @Test
    void bundlesOfTheWorkedRegistryAreByteEqualAndVerify() throws ProofRejected {
        JsonNode worked = Vectors.WARG.get("workedRegistry");
        MemoryLog log = new MemoryLog();
        worked.get("records").forEach(record -> log.append(Vectors.hex(record.get("logLeafHex"))));
        JsonNode inclusion = worked.get("inclusion");
        assertThat(Vectors.base64(inclusion.get("response").get("log")))
                .isEqualTo(Vectors.hex(inclusion.get("logBundleHex")));
        assertInclusion(log, inclusion.get("request"), Vectors.hex(inclusion.get("logBundleHex")));
        for (String name : List.of("inclusionLength1", "inclusionLength2")) {
            assertInclusion(
                    log,
                    worked.get(name).get("request"),
                    Vectors.base64(worked.get(name).get("log")));
        }
        for (JsonNode vector : worked.get("consistency")) {
            long from = vector.get("from").asLong();
            long to = vector.get("to").asLong();
            byte[] expected = Vectors.base64(vector.get("proofBase64"));
            assertThat(LogProofBundle.consistency(log, from, to).encode()).isEqualTo(expected);
            LogProofBundle.parse(expected).verifyConsistency(from, log.root(from), to, log.root(to));
        }
    }

    private static void assertInclusion(MemoryLog log, JsonNode request, byte[] expected) throws ProofRejected {
        long length = request.get("logLength").asLong();
        List<Long> indexes = Vectors.longs(request.get("leafs"));
        assertThat(LogProofBundle.inclusion(log, length, indexes).encode()).isEqualTo(expected);
        LogProofBundle.parse(expected).verifyInclusion(length, log.root(length), leaves(log, indexes));
    }

    @Test
    void bundlesOfTheSecondWargLogAreByteEqual() throws ProofRejected {
        JsonNode warg = Vectors.TLOG.get("warg");
        MemoryLog log = new MemoryLog();
        warg.get("sequence").forEach(step -> log.append(Vectors.hex(step.get("log_leaf_hex"))));
        byte[] inclusion = Vectors.hex(warg.get("inclusion_bundle_len7_leaf2").get("hex"));
        byte[] consistency = Vectors.hex(warg.get("consistency_bundle_3_7").get("hex"));
        assertThat(LogProofBundle.inclusion(log, 7, List.of(2L)).encode()).isEqualTo(inclusion);
        assertThat(LogProofBundle.consistency(log, 3, 7).encode()).isEqualTo(consistency);
        assertEntries(inclusion, warg.get("inclusion_bundle_len7_leaf2").get("entries"));
        assertEntries(consistency, warg.get("consistency_bundle_3_7").get("entries"));
    }

    private static void assertEntries(byte[] bundle, JsonNode entries) throws ProofRejected {
        Map<Long, NodeHash> expected = new LinkedHashMap<>();
        entries.forEach(entry -> expected.put(entry.get(0).asLong(), NodeHash.ofBytes(Vectors.hex(entry.get(1)))));
        assertThat(LogProofBundle.parse(bundle).hashes()).isEqualTo(expected);
    }

    @Test
    void everyBundleUpToSize64RoundTripsAndVerifies() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(64);
        Random random = new Random(7);
        for (int size = 1; size <= 64; size++) {
            for (int index = 0; index < size; index++) {
                List<Long> asked = new ArrayList<>(List.of((long) index));
                for (int more = random.nextInt(4); more > 0; more--) {
                    long other = random.nextInt(size);
                    if (!asked.contains(other)) {
                        asked.add(other);
                    }
                }
                byte[] bytes = LogProofBundle.inclusion(log, size, asked).encode();
                LogProofBundle parsed = LogProofBundle.parse(bytes);
                assertThat(parsed.encode()).isEqualTo(bytes);
                parsed.verifyInclusion(size, log.root(size), leaves(log, asked));
            }
            for (int from = 1; from <= size; from++) {
                byte[] bytes = LogProofBundle.consistency(log, from, size).encode();
                LogProofBundle.parse(bytes).verifyConsistency(from, log.root(from), size, log.root(size));
            }
        }
    }

    @Test
    void anyOtherBytesOfAnInclusionBundleAreRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        List<Long> asked = List.of(0L, 5L, 12L);
        byte[] bytes = LogProofBundle.inclusion(log, 13, asked).encode();
        for (byte[] changed : Mutations.all(bytes)) {
            assertThatThrownBy(
                            () -> LogProofBundle.parse(changed).verifyInclusion(13, log.root(13), leaves(log, asked)))
                    .as(Vectors.hex(changed))
                    .isInstanceOf(ProofRejected.class);
        }
    }

    @Test
    void anyOtherBytesOfAConsistencyBundleAreRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        for (int from : new int[] {1, 6, 8, 13}) {
            byte[] bytes = LogProofBundle.consistency(log, from, 13).encode();
            for (byte[] changed : Mutations.all(bytes)) {
                assertThatThrownBy(() ->
                                LogProofBundle.parse(changed).verifyConsistency(from, log.root(from), 13, log.root(13)))
                        .as(Vectors.hex(changed))
                        .isInstanceOf(ProofRejected.class);
            }
        }
    }

    @Test
    void wrongLeavesSizesAndRootsAreRejected() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(14);
        LogProofBundle bundle = LogProofBundle.inclusion(log, 13, List.of(4L, 5L));
        Map<Long, LeafHash> right = leaves(log, List.of(4L, 5L));
        bundle.verifyInclusion(13, log.root(13), right);
        assertInclusionRejected(bundle, 12, log.root(12), right);
        assertInclusionRejected(bundle, 14, log.root(14), right);
        assertInclusionRejected(bundle, 13, log.root(12), right);
        assertInclusionRejected(bundle, 13, log.root(13), leaves(log, List.of(4L)));
        assertInclusionRejected(bundle, 13, log.root(13), leaves(log, List.of(4L, 6L)));
        assertInclusionRejected(bundle, 13, log.root(13), leaves(log, List.of(4L, 5L, 6L)));
        assertInclusionRejected(bundle, 13, log.root(13), Map.of());
        assertInclusionRejected(bundle, 13, log.root(13), Map.of(4L, log.leaf(5), 5L, log.leaf(4)));
        assertInclusionRejected(bundle, 13, log.root(13), Map.of(-1L, log.leaf(5), 5L, log.leaf(4)));
        assertInclusionRejected(bundle, 13, log.root(13), Map.of(Long.MAX_VALUE, log.leaf(5), 5L, log.leaf(4)));
        for (byte[] root : Mutations.flips(log.root(13).bytes())) {
            assertInclusionRejected(bundle, 13, RootHash.ofBytes(root), right);
        }
        for (byte[] leaf : Mutations.flips(log.leaf(4).bytes())) {
            assertInclusionRejected(bundle, 13, log.root(13), Map.of(4L, LeafHash.ofBytes(leaf), 5L, log.leaf(5)));
        }
    }

    @Test
    void wrongLengthsAndRootsOfConsistencyAreRejected() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(14);
        LogProofBundle bundle = LogProofBundle.consistency(log, 6, 13);
        bundle.verifyConsistency(6, log.root(6), 13, log.root(13));
        for (int from = 0; from <= 14; from++) {
            for (int to = 0; to <= 14; to++) {
                if (from != 6 || to != 13) {
                    assertConsistencyRejected(bundle, from, log.root(from), to, log.root(to));
                }
            }
        }
        for (byte[] root : Mutations.flips(log.root(6).bytes())) {
            assertConsistencyRejected(bundle, 6, RootHash.ofBytes(root), 13, log.root(13));
        }
        for (byte[] root : Mutations.flips(log.root(13).bytes())) {
            assertConsistencyRejected(bundle, 6, log.root(6), 13, RootHash.ofBytes(root));
        }
    }

    @Test
    void oneKindOfBundleDoesNotPassForTheOther() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        assertConsistencyRejected(LogProofBundle.inclusion(log, 8, List.of(3L)), 3, log.root(3), 8, log.root(8));
        assertInclusionRejected(LogProofBundle.consistency(log, 3, 8), 8, log.root(8), leaves(log, List.of(3L)));
    }

    @Test
    void aForkedLogIsNotConsistent() {
        MemoryLog log = MemoryLog.ofSingleBytes(12);
        MemoryLog forked = MemoryLog.of(12, i -> new byte[] {(byte) (i == 3 ? 99 : i)});
        assertConsistencyRejected(LogProofBundle.consistency(forked, 6, 12), 6, log.root(6), 12, forked.root(12));
        assertConsistencyRejected(LogProofBundle.consistency(log, 6, 12), 6, log.root(6), 12, forked.root(12));
    }

    @Test
    void aBundleWithAnUnusedHashIsRejected() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        byte[] unused = LogProofBundle.inclusion(log, 8, List.of(0L, 7L)).encode();
        byte[] narrowed = HexFormat.of().parseHex(Vectors.hex(unused).replace("1a02000e", "1a0100"));
        LogProofBundle bundle = LogProofBundle.parse(narrowed);
        assertInclusionRejected(bundle, 8, log.root(8), leaves(log, List.of(0L)));
    }

    @Test
    void aBundleThatAlsoStatesSomethingElseIsRejected() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        LogProofBundle both = new LogProofBundle(
                8,
                List.of(8L),
                List.of(14L),
                LogProofBundle.inclusion(log, 8, List.of(7L)).hashes());
        assertThatThrownBy(() -> both.verifyInclusion(8, log.root(8), leaves(log, List.of(7L))))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("states no consistency");
        LogProofBundle other = new LogProofBundle(
                8,
                List.of(3L),
                List.of(14L),
                LogProofBundle.consistency(log, 3, 8).hashes());
        assertThatThrownBy(() -> other.verifyConsistency(3, log.root(3), 8, log.root(8)))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("states no inclusion");
    }

    @Test
    void aBundleAboutTheEmptyOrAShorterLogIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        for (long from : new long[] {-1, 0, 9}) {
            LogProofBundle bundle = new LogProofBundle(8, List.of(from), List.of(), new TreeMap<>());
            assertThatThrownBy(() -> bundle.verifyConsistency(from, log.root(0), 8, log.root(8)))
                    .isInstanceOf(ProofRejected.class)
                    .hasMessageContaining("no consistency can be shown from " + from);
        }
    }

    @Test
    void aLeafThatTheLogDoesNotHaveIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(10);
        LogProofBundle beyond = new LogProofBundle(8, List.of(), List.of(18L), new TreeMap<>());
        assertThatThrownBy(() -> beyond.verifyInclusion(8, log.root(8), leaves(log, List.of(9L))))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("has no node 18");
        LogProofBundle fourth = LogProofBundle.inclusion(log, 8, List.of(4L));
        for (long wrapped : new long[] {Long.MIN_VALUE + 4, -4, Limits.MAX_WARG_LOG_LENGTH}) {
            assertThatThrownBy(() -> fourth.verifyInclusion(8, log.root(8), Map.of(wrapped, log.leaf(4))))
                    .isInstanceOf(ProofRejected.class)
                    .hasMessageContaining("can not name leaf " + wrapped);
        }
    }

    @Test
    void aLeafListedTwiceIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(8);
        LogProofBundle twice = LogProofBundle.inclusion(log, 8, List.of(1L, 1L));
        assertInclusionRejected(twice, 8, log.root(8), leaves(log, List.of(1L)));
        assertInclusionRejected(twice, 8, log.root(8), leaves(log, List.of(1L, 2L)));
    }

    @Test
    void aBundleThatNamesAnotherLogLengthIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        LogProofBundle inclusion = LogProofBundle.inclusion(log, 13, List.of(4L));
        assertInclusionRejected(
                new LogProofBundle(12, List.of(), inclusion.includedNodes(), inclusion.hashes()),
                13,
                log.root(13),
                leaves(log, List.of(4L)));
        LogProofBundle consistency = LogProofBundle.consistency(log, 6, 13);
        assertConsistencyRejected(
                new LogProofBundle(12, List.of(6L), List.of(), consistency.hashes()), 6, log.root(6), 13, log.root(13));
    }

    @Test
    void aBundleAboutSomethingElseIsRejectedEvenIfItsHashesFit() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        LogProofBundle inclusion = LogProofBundle.inclusion(log, 13, List.of(4L));
        assertInclusionRejected(
                new LogProofBundle(13, List.of(), List.of(10L), inclusion.hashes()),
                13,
                log.root(13),
                leaves(log, List.of(4L)));
        LogProofBundle consistency = LogProofBundle.consistency(log, 6, 13);
        assertConsistencyRejected(
                new LogProofBundle(13, List.of(5L), List.of(), consistency.hashes()), 6, log.root(6), 13, log.root(13));
    }

    @Test
    void aConsistencyBundleWithAnUnusedHashIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        TreeMap<Long, NodeHash> hashes =
                new TreeMap<>(LogProofBundle.consistency(log, 6, 13).hashes());
        assertThat(hashes.put(0L, log.node(0, 0))).isNull();
        assertConsistencyRejected(
                new LogProofBundle(13, List.of(6L), List.of(), hashes), 6, log.root(6), 13, log.root(13));
    }

    @Test
    void aBundleThatLacksAHashIsRejected() {
        MemoryLog log = MemoryLog.ofSingleBytes(13);
        LogProofBundle inclusion = LogProofBundle.inclusion(log, 13, List.of(4L));
        for (long missing : inclusion.hashes().keySet()) {
            TreeMap<Long, NodeHash> hashes = new TreeMap<>(inclusion.hashes());
            hashes.remove(missing);
            LogProofBundle lacking = new LogProofBundle(13, List.of(), inclusion.includedNodes(), hashes);
            assertThatThrownBy(() -> lacking.verifyInclusion(13, log.root(13), leaves(log, List.of(4L))))
                    .isInstanceOf(ProofRejected.class)
                    .hasMessageContaining("lacks the hash of node " + missing);
        }
    }

    @Test
    void unsortedDoubledShortAndUnknownFieldsAreMalformed() {
        String hash = "1220" + "ab".repeat(32);
        String node0 = "2222" + hash;
        String node1 = "22240801" + hash;
        assertMalformed("0802" + node1 + node0, "ascending");
        assertMalformed("0802" + node0 + node0, "ascending");
        assertMalformed("0802" + "2221121f" + "ab".repeat(31), "31 bytes");
        assertMalformed("0802" + "2200", "0 bytes");
        assertMalformed("0802" + "28" + "01", "no field");
        assertMalformed("0802" + "2224" + hash + "1801", "no field");
        assertMalformed("0802" + "1000", "no field");
        assertMalformed("0802" + "0802", "canonical");
        assertMalformed("0802" + "1800", "no field");
        assertMalformed("0882" + "00" + node0, "canonical");
        assertMalformed("0800" + node0, "canonical");
        assertMalformed(node0 + "0802", "canonical");
        assertMalformed("0802" + "1a00", "canonical");
        assertMalformed("0802" + "1a02" + "8000", "canonical");
        assertMalformed("08ffffffff0f", "number the nodes");
        assertMalformed("08818080" + "8008", "number the nodes");
        assertMalformed("08ffffffffff0f", "");
        assertMalformed("0802" + "1aff", "not a log proof bundle");
        assertMalformed("0802" + "1a05" + "00", "not a log proof bundle");
        assertMalformed("0802" + "1affffffff0f", "not a log proof bundle");
        assertMalformed("0802" + "0b0c", "no field");
        assertMalformed("00", "not a log proof bundle");
    }

    private static void assertMalformed(String hex, String reason) {
        assertThatThrownBy(() -> LogProofBundle.parse(HexFormat.of().parseHex(hex)))
                .as(hex)
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aBundleLongerThanTheLimitIsMalformed() {
        assertThatThrownBy(() -> LogProofBundle.parse(new byte[Limits.MAX_BUNDLE_BYTES + 1]))
                .isInstanceOf(ProofRejected.class)
                .hasMessageContaining("at most 16777216 bytes");
    }

    @Test
    void theEmptyBundleProvesNothing() throws ProofRejected {
        MemoryLog log = MemoryLog.ofSingleBytes(2);
        LogProofBundle nothing = LogProofBundle.parse(new byte[0]);
        assertInclusionRejected(nothing, 0, log.root(0), Map.of());
        assertInclusionRejected(nothing, 0, log.root(0), leaves(log, List.of(0L)));
        assertConsistencyRejected(nothing, 0, log.root(0), 0, log.root(0));
        assertThatThrownBy(() -> LogProofBundle.inclusion(log, 2, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LogProofBundle.consistency(log, 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> LogProofBundle.inclusion(log, 2, List.of(2L)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theLastLogThatWargCanNameWorksAndTheNextIsRefused() throws ProofRejected {
        long size = Limits.MAX_WARG_LOG_LENGTH;
        NodeReader same = (level, index) -> NodeHash.ofBytes(sameLeaves(level));
        LeafHash leaf = LeafHash.ofBytes(sameLeaves(0));
        long last = size - 1;
        byte[] bytes = LogProofBundle.inclusion(same, size, List.of(last)).encode();
        LogProofBundle parsed = LogProofBundle.parse(bytes);
        assertThat(parsed.includedNodes()).containsExactly(0xffff_fffeL);
        parsed.verifyInclusion(size, Frontier.read(same, size).root(), Map.of(last, leaf));
        LogProofBundle.parse(LogProofBundle.consistency(same, last, size).encode())
                .verifyConsistency(
                        last,
                        Frontier.read(same, last).root(),
                        size,
                        Frontier.read(same, size).root());
        assertThatThrownBy(() -> LogProofBundle.inclusion(same, size + 1, List.of(0L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LogProofBundle.consistency(same, 1, size + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A log whose leaves are all the same needs one hash per level. */
    private static byte[] sameLeaves(int level) {
        NodeHash hash = MerkleHash.leaf(new byte[0]).asNode();
        for (int i = 0; i < level; i++) {
            hash = MerkleHash.node(hash, hash);
        }
        return hash.bytes();
    }

    private static Map<Long, LeafHash> leaves(MemoryLog log, List<Long> indexes) {
        Map<Long, LeafHash> leaves = new HashMap<>();
        indexes.forEach(index -> leaves.put(index, log.leaf(index)));
        return leaves;
    }

    private static void assertInclusionRejected(
            LogProofBundle bundle, long size, RootHash root, Map<Long, LeafHash> leaves) {
        assertThatThrownBy(() -> bundle.verifyInclusion(size, root, leaves)).isInstanceOf(ProofRejected.class);
    }

    private static void assertConsistencyRejected(
            LogProofBundle bundle, long from, RootHash fromRoot, long to, RootHash toRoot) {
        assertThatThrownBy(() -> bundle.verifyConsistency(from, fromRoot, to, toRoot))
                .as("%d to %d", from, to)
                .isInstanceOf(ProofRejected.class);
    }
}
