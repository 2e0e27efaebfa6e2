package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One case per file in `src/test/resources/valid` and `invalid`: a new case needs a file, not Java. */
class WasmStructureTest {
    private static Stream<HexFile> cases(String folder) {
        Path resources = Workspace.repository().resolve("component-model/src/test/resources");
        return Workspace.files(resources.resolve(folder), ".hex").stream().map(HexFile::read);
    }

    @TestFactory
    Stream<DynamicTest> invalidBinaryIsRejectedWithRuleAndPlace() {
        return cases("invalid")
                .map(file -> DynamicTest.dynamicTest(
                        file.name(),
                        () -> assertThatThrownBy(() -> WasmStructure.check(file.bytes()))
                                .isInstanceOf(InvalidWasmException.class)
                                .hasMessage(file.expected())));
    }

    @TestFactory
    Stream<DynamicTest> validBinaryHasItsKindAndVerdict() {
        return cases("valid")
                .map(file -> DynamicTest.dynamicTest(file.name(), () -> {
                    WasmContent content = WasmStructure.check(file.bytes());
                    String verdict =
                            switch (content.coreCheck()) {
                                case CoreCheck.Valid() -> "";
                                case CoreCheck.NotChecked(String reason) -> ", not checked: " + reason;
                            };
                    assertThat(content.kind() + verdict).isEqualTo(file.expected());
                    assertThat(content.sizeBytes()).isEqualTo(file.bytes().remaining());
                }));
    }

    @Test
    void emptyContentIsAnUnexpectedEnd() {
        InvalidWasmException thrown =
                catchThrowableOfType(InvalidWasmException.class, () -> WasmStructure.check(ByteBuffer.allocate(0)));

        assertThat(thrown).hasMessage("unexpected end-of-file (at offset 0x0)");
        assertThat(thrown.offset()).isZero();
    }

    @Test
    void sectionsAreListedInOrderWithTheirPlace() throws Exception {
        HexFile file = HexFile.read(
                Workspace.repository().resolve("component-model/src/test/resources/valid/wit-package-marked.hex"));

        assertThat(WasmStructure.check(file.bytes()).sections())
                .isEqualTo(List.of(
                        new WasmSection(7, null, 10, 5),
                        new WasmSection(11, null, 17, 7),
                        new WasmSection(0, "wit-component-encoding", 49, 2)));
    }

    @Test
    void bufferKeepsItsPosition() throws Exception {
        HexFile file = HexFile.read(
                Workspace.repository().resolve("component-model/src/test/resources/valid/empty-component.hex"));
        ByteBuffer shifted = ByteBuffer.allocate(file.bytes().remaining() + 3);
        shifted.position(3).put(file.bytes().duplicate()).position(3);

        assertThat(WasmStructure.check(shifted).sizeBytes()).isEqualTo(8);
        assertThat(shifted.position()).isEqualTo(3);
    }
}
