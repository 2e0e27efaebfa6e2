package dev.lair.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The benches run, on sizes that measure nothing, and print the keys that others read. */
class BenchKeysTest {

    @TempDir
    private Path work;

    @Test
    void ledgerPrintsItsKeys() throws Exception {
        Findings findings = new LedgerBench(workplace(), Scale.SMOKE).run(List.of(LedgerBench.Store.SQLITE));
        JsonNode json = JsonMapper.shared().readTree(findings.line());
        assertThat(json.get("sqlite").propertyNames())
                .contains(
                        "records_per_second",
                        "batch",
                        "map_packages",
                        "http_publishes_per_second",
                        "publish_to_proof_p50_ms",
                        "publish_to_proof_p99_ms",
                        "witnessed_p99_ms");
        assertThat(json.get("postgres").get("why_null").asString()).isEqualTo("not asked for");
    }

    @Test
    void proofsPrintsItsKeys() throws Exception {
        LargeLedger large = LargeLedger.open(workplace(), Scale.SMOKE);
        Findings findings = ProofsBench.measured(large.settings(), Scale.SMOKE.proofs());
        assertThat(JsonMapper.shared().readTree(findings.line()).propertyNames())
                .contains(
                        "leaves",
                        "inclusion_p50_ms",
                        "inclusion_p99_ms",
                        "consistency_p99_ms",
                        "packages",
                        "map_p99_ms",
                        "heap_mb");
    }

    @Test
    void startPrintsItsKeys() throws Exception {
        Findings findings = new StartBench(workplace(), Scale.SMOKE).run();
        assertThat(JsonMapper.shared().readTree(findings.line()).propertyNames())
                .contains("leaves", "first_answer_s", "first_proof_s", "rss_mb");
    }

    @Test
    void validatePrintsItsKeys() throws Exception {
        Path root = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
        Findings findings = new ValidateBench(workplace(), root, ValidateBench.Times.SMOKE).run();
        JsonNode json = JsonMapper.shared().readTree(findings.line());
        assertThat(json.propertyNames())
                .contains("files", "median_ratio_over_1mb", "largest_ms", "peak_heap_factor", "warm_up");
        assertThat(json.get("files"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.propertyNames())
                        .contains("name", "bytes", "ours_ms", "oracle_node_ms", "ratio"));
        assertThat(json.get("peak_heap_factor").asDouble()).isPositive();
    }

    @Test
    void searchPrintsItsKeys() throws Exception {
        Findings findings = new SearchBench(workplace(), SearchBench.Size.SMOKE).run();
        JsonNode json = JsonMapper.shared().readTree(findings.line());
        assertThat(json.propertyNames()).contains("versions", "p50_ms", "p95_ms", "rebuild_per_second");
        assertThat(json.get("versions").asInt()).isEqualTo(100);
        assertThat(json.get("hits_per_search").asDouble()).isPositive();
    }

    private Workplace workplace() {
        ServerProcess.Program server = ServerProcess.Program.classes(System.getProperty("java.class.path"));
        PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        List<String> bench = List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName());
        return new Workplace(work, server, List.of(), bench, new Console(nobody));
    }
}
