package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.inspect.BinaryFacts;
import dev.lair.component.inspect.BinaryInspector;
import dev.lair.component.inspect.Validity;
import dev.lair.component.validate.ComponentValidator;
import dev.lair.component.validate.FeatureSet;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One case per file in `src/test/resources/valid` and `invalid`: a new case needs a file, not Java. */
class BinaryFixturesTest {
    private static Stream<HexFile> cases(String folder) {
        return Workspace.files(
                        Workspace.repository()
                                .resolve("component-model/src/test/resources")
                                .resolve(folder),
                        ".hex")
                .stream()
                .map(HexFile::read);
    }

    @TestFactory
    Stream<DynamicTest> invalidBinaryIsRejectedWithRuleAndPlace() {
        return cases("invalid")
                .map(file -> DynamicTest.dynamicTest(
                        file.name(),
                        () -> assertThatThrownBy(() -> validate(file.bytes()))
                                .isInstanceOfAny(InvalidWasmException.class, InvalidComponentException.class)
                                .hasMessage(file.expected())));
    }

    private static void validate(ByteBuffer bytes) throws InvalidWasmException, InvalidComponentException {
        if (WasmKind.saysComponent(bytes)) {
            ComponentValidator.validate(bytes, FeatureSet.stable());
        } else {
            CoreValidator.validate(bytes);
        }
    }

    @TestFactory
    Stream<DynamicTest> validBinaryHasItsKindAndVerdict() {
        return cases("valid")
                .map(file -> DynamicTest.dynamicTest(file.name(), () -> {
                    BinaryFacts facts = BinaryInspector.inspect(file.bytes(), FeatureSet.stable());
                    assertThat(facts.validity()).isInstanceOf(Validity.Valid.class);
                    String verdict =
                            switch (((Validity.Valid) facts.validity()).coreModules()) {
                                case CoreCheck.Valid() -> "";
                                case CoreCheck.NotChecked(String reason) -> ", not checked: " + reason;
                            };
                    assertThat(facts.kind() + verdict).isEqualTo(file.expected());
                    assertThat(facts.sizeBytes()).isEqualTo(file.bytes().remaining());
                }));
    }

    @Test
    void bufferKeepsItsPosition() throws Exception {
        byte[] module = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
        ByteBuffer shifted = ByteBuffer.allocate(module.length + 3);
        shifted.position(3).put(module).position(3);

        assertThat(CoreValidator.validate(shifted)).isEqualTo(new CoreCheck.Valid());
        assertThat(shifted.position()).isEqualTo(3);
    }
}
