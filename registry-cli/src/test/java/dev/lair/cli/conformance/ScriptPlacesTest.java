package dev.lair.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.cli.wit.Judgement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Where we and wasm-tools reject the same case of the shared corpus's scripts. */
class ScriptPlacesTest {
    private static final Pattern OFFSET = Pattern.compile("\\(at offset 0x([0-9a-f]+)\\)");

    private final List<String> before = new ArrayList<>();
    private int same;
    private int inside;

    @Test
    void rejectionsNameThePlaceThatTheOracleNamesOrOneInsideIt() throws Exception {
        Path scripts =
                Path.of("..", "..", "shared", "corpus", "wast").toAbsolutePath().normalize();
        boolean present = Files.isDirectory(scripts);
        if (!present) {
            System.err.println("SKIPPED: the shared corpus is absent");
        }
        Assumptions.assumeTrue(present, "the shared corpus is absent");
        for (Path index : CorpusFiles.below(scripts, "index.json")) {
            JsonNode script = CorpusFiles.json(index);
            for (JsonNode testCase : script.path("cases")) {
                if (testCase.has("wasm") && testCase.has("kind")) {
                    compare(scripts, index.resolveSibling(testCase.get("wasm").asString()), script, testCase);
                }
            }
        }
        // Two imports of one name: the oracle tells the end of the module, we the second import.
        assertThat(before)
                .containsExactly(
                        "component-model/test/validation/core-modules/007.wasm",
                        "component-model/test/validation/core-modules/008.wasm");
        assertThat(same).as("%d are further inside", inside).isGreaterThan(400);
    }

    private void compare(Path scripts, Path file, JsonNode script, JsonNode testCase) throws Fault {
        Judgement ours = Judgement.of(BinaryFile.map(file, file), Scripts.features(script, testCase));
        Matcher oracle = OFFSET.matcher(testCase.path("oracle").path("message").asString(""));
        if (!(ours instanceof Judgement.Invalid invalid) || !oracle.find()) {
            return;
        }
        long theirs = Long.parseLong(oracle.group(1), 16);
        same += invalid.offset() == theirs ? 1 : 0;
        inside += invalid.offset() > theirs ? 1 : 0;
        // The oracle places errors inside of types at the outermost type; ours are at the declaration within.
        if (invalid.offset() < theirs) {
            before.add(scripts.relativize(file).toString());
        }
    }
}
