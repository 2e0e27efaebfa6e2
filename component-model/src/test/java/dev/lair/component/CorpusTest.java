package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.inspect.Validity;
import dev.lair.component.validate.FeatureSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kinds of binaries of others: packages encoded by wasm-tools, and our own example. */
class CorpusTest {
    private static void assertValid(Path file, WasmKind kind) {
        BinaryFacts facts = BinaryInspector.inspect(Workspace.map(file), FeatureSet.all());
        assertThat(facts.kind()).as(file.toString()).isEqualTo(kind);
        assertThat(facts.validity()).as(file.toString()).isEqualTo(new Validity.Valid(new CoreCheck.Valid()));
    }

    @Test
    void encodedWitIsAWitPackage() {
        for (String folder : List.of("wit-package-binary", "wit-interfaces")) {
            List<Path> files = Workspace.files(Workspace.corpus(folder), ".wasm");
            assertThat(files).isNotEmpty();
            files.forEach(file -> assertValid(file, WasmKind.WIT_PACKAGE));
        }
    }

    @Test
    void ownExampleHasItsKinds() {
        Path greeter = Workspace.repository().resolve("examples/greeter");
        assertValid(greeter.resolve("greeter.wasm"), WasmKind.COMPONENT);
        assertValid(greeter.resolve("greeter-wit.wasm"), WasmKind.WIT_PACKAGE);
    }
}
