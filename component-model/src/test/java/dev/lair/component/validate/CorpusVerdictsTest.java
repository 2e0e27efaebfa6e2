package dev.lair.component.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.CoreCheck;
import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our verdicts on the components of the shared corpus. Its scripts are judged by `lair conformance` and its test. */
class CorpusVerdictsTest {
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
