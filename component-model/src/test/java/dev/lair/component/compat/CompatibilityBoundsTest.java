package dev.lair.component.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.Workspace;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile input: there is a verdict or the typed exception, after bounded work. */
class CompatibilityBoundsTest {
    @Test
    void damagedBinariesHaveAVerdictOrTheTypedException() throws Exception {
        Path greeter = Workspace.repository().resolve("examples/greeter");
        int verdicts = 0;
        int refused = 0;
        Random random = new Random(3);
        for (String name : new String[] {"greeter.wasm", "greeter-wit.wasm"}) {
            byte[] binary = Files.readAllBytes(greeter.resolve(name));
            for (int i = 0; i < 2_000; i++) {
                byte[] damaged = binary.clone();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                try {
                    CompatibilityCheck.binaries(
                            ByteBuffer.wrap(binary),
                            ByteBuffer.wrap(damaged),
                            FeatureSet.stable(),
                            VersionStep.UNVERSIONED);
                    verdicts++;
                } catch (IncomparableException typed) {
                    refused++;
                }
            }
        }
        assertThat(verdicts).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    /** Types under new names double at each level, so that comparing them without memory would take 2^60 steps. */
    @Test
    @Timeout(10)
    void typesThatDoubleAtEachLevelAreComparedOnce() throws Exception {
        assertThat(CompatibilityCheck.packages(doubling("a", "u8"), doubling("b", "u16"))
                        .isPermitted())
                .isFalse();
    }

    private static Resolved doubling(String prefix, String result) throws Exception {
        StringBuilder text = new StringBuilder("package a:b@0.2.0;\ninterface i {\n  type " + prefix + "0 = u8;\n");
        for (int i = 1; i <= 60; i++) {
            text.append("  type %s%d = tuple<%s%d, %s%d>;%n".formatted(prefix, i, prefix, i - 1, prefix, i - 1));
        }
        text.append("  f: func(a: ").append(prefix).append("60) -> ").append(result);
        return resolve(text.append(";\n}\n").toString());
    }

    @Test
    @Timeout(10)
    void worldsOfManyItemsInAnotherOrderAreComparedInTime() throws Exception {
        int items = 3_000;
        StringBuilder forwards = new StringBuilder("package a:b@0.2.0;\nworld w {\n");
        StringBuilder backwards = new StringBuilder("package a:b@0.2.1;\nworld w {\n");
        for (int i = 0; i < items; i++) {
            forwards.append("  import item").append(i).append(": func();\n");
            backwards.append("  import item").append(items - 1 - i).append(": func();\n");
        }
        Compatibility verdict = CompatibilityCheck.packages(
                resolve(forwards.append("}\n").toString()),
                resolve(backwards.append("}\n").toString()));
        assertThat(verdict.level()).isEqualTo(Compatibility.Level.UNCHANGED);
    }

    private static Resolved resolve(String text) throws Exception {
        return new WitResolver(Features.ALL).resolve(SourceGroup.of("text", text));
    }
}
