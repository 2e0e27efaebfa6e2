package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Binaries of others: real components, packages encoded by wasm-tools, and our own example. */
class CorpusTest {
    @Test
    void realComponentsAreComponentsWithValidModules() throws Exception {
        List<Path> files = Workspace.files(Workspace.corpus("real"), ".wasm");

        assertThat(files).hasSize(46);
        for (Path file : files) {
            WasmContent content = WasmStructure.check(Workspace.map(file));
            assertThat(content.kind()).as(file.toString()).isEqualTo(WasmContent.Kind.COMPONENT);
            assertThat(content.coreCheck()).as(file.toString()).isEqualTo(new CoreCheck.Valid());
        }
    }

    @Test
    void encodedWitIsAWitPackage() throws Exception {
        for (String folder : List.of("wit-package-binary", "wit-interfaces")) {
            List<Path> files = Workspace.files(Workspace.corpus(folder), ".wasm");
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                WasmContent content = WasmStructure.check(Workspace.map(file));
                assertThat(content.kind()).as(file.toString()).isEqualTo(WasmContent.Kind.WIT_PACKAGE);
            }
        }
    }

    /**
     * The malformed cases of these scripts break rules inside sections, which structure does not know; so the claim is
     * the other way round: nothing valid is refused, and each refusal is of a case that is invalid.
     */
    @Test
    void onlyInvalidCasesOfTheScriptsAreRejected() throws Exception {
        JsonMapper json = new JsonMapper();
        int valid = 0;
        List<String> rejected = new ArrayList<>();
        for (Path index : Workspace.files(Workspace.corpus("wast"), "index.json")) {
            for (JsonNode testCase : json.readTree(index.toFile()).path("cases")) {
                String kind = testCase.path("kind").asString("");
                if (kind.isEmpty() || !testCase.has("wasm")) {
                    continue;
                }
                Path file = index.resolveSibling(testCase.get("wasm").asString());
                try {
                    WasmStructure.check(Workspace.map(file));
                    valid += kind.equals("valid") ? 1 : 0;
                } catch (InvalidWasmException e) {
                    assertThat(kind).as("%s: %s", file, e.getMessage()).isNotEqualTo("valid");
                    rejected.add(testCase.get("file").asString() + ":"
                            + testCase.get("line").asInt());
                }
            }
        }
        assertThat(valid).isGreaterThan(480);
        assertThat(rejected).containsExactly("test/validation/core-modules.wast:24");
    }

    @Test
    void ownExampleHasItsKinds() throws Exception {
        Path greeter = Workspace.repository().resolve("examples/greeter");

        WasmContent component = WasmStructure.check(Workspace.map(greeter.resolve("greeter.wasm")));
        assertThat(component.kind()).isEqualTo(WasmContent.Kind.COMPONENT);
        assertThat(component.coreCheck()).isEqualTo(new CoreCheck.Valid());

        WasmContent wit = WasmStructure.check(Workspace.map(greeter.resolve("greeter-wit.wasm")));
        assertThat(wit.kind()).isEqualTo(WasmContent.Kind.WIT_PACKAGE);
    }
}
