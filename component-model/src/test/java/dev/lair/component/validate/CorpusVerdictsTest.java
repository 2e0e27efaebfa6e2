package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.CoreCheck;
import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Our verdicts on the shared corpus. The exceptions are those of docs/CONFORMANCE.md, which has the reasons. */
class CorpusVerdictsTest {
    /** Cases that their suite calls invalid because its runtime does not run them; the specification allows them. */
    private static final List<String> LIMITS_OF_A_RUNTIME = List.of(
            "wasmtime/tests/misc_testsuite/component-model/restrictions/000",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/001",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/002",
            "wasmtime/tests/misc_testsuite/component-model/restrictions/003",
            "wasmtime/tests/misc_testsuite/component-model/simple/004",
            "wasmtime/tests/misc_testsuite/component-model/simple/005");

    /** What the validator of core modules lacks; the components around them are checked in full. */
    private static final Set<String> NOT_CHECKED =
            Set.of("custom page sizes", "64-bit memory", "64-bit table", "garbage-collected types");

    @Test
    void scriptCasesAreJudgedAsTheirKindSays() throws Exception {
        List<WastCorpus.Part> parts = WastCorpus.judge();

        List<String> differ = new ArrayList<>();
        List<String> notChecked = new ArrayList<>();
        int cases = 0;
        int agree = 0;
        for (WastCorpus.Part part : parts) {
            System.out.println(part);
            differ.addAll(part.differ());
            notChecked.addAll(part.notChecked());
            cases += part.cases();
            agree += part.agree();
        }
        assertThat(differ)
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactlyElementsOf(LIMITS_OF_A_RUNTIME);
        assertThat(notChecked)
                .allSatisfy(line -> assertThat(NOT_CHECKED).contains(reason(line)))
                .hasSize(13);
        assertThat(cases).isEqualTo(1_030);
        assertThat(agree).isEqualTo(cases - differ.size() - notChecked.size());
    }

    private static String reason(String line) {
        String reason = line.substring(line.indexOf(": ") + 2);
        int place = reason.indexOf(" (at offset");
        return place < 0 ? reason : reason.substring(0, place);
    }

    @Test
    void rejectionsNameThePlaceThatTheOracleNamesOrOneInsideIt() throws Exception {
        int same = 0;
        int inside = 0;
        List<String> before = new ArrayList<>();
        for (WastCorpus.Place place : WastCorpus.places()) {
            same += place.ours() == place.oracle() ? 1 : 0;
            inside += place.ours() > place.oracle() ? 1 : 0;
            // The oracle places errors inside of types at the outermost type; ours are at the declaration within.
            if (place.ours() < place.oracle()) {
                before.add(place.name());
            }
        }
        // Two imports of one name: the oracle tells the end of the module, we the second import.
        assertThat(before)
                .containsExactly(
                        "component-model/test/validation/core-modules/007.wasm",
                        "component-model/test/validation/core-modules/008.wasm");
        assertThat(same).as("%d are further inside", inside).isGreaterThan(400);
    }

    /** Those that use built-ins which are not stable yet say so; a registry may allow them. */
    @Test
    void realComponentsAreValidAndThreeNeedAGatedFeature() throws Exception {
        List<Path> files = Workspace.files(Workspace.corpus("real"), ".wasm");

        assertThat(files).hasSize(46);
        List<String> gated = new ArrayList<>();
        for (Path file : files) {
            Verdict verdict;
            try {
                verdict = ComponentValidator.validate(Workspace.map(file), FeatureSet.stable());
            } catch (InvalidComponentException e) {
                gated.add(file.getFileName() + " " + e.missingFeature());
                verdict = ComponentValidator.validate(Workspace.map(file), FeatureSet.all());
            }
            assertThat(verdict).as(file.toString()).isInstanceOf(Verdict.Valid.class);
            Verdict.Valid valid = (Verdict.Valid) verdict;
            assertThat(valid.coreModules()).as(file.toString()).isEqualTo(new CoreCheck.Valid());
            assertThat(valid.component().workSteps()).as(file.toString()).isLessThan(100_000);
        }
        assertThat(gated)
                .containsExactly(
                        "async-round-trip-many-stackful.wasm async-stackful",
                        "async-round-trip-stackful.wasm async-stackful",
                        "async-synchronous-transmit.wasm more-async-builtins");
    }

    @Test
    void whatOtherToolsEncodeIsValid() throws Exception {
        int components = 0;
        for (String folder : List.of("wit-components", "wit-interfaces", "wit-package-binary")) {
            for (Path file : Workspace.files(Workspace.corpus(folder), ".wasm")) {
                ByteBuffer bytes = Workspace.map(file);
                boolean coreModule = bytes.get(6) == 0;
                if (!coreModule) {
                    Verdict verdict = ComponentValidator.validate(bytes, FeatureSet.all());
                    assertThat(verdict).as(file.toString()).isInstanceOf(Verdict.Valid.class);
                    components++;
                }
            }
        }
        assertThat(components).isGreaterThan(75);
    }
}
