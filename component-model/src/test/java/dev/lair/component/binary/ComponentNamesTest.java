package dev.lair.component.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentNamesTest {
    private static Section.Custom section(String name, byte[] data) {
        return new Section.Custom(0, name, ByteBuffer.wrap(data));
    }

    @Test
    void theComponentAndItsDefinitionsHaveNames() {
        byte[] data = new ByteSink()
                .section(0, body -> body.name("greeter"))
                .section(
                        1,
                        body -> body.u8(0x00).u8(0x11).unsigned(1).unsigned(3).name("main"))
                .section(
                        1,
                        body -> body.u8(0x03)
                                .unsigned(2)
                                .unsigned(0)
                                .name("t")
                                .unsigned(5)
                                .name("u"))
                .section(9, body -> body.name("of a later version"))
                .toByteArray();

        assertThat(ComponentNames.read(section("component-name", data)))
                .contains(new ComponentNames(
                        "greeter", Map.of(Sort.CORE_MODULE, Map.of(3, "main"), Sort.TYPE, Map.of(0, "t", 5, "u"))));
    }

    @Test
    void aBrokenOrOtherSectionHasNone() {
        byte[] broken = new ByteSink().u8(0).unsigned(40).name("x").toByteArray();
        assertThat(ComponentNames.read(section("component-name", broken))).isEmpty();
        assertThat(ComponentNames.read(section("name", new byte[0]))).isEmpty();
    }
}
